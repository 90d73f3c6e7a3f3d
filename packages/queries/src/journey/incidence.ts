import { integerColumn } from '@michinori/clickhouse';
import { normalCriticalValue, wilson } from '@michinori/statistics';
import { z } from 'zod';

/** What `incidenceSql` gives of a group, beside the columns of its causes. */
export const followedGroup = z.object({
  n: integerColumn,
  horizon_us: integerColumn,
  at_risk: integerColumn,
  known: integerColumn,
  outcomes: integerColumn,
  last_us: integerColumn,
  last_group: integerColumn,
  is_settled: z.number(),
  last_left: z.number(),
  last_greenwood: z.number(),
});
export type FollowedGroup = z.output<typeof followedGroup>;

/** Columns of one cause. */
export function causeShape<N extends string>(name: N) {
  return {
    [`${name}_events`]: integerColumn,
    [`${name}_share`]: z.number(),
    [`${name}_variance`]: z.number(),
  } as Record<`${N}_events`, typeof integerColumn> & Record<`${N}_share` | `${N}_variance`, z.ZodNumber>;
}

/** The curve of a cause at the horizon. */
export interface FollowedShare {
  readonly events: number;
  readonly share: number;
  readonly variance: number;
}

/** The share of a cohort that had the event by the horizon, 0 … 1, with its 95 % interval. */
export interface IncidenceEstimate {
  /** null when nobody without an outcome was watched that long; then `lo` is what is known and `hi` 1. */
  readonly estimate: number | null;
  readonly lo: number;
  readonly hi: number;
}

const level = 0.95;
const critical = normalCriticalValue(level);

/** Interval on the complementary log-log scale by the delta method (Kalbfleisch & Prentice, 1980, §1.3). */
function logLogInterval(share: number, variance: number): { lo: number; hi: number } {
  const logComplement = Math.log1p(-share);
  const factor = Math.exp((critical * Math.sqrt(variance)) / ((1 - share) * -logComplement));
  return { lo: -Math.expm1(logComplement / factor), hi: -Math.expm1(logComplement * factor) };
}

/** Everybody had the event: the bound of what was left before the last time, times that of 0 among the last group. */
function completeInterval(group: FollowedGroup): { lo: number; hi: number } {
  const { last_left: left, last_greenwood: greenwood, last_group: last } = group;
  const before = greenwood === 0 ? 1 : 1 - logLogInterval(1 - left, left * left * greenwood).lo;
  return { lo: 1 - before * wilson(0, last, level).hi, hi: 1 };
}

function shareInterval(group: FollowedGroup, { events, share, variance }: FollowedShare): { lo: number; hi: number } {
  if (events === 0) return wilson(0, group.known, level);
  const isComplete = group.is_settled === 1 && group.last_us <= group.horizon_us && events === group.outcomes;
  return isComplete ? completeInterval(group) : logLogInterval(share, variance);
}

/**
 * Estimate and interval of a cause at the horizon of a group; equal to `aalenJohansen(…).at(horizon)` of
 * `packages/statistics` over the same times.
 */
export function readIncidence(group: FollowedGroup, followed: FollowedShare): IncidenceEstimate {
  const interval = shareInterval(group, followed);
  const isReached = group.horizon_us <= group.last_us || group.is_settled === 1;
  if (!isReached) return { estimate: null, lo: followed.events === 0 ? 0 : interval.lo, hi: 1 };
  if (group.known === group.n) return { estimate: followed.events / group.n, ...interval };
  return { estimate: Math.min(1, followed.share), ...interval };
}
