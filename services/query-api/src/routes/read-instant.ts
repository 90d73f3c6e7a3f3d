import { parseInstant } from '@michinori/events';
import { invalidQuestion } from '../question/validator.ts';

/** Ends of an open range: the year 1970 and 2100, µs since the epoch. */
const earliestUs = 0;
const latestUs = 4_102_444_800_000_000;

/** A time of the question, µs since the epoch. @throws QuestionError that points at `/parameter` */
export function readInstant(parameter: string, text: string): number {
  const parsed = parseInstant(text);
  if (parsed.ok) return parsed.us;
  const message = `must be a time like 2026-01-31T09:00:00Z, not "${text.slice(0, 60)}"`;
  throw invalidQuestion([{ pointer: `/${parameter}`, message }]);
}

/**
 * The range of two optional parameters, in µs since the epoch; `to` is exclusive.
 *
 * @throws QuestionError for a text that is no time, and for an empty range
 */
export function readRange({ from, to }: { from?: string | undefined; to?: string | undefined }): {
  fromUs: number;
  toUs: number;
} {
  const fromUs = from === undefined ? earliestUs : readInstant('from', from);
  const toUs = to === undefined ? latestUs : readInstant('to', to);
  if (fromUs >= toUs) throw invalidQuestion([{ pointer: '/to', message: 'must be later than from' }]);
  return { fromUs, toUs };
}
