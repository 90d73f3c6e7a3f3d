import type { Title } from '@michinori/journey';
import type { Cron } from './cron.ts';

/**
 * What a rule watches: the share of entries that had not advanced by the horizon; the share of those touched that had not
 * advanced; the share that is still open and beyond its time; or the number of entries (which alarms when it falls).
 */
export const alertKinds = ['stage-drop-off', 'touchpoint-drop-off', 'stalled-share', 'volume'] as const;
export type AlertKind = (typeof alertKinds)[number];

export const severities = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** A checked rule; see docs/rules.md. */
export interface AlertRule {
  readonly id: string;
  readonly title: Title;
  readonly journey: string;
  readonly kind: AlertKind;
  /** Null: every stage of the journey that isn't terminal. */
  readonly stages: readonly string[] | null;
  /** Segments that are judged value by value, besides everybody together. */
  readonly by: readonly string[];
  /** When an entry is judged, µs after it; null: the horizon of its stage. */
  readonly horizonUs: number | null;
  /**
   * Of a `stalled-share` without a horizon: an entry stalls once this share of those who advance from its stage have usually advanced. Null: it stalls
   * beyond the time that the stage is expected to take; and for other kinds.
   */
  readonly beyond: number | null;
  /** Length of a cohort window in calendar days. */
  readonly windowDays: number;
  /** Length of the past that counts as usual, in calendar days. */
  readonly baselineDays: number;
  /** As written. UTC. */
  readonly schedule: string;
  readonly cron: Cron;
  /** Expected number of false alarms a week over all series of the rule together. */
  readonly falseAlarmsPerWeek: number;
  /** Windows with fewer entries are not judged. */
  readonly minN: number;
  /** A rate has to be this many times the usual one. */
  readonly minLift: number;
  /** Evaluations in a row that have to agree before an alarm fires, and before it is resolved. */
  readonly consecutive: number;
  readonly severity: Severity;
  readonly channels: readonly string[];
  readonly runbook: string | null;
}

/** Every bound of a rule. */
export const ruleLimits = {
  idLengthMax: 64,
  titleLengthMax: 200,
  nameLengthMax: 256,
  urlLengthMax: 2_000,
  stagesMax: 30,
  segmentsMax: 10,
  channelsMax: 20,
  windowDaysMax: 90,
  baselineDaysMax: 800,
  /** Fewer past windows say too little of how much windows vary. */
  baselineWindowsMin: 4,
  falseAlarmsPerWeekMin: 0.001,
  falseAlarmsPerWeekMax: 100,
  minNMax: 1_000_000,
  minLiftMax: 100,
  consecutiveMax: 20,
} as const;

/** Past windows that a rule looks at. */
export function baselineWindows({ windowDays, baselineDays }: Pick<AlertRule, 'windowDays' | 'baselineDays'>): number {
  return Math.floor(baselineDays / windowDays);
}
