import type { ProblemError } from '@michinori/runtime';
import type { z } from 'zod';
import { QuestionError } from '../question-error.ts';
import { describeIssues } from './findings.ts';

/** A QuestionError that names the first finding in its sentence and all of them in `errors`. */
export function invalidQuestion(findings: readonly ProblemError[]): QuestionError {
  const [first] = findings;
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : '';
  const detail =
    first === undefined ? "The question can't be understood." : `${first.pointer || '/'} ${first.message}${more}`;
  return new QuestionError('invalid_request', detail, findings);
}

/** Checks a value with a schema; a QuestionError with every finding otherwise. */
export function readQuestion<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalidQuestion(describeIssues(schema, parsed.error, input));
}

/** Fastify's validator compiler for Zod schemas. */
export function questionValidator({ schema }: { schema: z.ZodType }) {
  return (data: unknown): { value: unknown } | { error: Error } => {
    try {
      return { value: readQuestion(schema, data) };
    } catch (error) {
      return { error: error instanceof Error ? error : new Error(String(error)) };
    }
  };
}
