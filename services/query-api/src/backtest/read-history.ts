import {
  type AlertRule,
  type Correction,
  calendarOf,
  type DailySeries,
  type History,
  judgedAfterUs,
  planStage,
  rangeOf,
  readingsBy,
  type StagePlan,
  watchedStages,
} from '@michinori/alerts';
import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import {
  type LateCountsAsked,
  readDailyCounts,
  readDailyEvents,
  readLateCounts,
  readLateness,
  readLatestEvents,
  readMissedEvents,
} from '@michinori/queries';
import { QuestionError } from '../question-error.ts';
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
  const told = { decision, ...lateness };
  if (knownBy === 'received' && lateness.unknown === lateness.events) return { ...told, history: nothingKnown };
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
    knownBy === 'received' && lateness.missed > 0
      ? await readCorrections(clickhouse, plan, { counted, plansAt }, options)
      : new Map();
  return { ...told, history: { series, events, latestUs, corrections } };
}

/** Missed events per question at most, so that the units that are derived anew fit into the memory of one. */
const missedPerQuestion = 4_000;

/** Beyond this a replay by receipt would take too long: more than imports and outages make. */
const missedMax = 1_000_000;

const countOf = (days: ReadonlyMap<number, number>): number => [...days.values()].reduce((sum, n) => sum + n, 0);

type Counted = Omit<LateCountsAsked, 'by' | 'instantsUs' | 'untilUs'>;

async function readCorrections(
  clickhouse: ClickHouse,
  { rule, active, evaluationsUs: instantsUs }: BacktestPlan,
  { counted, plansAt }: { readonly counted: Counted; readonly plansAt: (us: number) => readonly StagePlan[] },
  options: QueryOptions,
): Promise<ReadonlyMap<number, Correction>> {
  const { journey } = active;
  const missed = await readMissedEvents(clickhouse, { instantsUs, timezone: journey.timezone }, options);
  const sum = [...missed.values()].reduce((total, days) => total + countOf(days), 0);
  if (sum > missedMax) {
    const detail = `Too many events came after evaluations that they belonged to (${sum} times one was missed). Ask for a shorter range, or with knownBy occurred.`;
    throw new QuestionError('query_limit', detail);
  }
  const series = new Map<number, Map<string | null, readonly DailySeries[]>>();
  for (const part of partsOf(instantsUs, missed)) {
    const untilUs = part.map((us) => judgedUntilUs(rule, plansAt(us), us));
    for (const by of readingsBy(rule, journey)) {
      const late = await readLateCounts(clickhouse, active, { ...counted, by, instantsUs: part, untilUs }, options);
      for (const [us, own] of late) series.set(us, (series.get(us) ?? new Map()).set(by, own));
    }
  }
  return new Map(
    [...missed].map(([us, days]) => [
      us,
      { series: series.get(us) ?? new Map(), events: new Map([...days].map(([day, count]) => [day, -count])) },
    ]),
  );
}

/** When the last entry that an evaluation judges has passed its horizon; at most the evaluation itself. */
function judgedUntilUs(rule: AlertRule, plans: readonly StagePlan[], evaluationUs: number): number {
  const ends = plans.map(({ stage, windows: [current] }) => current.toUs + judgedAfterUs(rule, stage));
  return Math.min(evaluationUs, Math.max(...ends));
}

/** The instants at which something was missed, in order, in parts that aren't too much for one question. */
function partsOf(instantsUs: readonly number[], missed: ReadonlyMap<number, ReadonlyMap<number, number>>): number[][] {
  const parts: number[][] = [];
  let size = missedPerQuestion;
  for (const us of instantsUs.filter((instantUs) => missed.has(instantUs))) {
    const own = countOf(missed.get(us) ?? new Map());
    const last = parts.at(-1);
    if (last === undefined || size + own > missedPerQuestion) {
      parts.push([us]);
      size = own;
    } else {
      last.push(us);
      size += own;
    }
  }
  return parts;
}

const nothingKnown: History = { series: new Map(), events: new Map(), latestUs: new Map(), corrections: new Map() };

/** The past of a rule that was never due while there were events. */
export const noHistory: ReadHistory = {
  history: nothingKnown,
  decision: { knownBy: 'received', because: 'there are no events in this time, or no evaluation was due in it' },
  ...{ events: 0, daysLate: 0, missed: 0 },
};
