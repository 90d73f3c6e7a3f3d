import {
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
import { readSpans } from './read-spans.ts';

/** More series than any rule judges at once: what is cut off is cut per evaluation. */
const seriesReadMax = 20_000;

/** What evaluations that follow each other are replayed with. */
export interface PastSpan {
  readonly evaluationsUs: readonly number[];
  readonly history: History;
}

/** All that a replay needs, and what there is to say about it. */
export interface ReadHistory {
  /** Of all evaluations, in order. */
  readonly spans: readonly PastSpan[];
  readonly decision: KnownByDecision;
  /** Events from the oldest window to the last evaluation; of these, received more than a day late; received after an evaluation that they belonged to. */
  readonly events: number;
  readonly daysLate: number;
  readonly missed: number;
}

/**
 * Reads the past of a rule with a few questions, however many evaluations there are: one for everybody and one for each segment of the rule, as the entries
 * that an evaluation judges have all passed their horizon by then, so that the counts of a day are the same for all of them (of a rule that learns its
 * horizon: for those that had learned the same); and what evaluations didn't know yet, where it matters.
 */
export async function readHistory(
  clickhouse: ClickHouse,
  plan: BacktestPlan,
  asked: BacktestBody['knownBy'],
  options: QueryOptions,
): Promise<ReadHistory> {
  const { rule, active, evaluationsUs } = plan;
  const { journey } = active;
  const lastUs = evaluationsUs.at(-1) ?? 0;
  const calendar = calendarOf(journey.timezone);
  const stages = watchedStages(rule, journey);
  const spans = (await readSpans(clickhouse, plan, options)).map((span) => {
    const plansAt = (us: number) =>
      stages.map((stage) => planStage(rule, stage, calendar, us, span.learned.get(stage.id) ?? null));
    const ends = [span.evaluationsUs[0] ?? 0, span.evaluationsUs.at(-1) ?? 0];
    return { ...span, plansAt, range: rangeOf(ends.flatMap(plansAt)) };
  });
  const fromUs = Math.min(...spans.map(({ range }) => range?.fromUs ?? Number.NaN));
  if (Number.isNaN(fromUs)) throw new TypeError('nothing is watched');
  const lateness = await readLateness(clickhouse, { fromUs, toUs: lastUs, instantsUs: evaluationsUs }, options);
  const decision = decideKnownBy(asked, lateness);
  const { knownBy } = decision;
  const told = { decision, ...lateness };
  if (knownBy === 'received' && lateness.unknown === lateness.events)
    return { ...told, spans: [{ evaluationsUs, history: nothingKnown }] };
  const days = { fromUs, toUs: lastUs, timezone: journey.timezone };
  const events = await readDailyEvents(clickhouse, days, options);
  const latestUs = await readLatestEvents(clickhouse, { knownBy, instantsUs: evaluationsUs }, options);
  const missed =
    knownBy === 'received' && lateness.missed > 0
      ? await readMissed(clickhouse, plan, options)
      : new Map<number, ReadonlyMap<number, number>>();
  const past: PastSpan[] = [];
  for (const { evaluationsUs: own, learned, plansAt, range } of spans) {
    const counted = {
      ...{ fromUs, toUs: lastUs, ...range, kind: rule.kind, asOfUs: own.at(-1) ?? lastUs, seriesMax: seriesReadMax },
      stages: stages.map(({ id }) => id),
      horizonsUs: journey.stages.map((stage) => judgedAfterUs(rule, stage, learned.get(stage.id) ?? null)),
    };
    const series = new Map<string | null, readonly DailySeries[]>();
    for (const by of readingsBy(rule, journey)) {
      series.set(by, (await readDailyCounts(clickhouse, active, { ...counted, by }, options)).series);
    }
    const given = { counted, plansAt, missed: new Map(own.flatMap((us) => pairOf(us, missed.get(us)))) };
    const corrections = await readCorrections(clickhouse, plan, given, options);
    past.push({ evaluationsUs: own, history: { series, events, latestUs, learned, corrections } });
  }
  return { ...told, spans: past };
}

const pairOf = <T>(key: number, value: T | undefined): [number, T][] => (value === undefined ? [] : [[key, value]]);

/** Missed events per question at most, so that the units that are derived anew fit into the memory of one. */
const missedPerQuestion = 4_000;

/** Beyond this a replay by receipt would take too long: more than imports and outages make. */
const missedMax = 1_000_000;

const countOf = (days: ReadonlyMap<number, number>): number => [...days.values()].reduce((sum, n) => sum + n, 0);

type Counted = Omit<LateCountsAsked, 'by' | 'instantsUs' | 'untilUs'>;

/** Events that an evaluation didn't know yet, by evaluation and day. */
async function readMissed(
  clickhouse: ClickHouse,
  { active, evaluationsUs: instantsUs }: BacktestPlan,
  options: QueryOptions,
): Promise<ReadonlyMap<number, ReadonlyMap<number, number>>> {
  const missed = await readMissedEvents(clickhouse, { instantsUs, timezone: active.journey.timezone }, options);
  const sum = [...missed.values()].reduce((total, days) => total + countOf(days), 0);
  if (sum <= missedMax) return missed;
  const detail = `Too many events came after evaluations that they belonged to (${sum} times one was missed). Ask for a shorter range, or with knownBy occurred.`;
  throw new QuestionError('query_limit', detail);
}

interface CorrectionsAsked {
  readonly counted: Counted;
  readonly plansAt: (us: number) => readonly StagePlan[];
  /** Of the evaluations that are corrected. */
  readonly missed: ReadonlyMap<number, ReadonlyMap<number, number>>;
}

async function readCorrections(
  clickhouse: ClickHouse,
  { rule, active }: BacktestPlan,
  { counted, plansAt, missed }: CorrectionsAsked,
  options: QueryOptions,
): Promise<ReadonlyMap<number, Correction>> {
  const series = new Map<number, Map<string | null, readonly DailySeries[]>>();
  for (const part of partsOf(missed)) {
    const untilUs = part.map((us) => judgedUntilUs(plansAt(us), us));
    for (const by of readingsBy(rule, active.journey)) {
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
function judgedUntilUs(plans: readonly StagePlan[], evaluationUs: number): number {
  const ends = plans.map(({ horizonUs, windows: [current] }) => current.toUs + horizonUs);
  return Math.min(evaluationUs, Math.max(...ends));
}

/** The instants at which something was missed, in order, in parts that aren't too much for one question. */
function partsOf(missed: ReadonlyMap<number, ReadonlyMap<number, number>>): number[][] {
  const parts: number[][] = [];
  let size = missedPerQuestion;
  for (const [us, days] of [...missed].sort(([a], [b]) => a - b)) {
    const own = countOf(days);
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

const nothingKnown: History = {
  ...{ series: new Map(), events: new Map(), latestUs: new Map(), learned: new Map(), corrections: new Map() },
};

/** The past of a rule that was never due while there were events. */
export const noHistory: ReadHistory = {
  spans: [],
  decision: { knownBy: 'received', because: 'there are no events in this time, or no evaluation was due in it' },
  ...{ events: 0, daysLate: 0, missed: 0 },
};
