import { journeyLimits } from './limits.ts';
import { nearestWord } from './nearest-word.ts';

const unitUs = { s: 1_000_000, m: 60_000_000, h: 3_600_000_000, d: 86_400_000_000, w: 604_800_000_000 } as const;
type Unit = keyof typeof unitUs;

const spelledOut: Readonly<Record<string, Unit>> = {
  sec: 's',
  secs: 's',
  second: 's',
  seconds: 's',
  min: 'm',
  mins: 'm',
  minute: 'm',
  minutes: 'm',
  hr: 'h',
  hrs: 'h',
  hour: 'h',
  hours: 'h',
  day: 'd',
  days: 'd',
  wk: 'w',
  week: 'w',
  weeks: 'w',
};
const calendarDays: Readonly<Record<string, number>> = {
  mo: 30,
  mon: 30,
  month: 30,
  months: 30,
  y: 365,
  yr: 365,
  year: 365,
  years: 365,
};

export type ParsedDuration =
  | { readonly ok: true; readonly us: number }
  | { readonly ok: false; readonly message: string; readonly suggestion: string | null };

/** Microseconds of `30s`, `15m`, `12h`, `14d`, `2w`: a whole number above zero, at most ten years. A day is 86 400 s. */
export function parseDuration(text: string): ParsedDuration {
  const match = /^([0-9]{1,12})([smhdw])$/.exec(text);
  if (match === null) {
    return {
      ok: false,
      message: `${JSON.stringify(text.slice(0, 40))} is no duration: a whole number with one of the units s, m, h, d, w, such as 14d${unitNote(text)}`,
      suggestion: meant(text),
    };
  }
  const us = Number(match[1]) * unitUs[match[2] as Unit];
  if (us === 0) return { ok: false, message: 'a duration must be more than zero', suggestion: null };
  if (us > journeyLimits.durationUsMax)
    return { ok: false, message: 'a duration must be at most ten years', suggestion: null };
  return { ok: true, us };
}

/**
 * A duration as definitions write it, in the greatest of the units s, m, h, d that divides it: `14d`, `36h`, `90s`. What isn't
 * whole seconds is shown in seconds with up to six decimals: `1.5s`.
 */
export function formatDuration(us: number): string {
  if (us < 0) return `-${formatDuration(-us)}`;
  if (us === 0) return '0s';
  for (const unit of ['d', 'h', 'm', 's'] as const) if (us % unitUs[unit] === 0) return `${us / unitUs[unit]}${unit}`;
  return `${Number((us / unitUs.s).toFixed(6))}s`;
}

function unitNote(text: string): string {
  const unit = /^[0-9.]+\s*([A-Za-z]+)$/.exec(text)?.[1] ?? '';
  return calendarDays[unit.toLowerCase()] !== undefined || unit === 'M'
    ? '; months and years differ in length, so they are no units'
    : '';
}

function meant(text: string): string | null {
  const match = /^\s*([0-9]{1,6})\s*([A-Za-z]*)\s*$/.exec(text);
  if (match === null) return /^P([0-9]{1,6})([DW])$/.exec(text) === null ? null : text.slice(1).toLowerCase();
  const [, digits = '', given = ''] = match;
  const amount = Number(digits);
  const word = given.toLowerCase();
  if (amount === 0 || given === 'M') return null;
  const days = calendarDays[word];
  if (days !== undefined) return `${amount * days}d`;
  const unit = given === '' ? 'd' : unitOf(word);
  return unit === null ? null : `${amount}${unit}`;
}

function unitOf(word: string): Unit | null {
  if (word in unitUs) return word as Unit;
  const near = nearestWord(word, Object.keys(spelledOut));
  return near === null ? null : (spelledOut[near] ?? null);
}
