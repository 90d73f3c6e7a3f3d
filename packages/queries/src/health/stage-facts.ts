import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, type BoundQuery, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { journeySettings } from '../journey/journey-settings.ts';
import type { JourneyScope } from '../journey/scope.ts';
import { causeCurve, endings, weightedGroups } from '../journey/survival-sql.ts';
import { outcomes, visitRows } from '../journey/visits.ts';
import type { FactsPlan } from './plan.ts';

/** What is the same for all units in a stage. */
export interface StageFacts {
  /** Seconds after which the share of those who advance have done so; null where that isn't known. Stages by id. */
  beyondSeconds(stage: string, quantile: number): number | null;
  /** Mean sentiment, customer means first; null without any. */
  meanMood(stage: string): number | null;
}

const quantiles = [0.5, 0.75, 0.9] as const;
/** A share that misses p by rounding only has reached it, as in packages/statistics. */
const shareTolerance = 1e-9;

const stalledRow = z.object({
  stage: z.number(),
  advanced: integerColumn,
  /** µs, for each of {@link quantiles}. */
  beyond: z.array(integerColumn.nullable()),
});

/**
 * The time within which a share of those who advance from a stage have done so: where the Aalen–Johansen (1978) curve of advancing reaches that share
 * of its last value, all other ends competing; `advanceQuantile` of packages/statistics.
 */
function stalledQuery(scope: JourneyScope): BoundQuery<z.output<typeof stalledRow>> {
  const parameters = createParameters();
  const { open, advanced } = outcomes;
  const ending = `multiIf(outcome = ${advanced}, ${endings.advanced}, outcome = ${open}, ${endings.censored}, ${endings.lost})`;
  const groups = `SELECT stage, count() AS n, countIf(outcome = ${advanced}) AS advanced,
  arraySort(groupArray(toUInt64(until - entered) * 256 + toUInt64(${ending}))) AS times
FROM (
${visitRows(scope, parameters, { cohort: 'all' })}
)
GROUP BY stage`;
  const reached = quantiles.map((p) => {
    const index = `arrayFirstIndex(f -> f >= ${p} * curve[n] - ${shareTolerance}, curve)`;
    return `if(curve[n] = 0 OR ${index} = 0, NULL, bitShiftRight(times[${index}], 8))`;
  });
  const sql = `SELECT stage, advanced, [${reached.join(', ')}] AS beyond
FROM (SELECT stage, n, advanced, times, ${causeCurve(endings.advanced)} AS curve FROM (\n${weightedGroups(groups)}\n))
ORDER BY stage`;
  const query = defineQuery({
    name: 'health-stalled',
    sql,
    params: anyParameters,
    row: stalledRow,
    settings: journeySettings,
  });
  return { query, values: parameters.values() };
}

const moodRow = z.object({ stage: z.number(), mean: z.number() });

/** Sums of sorted numbers from the front, so that the last digit doesn't depend on the order of rows. */
const sumOf = (array: string) => `arrayCumSum(arraySort(${array}))[-1]`;

function moodQuery(scope: JourneyScope): BoundQuery<z.output<typeof moodRow>> {
  const parameters = createParameters();
  const asOf = parameters.bind(scope.asOfUs, 'Int64');
  const arrays = [
    'response_at AS at',
    'response_customer AS customer',
    'response_sentiment AS mood',
    'arrayMap(visit -> visit_stage[visit], response_visit) AS stage',
  ];
  const sql = `SELECT stage, ${sumOf('groupArray(own)')} / count() AS mean
FROM (
SELECT stage, customer, ${sumOf('groupArray(mood)')} / count() AS own
FROM unit_journeys FINAL
ARRAY JOIN ${arrays.join(', ')}
WHERE derivation = ${parameters.bind(scope.derivation, 'UInt32')} AND at <= ${asOf} AND mood != 2 AND stage != 0
GROUP BY stage, customer
)
GROUP BY stage
ORDER BY stage`;
  const query = defineQuery({
    name: 'health-moods',
    sql,
    params: anyParameters,
    row: moodRow,
    settings: journeySettings,
  });
  return { query, values: parameters.values() };
}

/** Reads what the rules of a plan need of whole stages, and nothing else. `advancedMin`: fewer advances say nothing about who is stalled. */
export async function readStageFacts(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  plan: FactsPlan,
  { advancedMin = 30, ...options }: QueryOptions & { readonly advancedMin?: number | undefined } = {},
): Promise<StageFacts> {
  const { stages, health } = plan.journey;
  const isAsked = [...(health?.rules ?? []), ...stages.flatMap((stage) => stage.health ?? [])].some(
    ({ test }) => test.kind === 'stalled',
  );
  const stalled = isAsked ? await runBound(clickhouse, stalledQuery(scope), options) : [];
  const moods = plan.golden === null ? [] : await runBound(clickhouse, moodQuery(scope), options);
  const numberOf = (id: string) => stages.findIndex((stage) => stage.id === id) + 1;
  return {
    beyondSeconds(id, quantile) {
      const row = stalled.find(({ stage }) => stage === numberOf(id));
      const us = row?.beyond[quantiles.findIndex((p) => Math.abs(p - quantile) < shareTolerance)] ?? null;
      return row === undefined || row.advanced < advancedMin || us === null ? null : us / 1e6;
    },
    meanMood: (id) => moods.find(({ stage }) => stage === numberOf(id))?.mean ?? null,
  };
}
