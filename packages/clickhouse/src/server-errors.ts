import { ClickHouseError as HttpError, parseError } from '@clickhouse/client';
import { ClickHouseError, clientError, serverError } from './error.ts';

/** Where in a request the failure was met. */
export type ServerPhase = 'request' | 'answer';

/** Any error of the HTTP client as a ClickHouseError. */
export function classifyServerError(what: string, error: unknown, phase: ServerPhase): ClickHouseError {
  if (error instanceof ClickHouseError) return error;
  if (error instanceof HttpError)
    return serverError(Number(error.code), `${error.message}(${error.type})`, what, error);
  const { code, message } = error as { code?: unknown; message?: unknown };
  const text = `${what}: ${typeof message === 'string' && message !== '' ? message : String(code ?? 'no message')}`;
  if (message === 'Timeout error.') return clientError('REQUEST_TIMEOUT', text, error);
  if (phase === 'answer') return clientError('ANSWER_INTERRUPTED', text, error);
  if (typeof code === 'string') return clientError('CONNECTION_FAILED', text, error);
  return clientError('UNEXPECTED_ANSWER', text.slice(0, 500), error);
}

const marker = '__exception__';

/**
 * Finds an exception that the server wrote behind a status of 200. Since 25.11 it stands between `__exception__` marks
 * that carry the tag of the header `X-ClickHouse-Exception-Tag`; before, it was the last line of the text.
 */
export function exceptionInAnswer(what: string, text: string, tag: string | undefined): ClickHouseError | null {
  const start = text.lastIndexOf('Code: ');
  if (start < 0) return null;
  const marked = tag !== undefined && text.includes(`${marker}\r\n${tag}`);
  const unmarked = /(^|\n)Code: \d+\. DB::Exception: [^\n]*\n?$/.test(text);
  if (!marked && !unmarked) return null;
  const error = parseError(text.slice(start));
  return error instanceof HttpError ? classifyServerError(what, error, 'answer') : null;
}
