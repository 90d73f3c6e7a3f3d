import { parseInstant } from '@michinori/events';
import { QuestionError } from '../question-error.ts';

/** Ends of an open range: the year 1970 and 2100, µs since the epoch. */
export const earliestUs = 0;
export const latestUs = 4_102_444_800_000_000;

/** An ISO 8601 time with a zone, as µs since the epoch; a QuestionError that names the parameter otherwise. */
export function readInstant(parameter: string, text: string): number {
  const parsed = parseInstant(text);
  if (parsed.ok) return parsed.us;
  const message = `must be a time like 2026-01-31T09:00:00Z, not "${text.slice(0, 60)}"`;
  throw new QuestionError('invalid_request', `${parameter} ${message}`, [{ pointer: `/${parameter}`, message }]);
}
