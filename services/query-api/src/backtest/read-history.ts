import {
  type Correction,
  calendarOf,
  type DailySeries,
  type History,
  judgedAfterUs,
  planStage,
  rangeOf,
  readingsBy,
  watchedStages,
} from '@michinori/alerts';
import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { readDailyCounts, readDailyEvents, readLateness, readLatestEvents, readMissedEvents } from '@michinori/queries';
import type { BacktestBody } from './body.ts';
import { decideKnownBy, type KnownByDecision } from './known-by.ts';
import type { BacktestPlan } from './plan.ts';

/** More series than any rule judges at once: what is cut off is cut per evaluation. */
const seriesReadMax = 20_000;

/** All that a replay needs, and what there is to say about it. */
export interface ReadHistory {
  readonly history: History;
  readonly decision: KnownByDecision;
  /** Events from the oldest window to the last evaluation; of these, received more than a day late; received after an evaluation that they belonged to. */
  readonly events: number;
  readonly daysLate: number;
  readonly missed: number;
}

/**
 * Reads the past of a rule with a few questions, however many evaluations there are: one for everybody and one for each segment of the rule, as the entries
 * that an evaluation judges have all passed their horizon by then, so that the counts of a day are the same for all of them; and what
 * evaluations didn't know yet, where it matters.
 */
export async function readHistory(
  clickhouse: ClickHouse,
  plan: BacktestPlan,
  asked: BacktestBody['knownBy'],
  options: QueryOptions,
): Promise<ReadHistory> {
  const { rule, active, evaluationsUs } = plan;
  const { journey } = active;
  const [firstUs, lastUs] = [evaluationsUs[0] ?? 0, evaluationsUs.at(-1) ?? 0];
  const calendar = calendarOf(journey.timezone);
  const stages = watchedStages(rule, journey);
  const plansAt = (us: number) => stages.map((stage) => planStage(rule, stage, calendar, us));
  const range = rangeOf([...plansAt(firstUs), ...plansAt(lastUs)]);
  if (range === null) throw new TypeError('nothing is watched');
  const lateness = await readLateness(
    clickhouse,
    { fromUs: range.fromUs, toUs: lastUs, instantsUs: evaluationsUs },
    options,
  );
  const decision = decideKnownBy(asked, lateness);
  const { knownBy } = decision;
  const counted = {
    ...{ ...range, kind: rule.kind, asOfUs: lastUs, seriesMax: seriesReadMax, stages: stages.map(({ id }) => id) },
    horizonsUs: journey.stages.map((stage) => judgedAfterUs(rule, stage)),
  };
  const series = new Map<string | null, readonly DailySeries[]>();
  for (const by of readingsBy(rule, journey)) {
    series.set(by, (await readDailyCounts(clickhouse, active, { ...counted, by }, options)).series);
  }
  const days = { fromUs: range.fromUs, toUs: lastUs, timezone: journey.timezone };
  const events = await readDailyEvents(clickhouse, days, options);
  const latestUs = await readLatestEvents(clickhouse, { knownBy, instantsUs: evaluationsUs }, options);
  const corrections =
    knownBy === 'received' && lateness.missed > 0 ? await readCorrections(clickhouse, plan, options) : new Map();
  return { history: { series, events, latestUs, corrections }, decision, ...lateness };
}

async function readCorrections(
  clickhouse: ClickHouse,
  { active, evaluationsUs: instantsUs }: BacktestPlan,
  options: QueryOptions,
): Promise<ReadonlyMap<number, Correction>> {
  const asked = { instantsUs, timezone: active.journey.timezone };
  const missed = await readMissedEvents(clickhouse, asked, options);
  return new Map(
    [...missed].map(([us, days]) => [
      us,
      { series: new Map(), events: new Map([...days].map(([day, count]) => [day, -count])) },
    ]),
  );
}

/** The past of a rule that was never due while there were events. */
export const noHistory: ReadHistory = {
  history: { series: new Map(), events: new Map(), latestUs: new Map(), corrections: new Map() },
  decision: { knownBy: 'received', because: 'there are no events in this time, or no evaluation was due in it' },
  ...{ events: 0, daysLate: 0, missed: 0 },
};
