import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { benjaminiHochberg, npsDifference, npsInterval, wilson } from '@michinori/statistics';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { isoText } from '../funnel/time.ts';
import { trendBuckets } from '../funnel/trend-buckets.ts';
import { type ResponseCohort, responseRows } from './response-rows.ts';
import type { JourneyScope } from './scope.ts';

/** Fewest answers for a score that is more than an anecdote. */
const answersMin = 30;

/** NPS of one cell. Shares 0 … 1, scores −100 … 100. */
export interface NpsRow {
  readonly cohort: string | null;
  readonly segment: string | null;
  readonly bucket: string | null;
  /** Customers who answered: the latest answer of each counts. */
  readonly responses: number;
  readonly promoters: number;
  readonly passives: number;
  readonly detractors: number;
  readonly nps: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly state: 'insufficient' | 'ok';
  /** Customers who were asked (`nps.asked`) in this cell, and those of them who answered at or after it, up to asOf. */
  readonly asked: number;
  readonly answered: number;
  readonly responseShare: number | null;
  readonly responseShareLo: number | null;
  readonly responseShareHi: number | null;
  readonly pValue: number | null;
  readonly qValue: number | null;
}

const countsRow = z.object({
  cohort: z.string(),
  segment: z.string(),
  bucket: integerColumn,
  promoters: integerColumn,
  passives: integerColumn,
  detractors: integerColumn,
  asked: integerColumn,
  answered: integerColumn,
});
type Counts = z.output<typeof countsRow>;

function npsQuery(scope: JourneyScope, cohort: ResponseCohort) {
  const parameters = createParameters();
  const rows = responseRows(scope, parameters, cohort);
  const later = () =>
    responseRows({ ...scope, toUs: scope.asOfUs + 1, segments: [], by: null, interval: null }, parameters);
  // All answers of a customer stand in one row; of an account those of its customers have to be told apart.
  const isCustomer = scope.journey.unit === 'customer';
  const ownLast = isCustomer ? ', any(last_heard) AS last_answer' : '';
  const answers = isCustomer
    ? ''
    : `LEFT JOIN (
  SELECT unit_key, customer, max(at) AS last_answer FROM (${later()}) WHERE nps >= 0 GROUP BY unit_key, customer
) AS answers USING (unit_key, customer)`;
  // One pass per customer and cell, then one per cell. An ask without any answer in the cell leaves `score` at −1.
  const sql = `SELECT cohort, segment, bucket,
  countIf(score >= 9) AS promoters, countIf(score BETWEEN 7 AND 8) AS passives, countIf(score BETWEEN 0 AND 6) AS detractors,
  countIf(asks > 0) AS asked, countIf(asks > 0 AND last_answer >= first_ask) AS answered
FROM (
  SELECT cohort, segment, bucket, unit_key, customer,
    argMaxIf(nps, place, nps >= 0) AS latest, if(countIf(nps >= 0) = 0, -1, latest) AS score,
    countIf(asked = 1) AS asks, minIf(at, asked = 1) AS first_ask${ownLast}
  FROM (${rows})
  WHERE nps >= 0 OR asked = 1
  GROUP BY cohort, segment, bucket, unit_key, customer
) AS cells
${answers}
GROUP BY cohort, segment, bucket
ORDER BY cohort, segment, bucket`;
  const query = defineQuery({ name: 'journey-nps', sql, params: anyParameters, row: countsRow });
  return { query, values: parameters.values() };
}

/**
 * NPS of a journey's customers per cohort, segment and bucket: the latest answer of each customer in the cell; 95 % interval from
 * the variance (p + d − (p − d)²)/n (Rocks, 2016). With `by`, each segment is compared with all others of its cohort and bucket
 * together; q-values over the rows of a cohort and bucket (Benjamini & Hochberg, 1995).
 */
export async function runNps(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  { cohort }: { cohort: ResponseCohort },
  options?: QueryOptions,
): Promise<{ rows: NpsRow[] }> {
  const [counted, buckets] = await Promise.all([
    runBound(clickhouse, npsQuery(scope, cohort), options),
    scope.interval === null ? [{ bucketUs: 0 }] : runBound(clickhouse, trendBuckets(scope), options),
  ]);
  return {
    rows: npsRows(
      scope,
      cohort,
      counted,
      buckets.map(({ bucketUs }) => bucketUs),
    ),
  };
}

/** Rows of the answer from the counts; buckets without an answer are rows of zeros. Pure. */
export function npsRows(
  scope: Pick<JourneyScope, 'by' | 'interval' | 'journey'>,
  cohort: ResponseCohort,
  counted: readonly Counts[],
  bucketsUs: readonly number[],
): NpsRow[] {
  const keyOf = (...parts: readonly (string | number)[]) => JSON.stringify(parts);
  const cells = new Map(counted.map((row) => [keyOf(row.cohort, row.segment, row.bucket), row]));
  const cohorts = sortCohorts(cohort, scope, [...new Set(counted.map((row) => row.cohort))]);
  const segments = scope.by === null ? [''] : [...new Set(counted.map((row) => row.segment))].sort();
  const rows = (cohorts.length === 0 && scope.by === null ? [''] : cohorts).flatMap((name) =>
    bucketsUs.flatMap((bucket) => {
      const family = segments.map(
        (segment) => cells.get(keyOf(name, segment, bucket)) ?? { ...empty, cohort: name, segment, bucket },
      );
      const pValues = family.map((row) => (scope.by === null ? null : againstOthers(row, family)));
      const qValues = adjust(pValues);
      return family.map((row, i) => npsRow(row, scope, cohort, pValues[i] ?? null, qValues[i] ?? null));
    }),
  );
  return rows;
}

const empty = { promoters: 0, passives: 0, detractors: 0, asked: 0, answered: 0 };

/** Stages in the order of the journey, everything else by name. */
function sortCohorts(cohort: ResponseCohort, { journey }: Pick<JourneyScope, 'journey'>, names: string[]): string[] {
  const place = (name: string) => (cohort === 'stage' ? journey.stages.findIndex(({ id }) => id === name) : 0);
  return names.sort((a, b) => place(a) - place(b) || (a < b ? -1 : a > b ? 1 : 0));
}

function againstOthers(row: Counts, family: readonly Counts[]): number | null {
  const sum = (pick: (counts: Counts) => number) => family.reduce((total, other) => total + pick(other), -pick(row));
  const others = {
    promoters: sum((counts) => counts.promoters),
    passives: sum((counts) => counts.passives),
    detractors: sum((counts) => counts.detractors),
  };
  const { difference, pValue } = npsDifference(row, others);
  return difference === null ? null : pValue;
}

function adjust(pValues: readonly (number | null)[]): (number | null)[] {
  const known = pValues.flatMap((value, i) => (value === null ? [] : [{ value, i }]));
  const adjusted = benjaminiHochberg(known.map(({ value }) => value));
  const result: (number | null)[] = pValues.map(() => null);
  for (const [position, { i }] of known.entries()) result[i] = adjusted[position] ?? null;
  return result;
}

function npsRow(
  counts: Counts,
  scope: Pick<JourneyScope, 'by' | 'interval'>,
  cohort: ResponseCohort,
  pValue: number | null,
  qValue: number | null,
): NpsRow {
  const { promoters, passives, detractors, asked, answered } = counts;
  const responses = promoters + passives + detractors;
  const score = npsInterval(promoters, passives, detractors);
  const share = asked === 0 ? null : wilson(answered, asked);
  return {
    cohort: cohortText(cohort, counts.cohort),
    segment: scope.by === null ? null : counts.segment,
    bucket: scope.interval === null ? null : isoText(counts.bucket),
    responses,
    promoters,
    passives,
    detractors,
    nps: score.nps,
    lo: responses === 0 ? null : score.lo,
    hi: responses === 0 ? null : score.hi,
    state: responses < answersMin ? 'insufficient' : 'ok',
    asked,
    answered,
    responseShare: asked === 0 ? null : answered / asked,
    responseShareLo: share?.lo ?? null,
    responseShareHi: share?.hi ?? null,
    pValue,
    qValue,
  };
}

function cohortText(cohort: ResponseCohort, name: string): string | null {
  if (cohort === 'none') return null;
  return cohort === 'entry' && name !== '' ? isoText(Number(name)) : name;
}
