import type { Parameters } from '../funnel/parameters.ts';
import { bucketSql } from '../funnel/sql-bucket.ts';
import type { JourneyScope } from './scope.ts';

/** What responses can be grouped by, beside a segment. */
export const responseCohorts = ['none', 'entry', 'stage', 'touchpoint'] as const;
export type ResponseCohort = (typeof responseCohorts)[number];

/**
 * SQL of the responses of a scope (events with a sentiment, an NPS answer, or that asked for one), one row each, with
 * `at` in [from, to) and not after asOf: `unit_key`, `customer` (key), `at` (µs), `place` (in the unit's row, from 1), `touchpoint`,
 * `nps` (−1 none), `sentiment` (2 none), `asked`, `stage` (of the visit that the response stands in, 0 outside of all),
 * `last_heard` (µs: the unit's last NPS answer from `from` up to asOf, 0 none),
 * `segment` (of that visit, else of the last one before; `''` without `by`), `cohort` (text), `bucket` (µs; 0 without interval).
 *
 * Cohort `entry` is the month, in the scope's time zone, in which the unit's first visit began; `touchpoint` the last
 * touchpoint before the response.
 */
export function responseRows(scope: JourneyScope, parameters: Parameters, cohort: ResponseCohort = 'none'): string {
  const bind = (us: number) => parameters.bind(us, 'Int64');
  const months = { timezone: scope.timezone, interval: 'month' } as const;
  const cohorts: Record<ResponseCohort, string> = {
    none: "''",
    entry: `if(empty(visit_entered), '', toString(${bucketSql('first_entered', months, parameters)}))`,
    stage: `${parameters.bind(['', ...scope.journey.stages.map(({ id }) => id)], 'Array(String)')}[stage + 1]`,
    touchpoint: 'toString(after)',
  };
  const conditions = [
    `derivation = ${parameters.bind(scope.derivation, 'UInt32')}`,
    `at >= ${bind(scope.fromUs)} AND at < ${bind(scope.toUs)} AND at <= ${bind(scope.asOfUs)}`,
    ...scope.segments.map(({ index, values }) => `value_${index} IN ${parameters.bind(values, 'Array(String)')}`),
  ];
  const looked = [...new Set([...(scope.by === null ? [] : [scope.by]), ...scope.segments].map(({ index }) => index))];
  const columns = [
    '*',
    'visit_entered[1] AS first_entered',
    `arrayMax(arrayMap((at, nps) -> if(nps >= 0 AND at >= ${bind(scope.fromUs)} AND at <= ${bind(scope.asOfUs)}, at, 0), response_at, response_nps)) AS last_heard`,
    ...looked.map((index) => `arrayMap(values -> values[${index}], visit_segments) AS segment_${index}`),
  ];
  const arrays = [
    'response_at AS at',
    'arrayEnumerate(response_at) AS place',
    'response_customer AS customer',
    'response_touchpoint AS touchpoint',
    'response_after AS after',
    'response_nps AS nps',
    'response_sentiment AS sentiment',
    'response_asked AS asked',
    'arrayMap(visit -> visit_stage[visit], response_visit) AS stage',
    ...looked.map((index) => `arrayMap(visit -> segment_${index}[visit], ${visitsHeard}) AS value_${index}`),
  ];
  return `SELECT unit_key, customer, at, place, touchpoint, nps, sentiment, asked, stage, last_heard,
  ${scope.by === null ? "''" : `toString(value_${scope.by.index})`} AS segment,
  ${cohorts[cohort]} AS cohort,
  ${scope.interval === null ? 'toInt64(0)' : bucketSql('at', scope, parameters)} AS bucket
FROM (SELECT ${columns.join(', ')} FROM unit_journeys FINAL)
ARRAY JOIN ${arrays.join(', ')}
WHERE ${conditions.join(' AND ')}`;
}

// The visit that a response stands in, else the last one before it. Most units have no response outside of all visits.
const visitsHeard =
  'if(has(response_visit, 0), arrayMap((visit, at) -> if(visit > 0, visit, toUInt32(arrayLastIndex(entered -> entered <= at, visit_entered))), response_visit, response_at), response_visit)';
