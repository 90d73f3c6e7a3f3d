/** A cron expression of five fields, read: the minutes, hours, … at which it is due, in UTC. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  /** 0 Sunday … 6 Saturday. */
  readonly weekdays: ReadonlySet<number>;
  /** Days of the month and weekdays are both restricted: a day that fits either of them is due, as in POSIX. */
  readonly isEither: boolean;
  /** How often it is due a week, on average over the 28 years after which the calendar repeats itself. */
  readonly perWeek: number;
}

const fields = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of the month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12 },
  { name: 'day of the week', from: 0, to: 7 },
] as const;

const dayUs = 86_400_000_000;

/**
 * Reads `minute hour day month weekday`, each `*`, a number, a range `1-5`, a list `1,15`, with steps (`0-59/15`); weekdays from 0
 * (Sunday) to 7 (Sunday as well). Names (`MON`) and six fields are not read. Never throws.
 */
export function parseCron(text: string): { cron: Cron } | { message: string } {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== fields.length) {
    return {
      message: `has ${parts.length} fields, but takes five: minute, hour, day, month, weekday, such as 0 6 * * *`,
    };
  }
  const sets: number[][] = [];
  for (const [i, field] of fields.entries()) {
    const values = readField(parts[i] ?? '', field);
    if (values === null) {
      return {
        message: `${JSON.stringify(parts[i])} is no ${field.name}: ${field.from} to ${field.to}, *, 1-5, 1,3 or */2`,
      };
    }
    sets.push(values);
  }
  const [minutes = [], hours = [], days = [], months = [], weekdays = []] = sets;
  const cron: Cron = {
    perWeek: 0,
    minutes,
    hours,
    months: new Set(months),
    days: new Set(days),
    weekdays: new Set(weekdays.map((weekday) => weekday % 7)),
    isEither: !parts[2]?.startsWith('*') && !parts[4]?.startsWith('*'),
  };
  const perWeek = averagePerWeek(cron);
  return perWeek > 0 ? { cron: { ...cron, perWeek } } : { message: 'is never due' };
}

function readField(text: string, { from, to }: { from: number; to: number }): number[] | null {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(item);
    if (match === null) return null;
    const [, low, high, every] = match;
    const first = Number(low ?? from);
    const last = Number(high ?? (low === undefined || every !== undefined ? to : low));
    const step = Number(every ?? 1);
    if (first < from || last > to || first > last || step < 1) return null;
    for (let value = first; value <= last; value += step) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

function isDueOn({ months, days, weekdays, isEither }: Cron, dayStartUs: number): boolean {
  const date = new Date(dayStartUs / 1000);
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const [fitsDay, fitsWeekday] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
  return isEither ? fitsDay || fitsWeekday : fitsDay && fitsWeekday;
}

function averagePerWeek(cron: Cron): number {
  const days = 28 * 365 + 7;
  let due = 0;
  for (let day = 0; day < days; day++) if (isDueOn(cron, day * dayUs)) due++;
  return (due * cron.hours.length * cron.minutes.length * 7) / days;
}

/**
 * The instants (µs since the epoch) at which an evaluation was due after `lastUs` and until `nowUs`, in order: those that were
 * missed and the newest one. Only the newest `countMax` of them; `lastUs` null: only the newest one.
 */
export function evaluationsDue(cron: Cron, lastUs: number | null, nowUs: number, countMax = 400): number[] {
  const due: number[] = [];
  const wanted = lastUs === null ? 1 : countMax;
  const endUs = lastUs ?? nowUs - 28 * 366 * dayUs;
  const [hours, minutes] = [cron.hours.toReversed(), cron.minutes.toReversed()];
  for (let dayStartUs = Math.floor(nowUs / dayUs) * dayUs; dayStartUs + dayUs > endUs; dayStartUs -= dayUs) {
    if (!isDueOn(cron, dayStartUs)) continue;
    for (const hour of hours) {
      for (const minute of minutes) {
        const instantUs = dayStartUs + (hour * 60 + minute) * 60_000_000;
        if (instantUs > nowUs) continue;
        if (instantUs <= endUs || due.length === wanted) return due.toReversed();
        due.push(instantUs);
      }
    }
  }
  return due.toReversed();
}
