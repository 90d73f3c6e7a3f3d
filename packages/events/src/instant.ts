import type { RejectionCode } from './codes.ts';
import { limits } from './limits.ts';

type TimeFault = Extract<
  RejectionCode,
  'invalid_time' | 'time_without_zone' | 'time_too_precise' | 'time_out_of_range'
>;

export type ParsedInstant =
  | { readonly ok: true; readonly us: number }
  | { readonly ok: false; readonly code: TimeFault; readonly message: string };

const FORM = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?)?$/;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const EXAMPLE = 'write it like 2026-11-21T09:00:00.123Z or 2026-11-21T18:00:00+09:00';

/**
 * An instant in RFC 3339 form (a profile of ISO 8601) as integer microseconds since 1970-01-01T00:00:00Z, exactly or
 * not at all: the zone is required, digits beyond microseconds must be zero, there is no 24:00 and no second 60.
 * Beyond the year 2255 microseconds are no longer whole doubles: `time_out_of_range`.
 */
export function parseInstant(text: string): ParsedInstant {
  const match = text.length <= limits.timeLengthMax ? FORM.exec(text) : null;
  if (match === null) return fault('invalid_time', `not a time: ${EXAMPLE}`);
  const [, yearText, monthText, dayText, hourText, minuteText, secondText, fraction = '', zone] = match;
  const year = Number(yearText);
  const month = Number(monthText);
  const day = Number(dayText);
  if (day < 1 || day > daysInMonth(year, month)) return fault('invalid_time', 'there is no such day in the calendar');
  if (zone === undefined) return fault('time_without_zone', `the time needs a zone: ${EXAMPLE}`);
  const hour = Number(hourText);
  const minute = Number(minuteText);
  const second = Number(secondText);
  const offsetMinutes = zone === 'Z' ? 0 : zoneMinutes(zone);
  if (hour > 23 || minute > 59 || second > 59 || offsetMinutes === null) {
    return fault('invalid_time', 'hours go to 23, minutes and seconds to 59');
  }
  if (/[1-9]/.test(fraction.slice(6))) return fault('time_too_precise', 'at most 6 digits of a second can be kept');
  const seconds = daysFromCivil(year, month, day) * 86_400 + hour * 3_600 + (minute - offsetMinutes) * 60 + second;
  const us = seconds * 1_000_000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
  if (!Number.isSafeInteger(us)) return fault('time_out_of_range', 'the year is out of range');
  return { ok: true, us };
}

/** Microseconds since 1970 as RFC 3339 in UTC with six digits, e.g. `2026-11-21T09:00:00.123000Z`; years 0 to 2255. */
export function formatInstant(us: number): string {
  const ms = Math.floor(us / 1_000);
  const micros = us - ms * 1_000;
  return `${new Date(ms).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
}

/**
 * By how many microseconds every event of a request is shifted: receivedAt − sentAt if they differ by more than
 * `limits.skewToleranceUs`, else 0.
 */
export function clockShiftUs(receivedAtUs: number, sentAtUs: number): number {
  const differenceUs = receivedAtUs - sentAtUs;
  return Math.abs(differenceUs) > limits.skewToleranceUs ? differenceUs : 0;
}

function fault(code: TimeFault, message: string): ParsedInstant {
  return { ok: false, code, message };
}

function daysInMonth(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : (MONTH_DAYS[month - 1] ?? 0);
}

function zoneMinutes(zone: string): number | null {
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar (Hinnant 2013, "chrono-Compatible Low-Level Date Algorithms"). */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
