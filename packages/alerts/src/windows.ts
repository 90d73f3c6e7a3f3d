import { type Calendar, weekdayOf } from './calendar.ts';
import { type AlertRule, baselineWindows } from './rule.ts';

/** A cohort window `[fromUs, toUs)`: entries that began in it. */
export interface Window {
  readonly fromUs: number;
  readonly toUs: number;
  /** Weekday on which it begins in the time zone of the journey, 0 Sunday … 6 Saturday. */
  readonly weekday: number;
}

export interface PlannedWindows {
  /** The newest window whose entries are all judged. */
  readonly current: Window;
  /** The windows of the same length before it, without gaps, the newest first. */
  readonly baseline: readonly Window[];
}

/**
 * The windows that an evaluation at `evaluationUs` looks at: whole calendar days, the last of them ended at least `horizonUs`
 * ago, so that the outcome of every entry is known.
 *
 * @param horizonUs when an entry is judged: the rule's, or its stage's
 */
export function planWindows(
  rule: Pick<AlertRule, 'windowDays' | 'baselineDays'>,
  horizonUs: number,
  calendar: Calendar,
  evaluationUs: number,
): PlannedWindows {
  const endDay = calendar.dayOf(evaluationUs - horizonUs);
  const windowAt = (index: number): Window => {
    const firstDay = endDay - (index + 1) * rule.windowDays;
    return {
      fromUs: calendar.startOf(firstDay),
      toUs: calendar.startOf(firstDay + rule.windowDays),
      weekday: weekdayOf(firstDay),
    };
  };
  return {
    current: windowAt(0),
    baseline: Array.from({ length: baselineWindows(rule) }, (_, i) => windowAt(i + 1)),
  };
}

/** The windows that are alike: those that begin on the same weekday; all of them if windows are whole weeks. */
export const groupOf = (rule: Pick<AlertRule, 'windowDays'>, { weekday }: Window): number =>
  rule.windowDays % 7 === 0 ? 0 : weekday;
