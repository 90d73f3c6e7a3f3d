/** What is wrong at one place of a question. */
export interface ProblemPlace {
  /** JSON pointer into the body, or `/parameter` of the query string. */
  pointer: string;
  message: string;
}

/** Codes that the client gives itself; all others are the server's. */
export const clientCodes = ['no_answer', 'answer_cut', 'unexpected_answer'] as const;

interface ProblemFacts {
  code: string;
  status: number;
  title: string;
  detail: string;
  errors?: readonly ProblemPlace[];
  retryAfterSeconds?: number | null;
}

/**
 * A refused or failed question. Programs compare `code`; `errors` says where the question is wrong. Codes of the server:
 * `services/query-api/docs/errors.md`; of the client: `docs/errors.md`.
 */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  readonly title: string;
  readonly errors: readonly ProblemPlace[];
  /** What the server asked to wait before the question is asked again. */
  readonly retryAfterSeconds: number | null;

  constructor({ code, status, title, detail, errors = [], retryAfterSeconds = null }: ProblemFacts, cause?: unknown) {
    super(detail === '' ? title : detail, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = status;
    this.title = title;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The request had no answer: nobody listens, the name is unknown, the connection broke. */
export function noAnswer(address: string, cause: unknown): ProblemError {
  const detail = `${address} does not answer: ${reasonOf(cause)}`;
  return new ProblemError({ code: 'no_answer', status: 0, title: 'No answer', detail }, cause);
}

/** The answer began and did not come to its end. */
export function answerCut(status: number, cause: unknown): ProblemError {
  const detail = `The answer ended too early: ${reasonOf(cause)}`;
  return new ProblemError({ code: 'answer_cut', status, title: 'The answer was cut', detail }, cause);
}

/** Something answered that isn't the query API, e.g. a proxy. */
export function unexpectedAnswer(status: number, text: string, retryAfterSeconds: number | null = null): ProblemError {
  const detail = `Status ${status} with something that the query API doesn't say: ${text.slice(0, 200)}`;
  return new ProblemError({ code: 'unexpected_answer', status, title: 'Not an answer', detail, retryAfterSeconds });
}

/** Reads a refusal, as problem+json where it is one. */
export function refusal(status: number, text: string, retryAfterSeconds: number | null): ProblemError {
  const body = parse(text);
  if (typeof body?.code !== 'string') return unexpectedAnswer(status, text, retryAfterSeconds);
  const { code, title = '', detail = '', errors = [] } = body;
  return new ProblemError({ code, status, title, detail, errors, retryAfterSeconds });
}

function parse(text: string): Partial<ProblemFacts> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** `fetch` hides what happened in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
