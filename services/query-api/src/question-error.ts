import type { ProblemError } from '@michinori/runtime';
import { type ProblemCode, problems } from './problems.ts';

/** A question that can't be answered, as the asker is told of it. */
export class QuestionError extends Error {
  readonly code: ProblemCode;
  readonly errors: readonly ProblemError[];

  constructor(code: ProblemCode, detail: string, errors: readonly ProblemError[] = []) {
    super(detail);
    this.name = 'QuestionError';
    this.code = code;
    this.errors = errors;
  }

  /** The problem+json body (RFC 9457). */
  toProblem() {
    return problems.problem(this.code, this.message, this.errors);
  }
}
