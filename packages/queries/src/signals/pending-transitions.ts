import { type ClickHouse, defineQuery, integerColumn, integerTextColumn } from '@michinori/clickhouse';
import { z } from 'zod';
import type { Derivation, UnitScope } from '../derive/scope.ts';
import { accountScopeSql, scopeSql } from '../derive/sql-scope.ts';
import { anyParameters } from '../funnel/bound-query.ts';
import { createParameters, type Parameters } from '../funnel/parameters.ts';
import { transitionIdSql, transitionsSql } from './sql-transitions.ts';

/** A transition of which the signals don't say what the journey says, or of which it isn't known whether the log has the signal. */
export interface PendingTransition {
  readonly unitKey: string;
  readonly id: string;
  /** Of its last announcement, see table `announced_signals`; 0 without one. */
  readonly step: number;
  /** Of the definition that it was announced under; 0 without an announcement. */
  readonly version: number;
  readonly isTrue: boolean;
  readonly kind: 'customer' | 'account';
  readonly unit: string;
  readonly anonymous: string;
  readonly cycle: number;
  readonly visit: number;
  /** Ids of stages; `''` is none. */
  readonly from: string;
  readonly to: string;
  readonly outcome: string;
  readonly reason: string;
  readonly atUs: number;
}

/** What is looked for. */
export interface PendingWanted {
  /** What never was announced is announced only if it happened after this instant (µs). */
  readonly announcedFromUs: number;
  /** Nothing before this instant (µs) is looked at, true or announced: what was announced is remembered that long. */
  readonly rememberedFromUs: number;
  readonly rowsMax: number;
  /** Of the scope only the units with these keys; all of it where it is missing. */
  readonly unitKeys?: readonly string[] | undefined;
}

/** Whose transitions are looked for: a condition on a column of unit keys. */
type InScope = (column: string, parameters: Parameters) => string;

const pendingRow = z
  .object({
    unitKey: integerTextColumn,
    id: z.string(),
    step: z.number(),
    version: z.number(),
    isTrue: z.union([z.literal(0), z.literal(1)]),
    kind: z.enum(['customer', 'account']),
    unit: z.string(),
    anonymous: z.string(),
    cycle: z.number(),
    visit: z.number(),
    stageFrom: z.string(),
    stageTo: z.string(),
    outcome: z.string(),
    reason: z.string(),
    atUs: integerColumn,
  })
  .transform(
    ({ isTrue, stageFrom: from, stageTo: to, ...row }): PendingTransition => ({
      ...row,
      from,
      to,
      isTrue: isTrue === 1,
    }),
  );

const shared = [
  ...[
    'unit_key',
    'id',
    'kind',
    'unit',
    'anonymous',
    'cycle',
    'visit',
    'stage_from',
    'stage_to',
    'outcome',
    'reason',
    'at',
  ],
  ...['version', 'step', 'is_true'],
].join(', ');

function unitsOf({ journey }: Derivation, scope: UnitScope, unitKeys: PendingWanted['unitKeys']): InScope {
  const keys = unitKeys?.map(BigInt);
  return (column, parameters) => {
    if (keys !== undefined) return `${column} IN (SELECT arrayJoin(${parameters.bind(keys, 'Array(UInt64)')}))`;
    if (journey.unit === 'customer' || scope.kind === 'range') return scopeSql(column, scope, parameters);
    return `${column} IN (SELECT account_key FROM account_members WHERE ${accountScopeSql(scope, parameters)})`;
  };
}

function trueRows(derivation: Derivation, inScope: InScope, fromUs: string, parameters: Parameters): string {
  const { id, journey } = derivation;
  const kind = parameters.bind(journey.unit, 'String');
  const stages = parameters.bind(['', ...journey.stages.map((stage) => stage.id)], 'Array(String)');
  const columns = ['cycle', 'stage', 'entered', 'ended', 'outcome', 'next', 'reason'].map((name) => `visit_${name}`);
  const fields = [
    ...[parameters.bind(journey.id, 'String'), kind, 'unit', 'anonymous', 'cycle', 'visit', 'stage_from', 'stage_to'],
    ...['outcome', 'reason', 'at'],
  ];
  return `SELECT unit_key, ${transitionIdSql(fields, parameters)} AS id, ${kind} AS kind, unit, anonymous, transition.2 AS cycle, transition.1 AS visit,
  ${stages}[transition.3 + 1] AS stage_from, ${stages}[transition.4 + 1] AS stage_to, transition.5 AS outcome, transition.6 AS reason, transition.7 AS at,
  toUInt32(0) AS version, toUInt32(0) AS step, toUInt8(1) AS is_true
FROM (
SELECT unit_key, unit, anonymous, ${columns.join(', ')}
FROM unit_journeys FINAL
PREWHERE derivation = ${parameters.bind(id, 'UInt32')} AND ${inScope('unit_key', parameters)}
WHERE arrayExists((entered, ended) -> entered > ${fromUs} OR ended > ${fromUs}, visit_entered, visit_ended)
)
ARRAY JOIN arrayFilter(t -> t.7 > ${fromUs}, ${transitionsSql()}) AS transition`;
}

/**
 * The difference between the transitions of a scope's units under the derivation that answers, and what was announced of them: what is true
 * and wasn't announced, what was announced and isn't true, and what may not have reached the log. By unit, what is to be
 * taken back first, then in the order of the visits; at most `rowsMax` rows.
 */
export async function pendingTransitions(
  clickhouse: ClickHouse,
  derivation: Derivation,
  scope: UnitScope,
  { announcedFromUs, rememberedFromUs, rowsMax, unitKeys }: PendingWanted,
): Promise<PendingTransition[]> {
  const parameters = createParameters();
  const inScope = unitsOf(derivation, scope, unitKeys);
  const fromUs = parameters.bind(rememberedFromUs, 'Int64');
  const announced = `SELECT unit_key, id, toString(kind) AS kind, unit, anonymous, cycle, visit, stage_from, stage_to, outcome, reason, at, version, step, toUInt8(0) AS is_true
FROM announced_signals
WHERE journey = ${parameters.bind(derivation.journey.id, 'String')} AND at > ${fromUs} AND ${inScope('unit_key', parameters)}`;
  const isAnnounced = 'intDiv(step, 2) % 2 = 1';
  const any = ['kind', 'unit', 'anonymous', 'cycle', 'visit', 'stage_from', 'stage_to', 'outcome', 'reason', 'at'];
  const query = defineQuery({
    name: 'pending-transitions',
    sql: `SELECT toString(unit_key) AS unitKey, id, max(step) AS step, max(version) AS version, max(is_true) AS isTrue,
  ${any.map((column) => `any(${column}) AS ${names.get(column) ?? column}`).join(', ')}
FROM (
SELECT ${shared} FROM (\n${announced}\n)
UNION ALL
SELECT ${shared} FROM (\n${trueRows(derivation, inScope, fromUs, parameters)}\n)
)
GROUP BY unit_key, id
HAVING isTrue != (${isAnnounced}) AND (step > 0 OR atUs > ${parameters.bind(announcedFromUs, 'Int64')}) OR (step > 0 AND step % 2 = 0)
ORDER BY unit_key, isTrue, visit, stageTo = '', id
LIMIT ${parameters.bind(rowsMax, 'UInt32')}`,
    params: anyParameters,
    row: pendingRow,
  });
  return clickhouse.queryOnWriter(query, parameters.values());
}

const names = new Map([
  ['stage_from', 'stageFrom'],
  ['stage_to', 'stageTo'],
  ['at', 'atUs'],
]);
