import type { Parameters } from '../funnel/parameters.ts';
import { bucketSql } from '../funnel/sql-bucket.ts';
import type { JourneyScope } from './scope.ts';

/** Values of column `visit_outcome`, and of `outcome` in {@link visitRows}. */
export const outcomes = { open: 0, advanced: 1, returned: 2, lost: 3, silent: 4, completed: 5 } as const;

export interface VisitRowsOptions {
  /** `range`: visits that began in [from, to) (the default); `all`: every visit that began up to asOf. */
  readonly cohort?: 'range' | 'all';
  /** SQL of rows that stand in for those of the derivation in `unit_journeys`. */
  readonly rows?: string;
  /** Stages to look at, from 1; all where it is missing. */
  readonly stages?: readonly number[];
  /** More columns, as expressions over those of `unit_journeys` and of the visit (`visit`, `stage`, `entered`, …). */
  readonly columns?: readonly string[];
  /** `expression AS name`: arrays over the columns of `unit_journeys` with an item per visit, to use in `columns`. */
  readonly arrays?: readonly string[];
}

/**
 * SQL of the visits of a scope, one row each, as of `asOf`:
 * `unit_key`, `visit` (place in the unit's row, from 1), `cycle`, `stage` (from 1), `entered` (µs), `outcome`
 * (UInt8, see {@link outcomes}), `ended` (µs; 0 while open), `until` (µs: the end, or asOf), `next` (stage, 0 none),
 * `segment` (text; `''` without `by`), `bucket` (µs; 0 without interval).
 *
 * With `count: customers` only a unit's first visit per stage, segment and bucket is given. Silence is judged here: a visit
 * without an end is lost by silence when asOf is later than its last activity + lost_after. See docs/derivation.md.
 */
export function visitRows(scope: JourneyScope, parameters: Parameters, options: VisitRowsOptions = {}): string {
  const asOf = parameters.bind(scope.asOfUs, 'Int64');
  const limits = parameters.bind(
    scope.journey.stages.map(({ lostAfterUs }) => lostAfterUs ?? 0),
    'Array(Int64)',
  );
  const { open, silent } = outcomes;
  const stored = `toUInt8(stored_outcome)`;
  const isFinal = `${stored} != ${open} AND stored_ended + (${stored} = ${silent}) <= ${asOf}`;
  const isSilent = `${stored} = ${open} AND loss_limit > 0 AND ${asOf} - active > loss_limit`;
  const columns = [
    'unit_key',
    'visit',
    'cycle',
    'stage',
    'entered',
    `${limits}[stage] AS loss_limit`,
    `multiIf(${isFinal}, ${stored}, ${isSilent}, toUInt8(${silent}), toUInt8(${open})) AS outcome`,
    `multiIf(outcome = ${open}, 0, ${stored} = ${open}, active + loss_limit, stored_ended) AS ended`,
    `if(outcome = ${open}, ${asOf}, ended) AS until`,
    `if(outcome IN (${outcomes.advanced}, ${outcomes.returned}), stored_next, 0) AS next`,
    scope.by === null ? `'' AS segment` : 'segment',
    scope.interval === null ? 'toInt64(0) AS bucket' : 'bucket',
    ...(options.columns ?? []),
  ];
  const conditions = [inCohort(scope, parameters, 'entered', options)];
  if (options.stages !== undefined) {
    conditions.push(`stage IN ${parameters.bind(options.stages, 'Array(Int64)')}`);
  }
  for (const { index, values } of scope.segments) {
    conditions.push(`segments[${index}] IN ${parameters.bind(values, 'Array(String)')}`);
  }
  if (scope.count === 'customers') conditions.push('occurrence = 1');
  const arrays = visitArrays(scope, parameters, options).join(', ');
  if (options.rows !== undefined) {
    return `SELECT ${columns.join(', ')}
FROM (\n${options.rows}\n)
ARRAY JOIN ${arrays}
WHERE ${conditions.join(' AND ')}`;
  }
  return `SELECT ${columns.join(', ')}
FROM unit_journeys FINAL
ARRAY JOIN ${arrays}
WHERE derivation = ${parameters.bind(scope.derivation, 'UInt32')} AND ${conditions.join(' AND ')}`;
}

function inCohort(scope: JourneyScope, parameters: Parameters, time: string, { cohort = 'range' }: VisitRowsOptions) {
  const asOf = parameters.bind(scope.asOfUs, 'Int64');
  if (cohort === 'all') return `${time} <= ${asOf}`;
  const from = parameters.bind(scope.fromUs, 'Int64');
  const to = parameters.bind(scope.toUs, 'Int64');
  return `${time} >= ${from} AND ${time} < ${to} AND ${time} <= ${asOf}`;
}

function visitArrays(scope: JourneyScope, parameters: Parameters, options: VisitRowsOptions): readonly string[] {
  const segmentOf = (index: number) => `arrayMap(values -> toString(values[${index}]), visit_segments)`;
  const segment = scope.by === null ? null : segmentOf(scope.by.index);
  const bucket =
    scope.interval === null ? null : `arrayMap(entered -> ${bucketSql('entered', scope, parameters)}, visit_entered)`;
  const arrays = [
    'arrayEnumerate(visit_stage) AS visit',
    'visit_cycle AS cycle',
    'visit_stage AS stage',
    'visit_entered AS entered',
    'visit_outcome AS stored_outcome',
    'visit_ended AS stored_ended',
    'visit_next AS stored_next',
    'visit_active AS active',
    ...(options.arrays ?? []),
  ];
  if (segment !== null) arrays.push(`${segment} AS segment`);
  if (bucket !== null) arrays.push(`${bucket} AS bucket`);
  if (scope.segments.length > 0) arrays.push('visit_segments AS segments');
  if (scope.count === 'customers') {
    const matches = [
      inCohort(scope, parameters, 'entered', options),
      ...scope.segments.map(({ index, values }) => `values[${index}] IN ${parameters.bind(values, 'Array(String)')}`),
    ];
    const lambda = scope.segments.length === 0 ? 'entered' : '(entered, values)';
    const over = scope.segments.length === 0 ? 'visit_entered' : 'visit_entered, visit_segments';
    const keys = ['visit_stage', `arrayMap(${lambda} -> ${matches.join(' AND ')}, ${over})`];
    if (segment !== null) keys.push(segment);
    if (bucket !== null) keys.push(bucket);
    arrays.push(`arrayEnumerateUniq(${keys.join(', ')}) AS occurrence`);
  }
  return arrays;
}
