import type { Language } from '../state/view.ts';
import type { Words } from '../words/en.ts';

/** Numbers and times as people read them, in one language and time zone. */
export interface Format {
  /** 1,234 */
  count(value: number): string;
  /** A share 0…1 as 12.3 %; `–` for null. */
  share(value: number | null): string;
  /** 11.2 % to 13.4 %; `–` unless both ends are known. */
  shares(lo: number | null, hi: number | null): string;
  /** 0.12, with a sign if asked for. */
  decimal(value: number | null, options?: { digits?: number; signed?: boolean }): string;
  /** Seconds in the two largest fitting units: 3 d 4 h, 12 min, 45 s. Negative ones as their size. */
  duration(seconds: number | null): string;
  /** Date and time to the minute. */
  time(iso: string | null): string;
  date(iso: string | null): string;
  month(iso: string): string;
  /** 3 min ago */
  ago(instantMs: number, nowMs: number): string;
}

const unitsOfTime = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

export function createFormat(language: Language, timeZone: string, words: Words): Format {
  const number = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(language, options);
  const instant = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, { timeZone, ...options });
  const counts = number({});
  const percents = number({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const times = instant({ dateStyle: 'medium', timeStyle: 'short' });
  const dates = instant({ dateStyle: 'medium' });
  const months = instant({ year: 'numeric', month: 'short' });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'always', style: 'short' });
  const unknown = words.numbers.unknown;
  const read = (iso: string | null) => (iso === null ? Number.NaN : Date.parse(iso));
  const when = (format: Intl.DateTimeFormat, iso: string | null) =>
    Number.isNaN(read(iso)) ? unknown : format.format(read(iso));
  const part = (value: number, unit: string) => number({ style: 'unit', unit, unitDisplay: 'short' }).format(value);

  function share(value: number | null): string {
    return value === null ? unknown : percents.format(value);
  }

  return {
    count: (value) => counts.format(value),
    share,
    shares: (lo, hi) => (lo === null || hi === null ? unknown : words.numbers.to(share(lo), share(hi))),
    decimal(value, { digits = 2, signed = false } = {}) {
      if (value === null) return unknown;
      const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
      return number({ ...options, signDisplay: signed ? 'exceptZero' : 'auto' }).format(value);
    },
    duration(seconds) {
      if (seconds === null) return unknown;
      let rest = Math.round(Math.abs(seconds));
      if (rest === 0) return part(0, 'second');
      const first = unitsOfTime.findIndex(([, size]) => rest >= size);
      const shown: string[] = [];
      for (const [unit, size] of unitsOfTime.slice(first, first + 2)) {
        // Ten days and more need no hours.
        if (shown.length === 1 && Math.abs(seconds) >= 10 * 86_400) break;
        const value =
          shown.length === 0 && Math.abs(seconds) >= 10 * 86_400 ? Math.round(rest / size) : Math.floor(rest / size);
        if (value > 0) shown.push(part(value, unit));
        rest -= value * size;
      }
      return shown.join(' ');
    },
    time: (iso) => when(times, iso),
    date: (iso) => when(dates, iso),
    month: (iso) => when(months, iso),
    ago(instantMs, nowMs) {
      const seconds = Math.max(0, Math.round((nowMs - instantMs) / 1000));
      const [unit, size] = unitsOfTime.find(([, one]) => seconds >= one) ?? (['second', 1] as const);
      return relative.format(-Math.floor(seconds / size), unit);
    },
  };
}
