import { defineQuery, integerColumn } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, type BoundQuery } from '../funnel/bound-query.ts';
import { createParameters, type Parameters } from '../funnel/parameters.ts';
import { journeySettings } from './journey-settings.ts';
import { perVisit } from './path-visits.ts';
import type { JourneyScope } from './scope.ts';
import { outcomes, visitRows } from './visits.ts';

/** Thirty-seconds of the horizon that bound the bands of time since entry; the last band is open. */
const bandEdges = [1, 2, 4, 8, 12, 16, 20, 24, 28, 32] as const;
/** Bands of time since entry, within which touched and untouched time is compared. */
export const bandsCount = bandEdges.length + 1;

const { open, advanced, returned, lost, silent, completed } = outcomes;
const counts = { advanced, returned, lost, silent, completed, open };
const countShape = Object.fromEntries(Object.keys(counts).map((name) => [name, integerColumn])) as Record<
  keyof typeof counts,
  typeof integerColumn
>;
const bands = z.array(integerColumn).length(bandsCount);

/** Visits to a stage that a touchpoint touched. Times in ms, band by band. */
export const touchpointCohort = z.object({
  stage: z.number(),
  segment: z.string(),
  bucket: integerColumn,
  touchpoint: z.string(),
  n: integerColumn,
  ...countShape,
  /** Advanced, or completed, within the horizon after the first touch. */
  k: integerColumn,
  mature: integerColumn,
  last_before_loss: integerColumn,
  seconds_to_advance: z.number().nullable(),
  time: bands,
  events: bands,
});
export type TouchpointCohort = z.output<typeof touchpointCohort>;

/** All visits to a stage, as far as touchpoints are compared with them. */
export const exposureTotal = z.object({
  stage: z.number(),
  segment: z.string(),
  bucket: integerColumn,
  n: integerColumn,
  losses: integerColumn,
  time: bands,
  events: bands,
});
export type ExposureTotal = z.output<typeof exposureTotal>;

/** Person-time (ms) and advances of each band of a visit, counted from `touched` (µs after entry). */
function bandSums(touched: string): string {
  const edges = ['0', ...bandEdges.map((part) => `intDiv(horizon * ${part}, 32)`)];
  const time = edges.map((start, i) => {
    const until = i + 1 < edges.length ? `least(duration, ${edges[i + 1]})` : 'duration';
    return `sum(intDiv(greatest(0, ${until} - greatest(${touched}, ${start})), 1000))`;
  });
  const events = edges.map((start, i) => {
    const after = i === 0 ? '' : ` AND duration > ${start}`;
    const upTo = i + 1 < edges.length ? ` AND duration <= ${edges[i + 1]}` : '';
    const exposed = touched === '0' ? '' : ` AND duration > ${touched}`;
    return `countIf(outcome = ${advanced}${after}${upTo}${exposed})`;
  });
  return `[${time.join(', ')}] AS time, [${events.join(', ')}] AS events`;
}

function horizonsOf({ journey }: JourneyScope, parameters: Parameters): string {
  return parameters.bind(
    journey.stages.map(({ horizonUs }) => horizonUs),
    'Array(Int64)',
  );
}

/** Touched visits per stage, touchpoint, segment and bucket. */
export function touchpointCohorts(scope: JourneyScope): BoundQuery<TouchpointCohort> {
  const parameters = createParameters();
  const asOf = parameters.bind(scope.asOfUs, 'Int64');
  const visits = visitRows(scope, parameters, {
    arrays: [
      `${perVisit('touch_touchpoint', 'touch_visit')} AS own_touchpoints`,
      `${perVisit('touch_first', 'touch_visit')} AS own_firsts`,
      `${perVisit('touch_is_last', 'touch_visit')} AS own_lasts`,
    ],
    columns: ['own_touchpoints', 'own_firsts', 'own_lasts'],
  });
  const sql = `SELECT stage, segment, bucket, toString(touchpoint) AS touchpoint, count() AS n,
  ${Object.entries(counts)
    .map(([name, code]) => `countIf(outcome = ${code}) AS ${name}`)
    .join(', ')},
  countIf(outcome IN (${advanced}, ${completed}) AND duration - touched <= horizon) AS k,
  countIf(outcome != ${open} OR duration - touched >= horizon) AS mature,
  countIf(outcome IN (${lost}, ${silent}) AND is_last) AS last_before_loss,
  if(advanced = 0, NULL, quantileExactInclusiveIf(0.5)(duration - touched, outcome = ${advanced}) / 1000000) AS seconds_to_advance,
  ${bandSums('touched')}
FROM (
SELECT stage, segment, bucket, outcome, touchpoint, is_last, until - entered AS duration, first_at - entered AS touched, ${horizonsOf(scope, parameters)}[stage] AS horizon
FROM (
${visits}
)
ARRAY JOIN own_touchpoints AS touchpoint, own_firsts AS first_at, own_lasts AS is_last
WHERE first_at <= ${asOf}
)
GROUP BY stage, segment, bucket, touchpoint
ORDER BY stage, segment, bucket, touchpoint`;
  const query = defineQuery({
    name: 'journey-touchpoints',
    sql,
    params: anyParameters,
    row: touchpointCohort,
    settings: journeySettings,
  });
  return { query, values: parameters.values() };
}

/** The same sums over all visits of a stage, touched or not. */
export function exposureTotals(scope: JourneyScope): BoundQuery<ExposureTotal> {
  const parameters = createParameters();
  const sql = `SELECT stage, segment, bucket, count() AS n, countIf(outcome IN (${lost}, ${silent})) AS losses, ${bandSums('0')}
FROM (
SELECT stage, segment, bucket, outcome, until - entered AS duration, ${horizonsOf(scope, parameters)}[stage] AS horizon
FROM (
${visitRows(scope, parameters)}
)
)
GROUP BY stage, segment, bucket
ORDER BY stage, segment, bucket`;
  const query = defineQuery({
    name: 'journey-touchpoint-totals',
    sql,
    params: anyParameters,
    row: exposureTotal,
    settings: journeySettings,
  });
  return { query, values: parameters.values() };
}
