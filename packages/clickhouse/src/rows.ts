import { z } from 'zod';
import { clientError } from './error.ts';

/** Parses a JSON array of rows with the query's row schema. Errors name the query, the row and the field. */
export function parseRows<R>(query: string, row: z.ZodType<R>, text: string): R[] {
  const rows = parseJson(query, text);
  return rows.map((value, index) => {
    const parsed = row.safeParse(value);
    if (parsed.success) return parsed.data;
    const issues = z.prettifyError(parsed.error).replaceAll('\n', ' ');
    throw clientError('BAD_ROW', `query ${query}, row ${index}: ${issues}`, parsed.error);
  });
}

function parseJson(query: string, text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
  } catch (cause) {
    throw clientError('ANSWER_INTERRUPTED', `query ${query}: the answer is not complete JSON`, cause);
  }
  throw clientError('UNEXPECTED_ANSWER', `query ${query}: the answer is not a list of rows`);
}
