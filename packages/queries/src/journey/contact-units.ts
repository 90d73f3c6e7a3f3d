import type { Parameters } from '../funnel/parameters.ts';
import { bucketSql } from '../funnel/sql-bucket.ts';
import type { JourneyScope } from './scope.ts';

/**
 * SQL of those rows (columns `unit`, `at` µs, and others) whose unit travels in the journey (had entered a stage by asOf) and whose `at` is in
 * [from, to); adds `segment` (of the unit's last visit that began at or before `at`; `''` without `by` or such a visit) and
 * `bucket` of `at` (µs; 0 without interval). Segment filters look at the same visit.
 */
export function rowsOfTravellers(scope: JourneyScope, rows: string, parameters: Parameters): string {
  const bind = (us: number) => parameters.bind(us, 'Int64');
  const bucket = scope.interval === null ? 'toInt64(0)' : bucketSql('at', scope, parameters);
  const inRange = `at >= ${bind(scope.fromUs)} AND at < ${bind(scope.toUs)} AND at <= ${bind(scope.asOfUs)}`;
  const travels = `derivation = ${parameters.bind(scope.derivation, 'UInt32')} AND notEmpty(visit_entered) AND visit_entered[1] <= ${bind(scope.asOfUs)}`;
  if (scope.by === null && scope.segments.length === 0) {
    return `SELECT *, '' AS segment, ${bucket} AS bucket
FROM (\n${rows}\n)
WHERE ${inRange} AND unit IN (SELECT unit_key FROM unit_journeys FINAL WHERE ${travels})`;
  }
  const names = [...new Set([...scope.segments, ...(scope.by === null ? [] : [scope.by])].map(({ index }) => index))];
  const value = (index: number) => `values_${index}[place]`;
  const conditions = scope.segments.map(
    ({ index, values }) => `${value(index)} IN ${parameters.bind(values, 'Array(String)')}`,
  );
  return `SELECT *, arrayLastIndex(entered -> entered <= at, entries) AS place,
  ${scope.by === null ? "''" : value(scope.by.index)} AS segment, ${bucket} AS bucket
FROM (\n${rows}\n) AS contacts
INNER JOIN (
SELECT unit_key AS unit, visit_entered AS entries, ${names.map((index) => `arrayMap(values -> toString(values[${index}]), visit_segments) AS values_${index}`).join(', ')}
FROM unit_journeys FINAL
WHERE ${travels}
) AS units USING (unit)
WHERE ${[inRange, ...conditions].join(' AND ')}`;
}
