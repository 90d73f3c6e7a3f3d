import { STATUS_CODES } from 'node:http';
import { MichinoriError } from './michinori-error.ts';

/** One finding inside a refused request; `pointer` is a JSON pointer (RFC 6901) into the body, or a parameter's name. */
export interface ProblemError {
  pointer: string;
  message: string;
}

/** A problem+json body (RFC 9457). `code` is the stable name that programs compare; `detail` is for people. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors?: ProblemError[];
}

export interface ProblemKind {
  status: number;
  title: string;
}

export const problemContentType = 'application/problem+json';

/**
 * A closed list of the problems that a service answers with. `problem` makes a body for one of them; a code outside the
 * list is a bug and throws `problem_code`. `codes` is what the service's documentation test compares with its page.
 */
export function createProblemRegistry<const K extends Record<string, ProblemKind>>(kinds: K) {
  for (const [code, { status, title }] of Object.entries(kinds)) {
    const isError = STATUS_CODES[status] !== undefined && status >= 400 && status <= 599;
    if (!/^[a-z][a-z0-9_]*$/.test(code) || !isError || title.length === 0) {
      throw new MichinoriError('problem_code', `"${code}" (${status}) is not a valid kind of problem.`);
    }
  }
  return {
    kinds,
    codes: Object.keys(kinds) as (keyof K & string)[],

    problem(code: keyof K & string, detail: string, errors?: readonly ProblemError[]): Problem {
      const kind = Object.hasOwn(kinds, code) ? kinds[code] : undefined;
      if (kind === undefined) throw new MichinoriError('problem_code', `The problem "${code}" is not registered.`);
      return {
        type: `urn:michinori:problem:${code}`,
        title: kind.title,
        status: kind.status,
        code,
        detail,
        ...(errors === undefined || errors.length === 0 ? {} : { errors: [...errors] }),
      };
    },
  };
}

export type ProblemRegistry<K extends Record<string, ProblemKind>> = ReturnType<typeof createProblemRegistry<K>>;

interface ProblemReply {
  code(status: number): unknown;
  type(contentType: string): unknown;
  send(body: unknown): unknown;
}

/** Answers a Fastify request with a problem: status, content type and body in one place. Returns the reply. */
export function sendProblem<R extends ProblemReply>(reply: R, problem: Problem): R {
  reply.code(problem.status);
  reply.type(problemContentType);
  reply.send(JSON.stringify(problem));
  return reply;
}
