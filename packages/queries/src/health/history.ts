import { bigintColumn, defineQuery, flagColumn, integerColumn } from '@michinori/clickhouse';
import { z } from 'zod';

/** The evaluations of a journey that count, `as_of, evaluated_at`: finished ones, of several of one instant the earliest. */
export const countingEvaluations =
  'SELECT as_of, min(evaluated_at) FROM health_evaluations WHERE journey = {journey:String} GROUP BY as_of';

const isCounting = `journey = {journey:String} AND (as_of, evaluated_at) GLOBAL IN (${countingEvaluations})`;

const evaluation = z.object({
  asOfUs: integerColumn,
  evaluatedUs: integerColumn,
  units: integerColumn,
  isBackfilled: flagColumn,
  /** Whether everybody who is to hear of it has been told, or will be by the outbox. */
  isTold: flagColumn,
});
export type HealthEvaluation = z.output<typeof evaluation>;

/** The evaluations of a journey that count, the oldest first. */
export const healthEvaluations = defineQuery({
  name: 'health-evaluations',
  sql: `
    SELECT as_of AS asOfUs, evaluation.1 AS evaluatedUs, evaluation.2 AS units, evaluation.3 AS isBackfilled,
      as_of GLOBAL IN (SELECT as_of FROM health_told WHERE journey = {journey:String}) AS isTold
    FROM (
      SELECT as_of, min((evaluated_at, units, is_backfilled)) AS evaluation
      FROM health_evaluations WHERE journey = {journey:String} GROUP BY as_of
    )
    ORDER BY as_of`,
  params: z.object({ journey: z.string() }),
  row: evaluation,
});

const rangeParams = {
  journey: z.string(),
  asOfUs: z.int(),
  fromKey: z.bigint(),
  toKey: z.bigint(),
};
const inRange = 'unit_key BETWEEN {fromKey:UInt64} AND {toKey:UInt64}';

/** A score as it was written; `ledger` and `golden` are JSON, the latter empty where there is none. */
const pastScore = z.object({
  unitKey: bigintColumn,
  unit: z.string(),
  anonymous: z.string(),
  stage: z.string(),
  score: z.number(),
  ledger: z.string(),
  golden: z.string(),
});
export type StoredScore = z.output<typeof pastScore>;

/** The scores of one evaluation in a range of unit keys, by key. */
export const pastScores = defineQuery({
  name: 'health-past-scores',
  sql: `
    SELECT unit_key AS unitKey, unit, anonymous, stage, score, ledger, golden
    FROM health_scores
    WHERE journey = {journey:String} AND as_of = {asOfUs:Int64} AND evaluated_at = {evaluatedUs:Int64} AND ${inRange}
    ORDER BY unitKey
    LIMIT 1 BY unitKey`,
  params: z.object({ ...rangeParams, evaluatedUs: z.int() }),
  row: pastScore,
});

/** Signals that stand after the evaluation of an instant, in a range of unit keys. */
export const standingSignals = defineQuery({
  name: 'health-standing-signals',
  sql: `
    SELECT unit_key AS unitKey, toString(signal) AS signal, argMax(raised_at, as_of) AS raisedUs
    FROM health_signals
    WHERE ${isCounting} AND as_of <= {asOfUs:Int64} AND ${inRange}
    GROUP BY unit_key, signal
    HAVING argMax(toString(change), as_of) = 'raised'`,
  params: z.object(rangeParams),
  row: z.object({
    unitKey: bigintColumn,
    signal: z.enum(['churn', 'expansion', 'golden_time']),
    raisedUs: integerColumn,
  }),
});

/** A change of a signal as it was written; `moved` is JSON. */
const storedChange = z.object({
  id: z.string(),
  asOfUs: integerColumn,
  unitKey: bigintColumn,
  kind: z.enum(['customer', 'account']),
  unit: z.string(),
  anonymous: z.string(),
  signal: z.enum(['churn', 'expansion', 'golden_time']),
  change: z.enum(['raised', 'cleared']),
  raisedUs: integerColumn,
  why: z.enum(['score', 'left']),
  stage: z.string(),
  score: z.number().nullable(),
  scoreBefore: z.number().nullable(),
  moved: z.string(),
});
export type StoredChange = z.output<typeof storedChange>;

/** What one evaluation raised and cleared, by unit and signal. */
export const changesOfEvaluation = defineQuery({
  name: 'health-changes',
  sql: `
    SELECT id, as_of AS asOfUs, unit_key AS unitKey, toString(kind) AS kind, unit, anonymous, toString(signal) AS signal,
      toString(change) AS change, raised_at AS raisedUs, toString(why) AS why, stage, score, score_before AS scoreBefore, moved
    FROM health_signals
    WHERE journey = {journey:String} AND as_of = {asOfUs:Int64} AND evaluated_at = {evaluatedUs:Int64}
    ORDER BY unitKey, signal
    LIMIT 1 BY unitKey, signal`,
  params: z.object({ journey: z.string(), asOfUs: z.int(), evaluatedUs: z.int() }),
  row: storedChange,
});

/** How many stored rows of events there are: whether history is still being loaded. */
export const storedEvents = defineQuery({
  name: 'stored-events',
  sql: 'SELECT count() AS events FROM events',
  params: z.object({}),
  row: z.object({ events: integerColumn }),
});
