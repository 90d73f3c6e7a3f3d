import { type ClickHouse, defineQuery, flagColumn, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import type { HealthSignal } from '@michinori/journey';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters, type Parameters } from '../funnel/parameters.ts';
import type { JourneyScope } from '../journey/scope.ts';
import { countingUpTo } from './stored-scores.ts';

const signalName = z.enum(['churn', 'expansion', 'golden_time']);

const signalRow = z.object({
  /** Of the change that raised it. */
  id: z.string(),
  signal: signalName,
  unit: z.string(),
  anonymous: z.string(),
  /** When it was raised. */
  stage: z.string(),
  score: z.number().nullable(),
  scoreBefore: z.number().nullable(),
  /** JSON: lines of the ledger that moved. */
  moved: z.string(),
  raisedUs: integerColumn,
  /** 0 while it stands. */
  clearedUs: integerColumn,
  isBackfilled: flagColumn,
});
/** A signal from its raise to its end. */
export type SignalSpan = z.output<typeof signalRow>;

export interface SignalsQuestion {
  readonly signal: HealthSignal | null;
  readonly stage: string | null;
  readonly state: 'open' | 'past' | 'all';
  /** Raised in [fromUs, toUs); null: whenever. */
  readonly fromUs: number | null;
  readonly toUs: number | null;
  readonly limit: number;
}

/** SQL of the signals of a journey as of an instant, one row each: `unit_key, signal, raised_at`, and columns of {@link SignalSpan}. */
export function signalSpans({ journey, asOfUs }: JourneyScope, parameters: Parameters): string {
  const ofRaise = (column: string) => `anyIf(${column}, change = 'raised')`;
  return `SELECT unit_key, signal, raised_at, ${ofRaise('id')} AS id, any(unit) AS unit, any(anonymous) AS anonymous, ${ofRaise('stage')} AS stage,
  ${ofRaise('score')} AS score, ${ofRaise('score_before')} AS scoreBefore, ${ofRaise('moved')} AS moved, maxIf(as_of, change = 'cleared') AS cleared_at,
  ${ofRaise('is_backfilled')} AS isBackfilled
FROM health_signals
WHERE ${countingUpTo(journey.id, asOfUs, parameters)}
GROUP BY unit_key, signal, raised_at
HAVING id != ''`;
}

function signalsQuery(scope: JourneyScope, asked: SignalsQuestion) {
  const parameters = createParameters();
  const conditions = [
    ...(asked.signal === null ? [] : [`toString(signal) = ${parameters.bind(asked.signal, 'String')}`]),
    ...(asked.stage === null ? [] : [`stage = ${parameters.bind(asked.stage, 'String')}`]),
    ...(asked.state === 'all' ? [] : [asked.state === 'open' ? 'cleared_at = 0' : 'cleared_at != 0']),
    ...(asked.fromUs === null ? [] : [`raised_at >= ${parameters.bind(asked.fromUs, 'Int64')}`]),
    ...(asked.toUs === null ? [] : [`raised_at < ${parameters.bind(asked.toUs, 'Int64')}`]),
  ];
  const sql = `SELECT id, toString(signal) AS signal, unit, anonymous, stage, score, scoreBefore, moved, raised_at AS raisedUs, cleared_at AS clearedUs, isBackfilled
FROM (\n${signalSpans(scope, parameters)}\n)
${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
ORDER BY raisedUs DESC, id
LIMIT ${parameters.bind(asked.limit, 'UInt32')}`;
  const query = defineQuery({ name: 'health-signals', sql, params: anyParameters, row: signalRow });
  return { query, values: parameters.values() };
}

/** Signals that stand, or stood, as of the scope's instant, the newest first. */
export function runHealthSignals(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  asked: SignalsQuestion,
  options?: QueryOptions,
): Promise<SignalSpan[]> {
  return runBound(clickhouse, signalsQuery(scope, asked), options);
}

const taskRow = z.object({
  id: z.string(),
  owner: z.string(),
  signal: signalName,
  unit: z.string(),
  anonymous: z.string(),
  stage: z.string(),
  score: z.number().nullable(),
  createdUs: integerColumn,
  dueUs: integerColumn,
  /** 0 while the signal stands. */
  clearedUs: integerColumn,
  texts: z.array(z.tuple([z.string(), z.string()])),
});
/** Something that somebody is to do. */
export type HealthTask = z.output<typeof taskRow>;

export interface TasksQuestion {
  readonly owner: string | null;
  /** `overdue` is part of `open`. */
  readonly state: 'open' | 'overdue' | 'settled' | 'all';
  readonly limit: number;
}

function tasksQuery(scope: JourneyScope, asked: TasksQuestion) {
  const parameters = createParameters();
  const late = `due_at < ${parameters.bind(scope.asOfUs, 'Int64')}`;
  const ofState = {
    open: ['cleared_at = 0'],
    overdue: ['cleared_at = 0', late],
    settled: ['cleared_at != 0'],
    all: [],
  };
  const conditions = [
    ...ofState[asked.state],
    ...(asked.owner === null ? [] : [`owner = ${parameters.bind(asked.owner, 'String')}`]),
  ];
  const tasks = `SELECT id AS task, signal_id, owner, due_at, as_of, text FROM health_tasks
WHERE ${countingUpTo(scope.journey.id, scope.asOfUs, parameters)}
LIMIT 1 BY task`;
  const sql = `SELECT task AS id, owner, toString(signal) AS signal, unit, anonymous, stage, score, as_of AS createdUs, due_at AS dueUs, cleared_at AS clearedUs,
  arrayZip(mapKeys(text), mapValues(text)) AS texts
FROM (\n${tasks}\n) AS tasks
GLOBAL INNER JOIN (\n${signalSpans(scope, parameters)}\n) AS signals ON tasks.signal_id = signals.id
${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
ORDER BY dueUs, task
LIMIT ${parameters.bind(asked.limit, 'UInt32')}`;
  const query = defineQuery({ name: 'health-tasks', sql, params: anyParameters, row: taskRow });
  return { query, values: parameters.values() };
}

/** Tasks as of the scope's instant, those that are due first. A task is settled when the signal that it was made for is cleared. */
export function runHealthTasks(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  asked: TasksQuestion,
  options?: QueryOptions,
): Promise<HealthTask[]> {
  return runBound(clickhouse, tasksQuery(scope, asked), options);
}
