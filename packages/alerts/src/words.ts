import type { Figures } from './decide-series.ts';
import type { AlertLocale } from './describe-alert.ts';
import type { Transition } from './episode.ts';
import type { AlertKind } from './rule.ts';
import { englishWords } from './words-en.ts';
import { japaneseWords } from './words-ja.ts';

/** The sentences of a language. Times are µs since the epoch. */
export interface AlertWords {
  readonly labels: { readonly board: string; readonly customers: string; readonly runbook: string };
  title(kind: Transition['kind'], watched: AlertKind, where: string): string;
  place(journey: string, stage: string, touchpoint: string | null, segment: string): string;
  rate(figures: Figures, watched: Exclude<AlertKind, 'volume'>): string[];
  volume(figures: Figures): string[];
  since(startedUs: number, resolvedUs: number | null): string;
  reason(reason: NonNullable<Transition['reason']>): string;
  rule(title: string, falseAlarmsPerWeek: number): string;
}

/** Numbers and days as a language writes them, in a time zone. */
export interface Formats {
  percent(rate: number): string;
  /** 17–25 % */
  percents(lo: number, hi: number): string;
  count(value: number): string;
  times(lift: number): string;
  /** Two digits that count: 0.5, 12, 0.001 */
  amount(value: number): string;
  day(instantUs: number): string;
  /** The days of a window `[from, to)`. */
  days(fromUs: number, toUs: number): string;
}

function formatsOf(tag: string, timezone: string): Formats {
  const number = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(tag, options);
  const percents = number({ style: 'percent', maximumFractionDigits: 0 });
  const smallPercents = number({ style: 'percent', maximumFractionDigits: 1 });
  const [counts, few] = [number({ maximumFractionDigits: 0 }), number({ maximumSignificantDigits: 2 })];
  const tenths = number({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const date = new Intl.DateTimeFormat(tag, { timeZone: timezone, year: 'numeric', month: 'long', day: 'numeric' });
  const percent = (rate: number) => (rate < 0.1 ? smallPercents : percents).format(rate);
  const day = (instantUs: number) => date.format(instantUs / 1000);
  return {
    percent,
    percents: (lo, hi) => `${percent(lo)}–${percent(hi)}`,
    count: (value) => counts.format(value),
    times: (lift) => tenths.format(lift),
    amount: (value) => few.format(value),
    day,
    days: (fromUs, toUs) => {
      const [first, last] = [day(fromUs), day(toUs - 1)];
      return first === last ? first : `${first} – ${last}`;
    },
  };
}

export function wordsOf(locale: AlertLocale, timezone: string): AlertWords {
  return locale === 'ja' ? japaneseWords(formatsOf('ja-JP', timezone)) : englishWords(formatsOf('en-GB', timezone));
}
