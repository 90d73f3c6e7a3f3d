import { addDays, dateIn, startOfDate } from './zone.ts';

/** The days that a page is about: the last ones, today included, or from one date to another, both included. */
export type Range = { kind: 'last'; days: number } | { kind: 'dates'; first: string; last: string };

/** Ranges to choose from with one click, in days. */
export const usualDays = [7, 30, 90, 180, 365] as const;
export const defaultRange: Range = { kind: 'last', days: 90 };

const daysMax = 3650;
const date = /^\d{4}-\d{2}-\d{2}$/;

/** Reads `90d` or `2026-01-01..2026-03-31`; anything else is the default. */
export function readRange(text: string | null): Range {
  const days = Number(/^(\d{1,4})d$/.exec(text ?? '')?.[1]);
  if (days >= 1 && days <= daysMax) return { kind: 'last', days };
  const [first = '', last = ''] = (text ?? '').split('..');
  return isDate(first) && isDate(last) && first <= last ? { kind: 'dates', first, last } : defaultRange;
}

export function writeRange(range: Range): string {
  return range.kind === 'last' ? `${range.days}d` : `${range.first}..${range.last}`;
}

/** First and last date of a range, as they stand in the two date fields. */
export function datesOf(range: Range, zone: string, nowMs: number): { first: string; last: string } {
  if (range.kind === 'dates') return { first: range.first, last: range.last };
  const today = dateIn(zone, nowMs);
  return { first: addDays(today, 1 - range.days), last: today };
}

/** The instants `from` (included) and `to` (excluded) as ISO 8601. They change once a day, so that answers can be kept. */
export function instantsOf(range: Range, zone: string, nowMs: number): { from: string; to: string } {
  const { first, last } = datesOf(range, zone, nowMs);
  const iso = (instantMs: number) => new Date(instantMs).toISOString();
  return { from: iso(startOfDate(zone, first)), to: iso(startOfDate(zone, addDays(last, 1))) };
}

/** Whether a text is a date of the calendar, `2026-02-30` is not. */
export function isDate(text: string): boolean {
  const instant = date.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isFinite(instant) && new Date(instant).toISOString().startsWith(text);
}
