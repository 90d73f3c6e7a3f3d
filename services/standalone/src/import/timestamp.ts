import { Temporal } from '@js-temporal/polyfill';

/** ISO 8601 text with an offset, or why the text is no point in time. */
export type ReadTimestamp = { ok: true; iso: string } | { ok: false; message: string };

const withOffset = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?\s?(Z|[+-]\d{2}(:?\d{2})?)$/i;
const local = /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::([0-5]\d(?:[.,]\d{1,9})?))?)?$/i;
const epoch = /^(\d+)(?:\.(\d{1,9}))?$/;
const perSecondByDigits: Record<number, bigint> = { 10: 1n, 13: 1_000n, 16: 1_000_000n };

/**
 * Reads the time of an imported row.
 *
 * - ISO 8601 with an offset or `Z` (a space instead of `T` is fine) is taken as it is
 * - a local time (`2024-03-31 02:30`, `2024/3/31`) is read in `timezone`; without one it is refused. In an hour that the
 *   clocks skip or repeat, the offset from before the change counts (RFC 5545, 3.3.5)
 * - 10, 13 or 16 digits are seconds, milliseconds or microseconds since 1970; seconds may have a fraction
 */
export function readTimestamp(text: string, timezone: string | undefined): ReadTimestamp {
  const trimmed = text.trim();
  if (withOffset.test(trimmed)) return { ok: true, iso: normaliseOffset(trimmed) };
  const [, whole = '', fraction = ''] = epoch.exec(trimmed) ?? [];
  const perSecond = perSecondByDigits[whole.length];
  if (perSecond !== undefined && (fraction === '' || perSecond === 1n)) {
    return fromEpoch(BigInt(whole) * (1_000_000_000n / perSecond) + BigInt(fraction.padEnd(9, '0')));
  }
  const match = local.exec(trimmed);
  if (match === null) {
    return {
      ok: false,
      message: `"${trimmed}" is no time: write it as 2024-03-31T14:30:00+09:00, or as seconds since 1970`,
    };
  }
  if (timezone === undefined) {
    return {
      ok: false,
      message: `"${trimmed}" doesn't say in which time zone: give --timezone, e.g. --timezone Asia/Tokyo`,
    };
  }
  return fromLocal(match, timezone);
}

/** Whether this is a time zone that the tz database knows. */
export function isTimezone(timezone: string): boolean {
  try {
    return Temporal.Now.zonedDateTimeISO(timezone).timeZoneId !== '';
  } catch {
    return false;
  }
}

function normaliseOffset(text: string): string {
  const [, date = '', time = '', offset = ''] = /^(\S{10})[T ](.*?)\s?(Z|[+-]\d{2}(?::?\d{2})?)$/i.exec(text) ?? [];
  const minutes = offset.length === 3 ? `${offset}:00` : offset.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const seconds = /^\d{2}:\d{2}$/.test(time) ? `${time}:00` : time;
  return `${date}T${seconds.replace(',', '.')}${minutes.toUpperCase()}`;
}

function fromEpoch(nanoseconds: bigint): ReadTimestamp {
  return { ok: true, iso: new Temporal.Instant(nanoseconds).toString() };
}

function fromLocal(match: RegExpExecArray, timezone: string): ReadTimestamp {
  const [text, year, , month = '', day = '', hour = '0', minute = '00', second = '00'] = match;
  const two = (part: string): string => part.padStart(2, '0');
  const iso = `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second.replace(',', '.')}`;
  try {
    return {
      ok: true,
      iso: Temporal.PlainDateTime.from(iso, { overflow: 'reject' }).toZonedDateTime(timezone).toInstant().toString(),
    };
  } catch {
    return { ok: false, message: `"${text}" doesn't exist in the calendar` };
  }
}
