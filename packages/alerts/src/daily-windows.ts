import type { Stage } from '@michinori/journey';
import type { Calendar, Day } from './calendar.ts';
import type { AlertRule } from './rule.ts';
import type { CountedWindow, SeriesReading } from './series.ts';
import { judgedAfterUs } from './watched.ts';
import { planWindows, type Window } from './windows.ts';

const dayUs = 86_400_000_000;

/** The windows of a stage that an evaluation looks at, and how many whole days lie in its horizon. */
export interface StagePlan {
  readonly stage: Stage;
  /** The newest window first, then those that count as usual. */
  readonly windows: readonly [Window, ...Window[]];
  /** When an entry is judged after it. */
  readonly horizonUs: number;
  readonly horizonDays: number;
}

/** Plans what is read of a stage. `learnedUs`: as of `judgedAfterUs`. Pure. */
export function planStage(
  rule: AlertRule,
  stage: Stage,
  calendar: Calendar,
  evaluationUs: number,
  learnedUs: number | null = null,
): StagePlan {
  const horizonUs = judgedAfterUs(rule, stage, learnedUs);
  const { current, baseline } = planWindows(rule, horizonUs, calendar, evaluationUs);
  return { stage, windows: [current, ...baseline], horizonUs, horizonDays: Math.floor(horizonUs / dayUs) };
}

/** From the beginning of the oldest window to the end of the newest one, over all plans; µs. Null without plans. */
export function rangeOf(plans: readonly StagePlan[]): { readonly fromUs: number; readonly toUs: number } | null {
  const windows = plans.flatMap((plan) => plan.windows);
  if (windows.length === 0) return null;
  const ends = { fromUs: Number.POSITIVE_INFINITY, toUs: Number.NEGATIVE_INFINITY };
  for (const { fromUs, toUs } of windows) {
    ends.fromUs = Math.min(ends.fromUs, fromUs);
    ends.toUs = Math.max(ends.toUs, toUs);
  }
  return ends;
}

/** A calendar day: `n` entries (or first touches), of which `k` dropped off (were stalled, …). */
export interface CountedDay {
  readonly day: Day;
  readonly n: number;
  readonly k: number;
}

/** What is known day by day. */
export interface Daily {
  readonly days: readonly CountedDay[];
  /** Events of all days. */
  readonly events: ReadonlyMap<Day, number>;
}

/**
 * Sums days into the windows of a plan: visits from the beginning of a window to its end, events from there to the end of its horizon in whole days,
 * so that the day of the evaluation, which isn't over, is in none of them. Pure.
 */
export function readingOf(
  plan: StagePlan,
  key: SeriesReading['key'],
  { days, events }: Daily,
  calendar: Calendar,
): SeriesReading {
  const counted = plan.windows.map((window): CountedWindow => {
    const [from, to] = [calendar.dayOf(window.fromUs), calendar.dayOf(window.toUs)];
    const sums = { k: 0, n: 0 };
    for (const { day, k, n } of days) {
      if (day < from || day >= to) continue;
      sums.k += k;
      sums.n += n;
    }
    let seen = 0;
    for (let day = from; day < to + plan.horizonDays; day++) seen += events.get(day) ?? 0;
    return { ...window, ...sums, events: seen };
  });
  const [current, ...baseline] = counted;
  return current === undefined ? { status: 'no-data', key } : { status: 'read', key, current, baseline };
}
