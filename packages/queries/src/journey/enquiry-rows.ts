import { integerColumn } from '@michinori/clickhouse';
import { aalenJohansen, type Duration, quantileR7, riskTable } from '@michinori/statistics';
import { z } from 'zod';
import type { Cell } from './cells.ts';
import { groupRows } from './group-rows.ts';
import { maturity, type RateState, rateOf } from './rates.ts';
import type { JourneyScope } from './scope.ts';
import type { RowsAnswer } from './stages.ts';

/** Enquiries on one topic; bucket of the enquiry, µs. */
export interface EnquiriesRow extends Cell {
  readonly topic: string;
  /** null: all of the topic, answered by anybody. Else those that this team answered (`''`: an answer without a team). */
  readonly team: string | null;
  /** All enquiries on the topic, in the rows of teams too. */
  readonly enquiries: number;
  readonly answered: number;
  /** Not answered by anybody. */
  readonly open: number;
  /** Answered in time, of all enquiries. */
  readonly k: number;
  readonly share: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly state: RateState;
  /** Share of the enquiries that are answered or older than `within`. */
  readonly matureShare: number | null;
  /** Of the answered ones alone: too fast while some are open. */
  readonly naiveSecondsP50: number | null;
  readonly naiveSecondsP90: number | null;
  /** Time by which half of all enquiries are answered, open ones taken as censored (Kaplan–Meier; in the rows of teams Aalen–Johansen). */
  readonly secondsP50: number | null;
  readonly secondsP50Lo: number | null;
  readonly secondsP50Hi: number | null;
}

/** Enquiries on one topic in one segment and bucket that one team answered, or nobody did. */
export const enquiryTimes = z.object({
  topic: z.string(),
  segment: z.string(),
  bucket: integerColumn,
  isOpen: z.number(),
  /** Of the answer; '' where it names none, or there is none. */
  team: z.string(),
  /** To the answer, or to asOf. */
  seconds: z.array(z.number()),
});

type EnquiryTimes = z.output<typeof enquiryTimes>;

const rowsMax = 100_000;

/** Rows of the answer: for each topic (the largest first), segment and bucket one of all, then one of each team. Pure. */
export function enquiriesRows(
  scope: Pick<JourneyScope, 'by'>,
  times: readonly EnquiryTimes[],
  buckets: readonly (number | null)[],
  withinSeconds: number,
): RowsAnswer<EnquiriesRow> {
  const size = (rows: readonly EnquiryTimes[]) => rows.reduce((sum, { seconds }) => sum + seconds.length, 0);
  const groups = [...groupRows(times, ({ topic, segment }) => JSON.stringify([topic, segment])).values()];
  groups.sort((a, b) => size(b) - size(a));
  const rows: EnquiriesRow[] = [];
  for (const [i, group] of groups.entries()) {
    if (i > 0 && rows.length >= rowsMax) return { rows, isTruncated: true };
    const { topic = '', segment = '' } = group[0] ?? {};
    const teams = [...new Set(group.filter(({ isOpen }) => isOpen === 0).map(({ team }) => team))].sort();
    for (const bucket of buckets) {
      const own = group.filter((row) => row.bucket === (bucket ?? 0));
      for (const team of [null, ...teams]) {
        rows.push({
          topic,
          team,
          segment: scope.by === null ? null : segment,
          bucket,
          ...answersOf(own, team, withinSeconds),
        });
      }
    }
  }
  return { rows, isTruncated: false };
}

function answersOf(times: readonly EnquiryTimes[], team: string | null, withinSeconds: number) {
  const durations = times.flatMap(({ isOpen, team: answeredBy, seconds }) => {
    const isOwn = team === null || answeredBy === team;
    const outcome = isOpen === 1 ? ('open' as const) : isOwn ? ('advanced' as const) : ('lost' as const);
    return seconds.map((time): Duration => ({ seconds: time, outcome }));
  });
  const answered = durations.flatMap(({ seconds, outcome }) => (outcome === 'advanced' ? [seconds] : []));
  const mature = durations.filter(({ seconds, outcome }) => outcome !== 'open' || seconds >= withinSeconds).length;
  const { k, n, rate, lo, hi } = rateOf(answered.filter((time) => time <= withinSeconds).length, durations.length);
  const median = n === 0 ? null : aalenJohansen(riskTable(durations)).advanced.quantile(0.5);
  return {
    enquiries: n,
    answered: answered.length,
    open: durations.filter(({ outcome }) => outcome === 'open').length,
    k,
    share: rate,
    lo,
    hi,
    ...maturity(mature, n),
    naiveSecondsP50: quantileR7(answered, 0.5),
    naiveSecondsP90: quantileR7(answered, 0.9),
    secondsP50: median?.seconds ?? null,
    secondsP50Lo: median?.lo ?? null,
    secondsP50Hi: median?.hi ?? null,
  };
}
