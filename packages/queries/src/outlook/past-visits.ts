import { type ClickHouse, defineQuery, type QueryOptions } from '@michinori/clickhouse';
import type { PastVisit } from '@michinori/statistics';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { journeySettings } from '../journey/journey-settings.ts';
import type { JourneyScope } from '../journey/scope.ts';
import { outcomes, visitRows } from '../journey/visits.ts';
import { learningScope } from './outlook-scope.ts';

/** A past visit, with where returning to an earlier stage is kept apart. */
export interface JudgedVisit extends Omit<PastVisit, 'outcome'> {
  readonly outcome: PastVisit['outcome'] | 'returned';
}

export interface PastVisits {
  /** Visits of the range. */
  readonly total: number;
  /** All of them, or those of a sample of units. */
  readonly visits: readonly JudgedVisit[];
}

/** Visits of a stage that a back-test looks at; of more, those of the units with the smallest hashes. */
export const visitsJudgedMax = 10_000;

const visitRow = z.object({
  total: z.number(),
  visits: z.array(z.tuple([z.number(), z.number(), z.number(), z.string()])),
});

const { open, advanced, completed, returned } = outcomes;

/** The visits to a stage that the scope learns from, by the hash of their unit, then by their entry. */
export async function readPastVisits(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  stage: number,
  options?: QueryOptions,
): Promise<PastVisits> {
  const parameters = createParameters();
  const sql = `SELECT toUInt32(count()) AS total,
  arrayMap(v -> (v.2 / 1e6, v.3 / 1e6, v.4, v.5), groupArraySorted(${visitsJudgedMax})((intHash64(unit_key), entered, ended, outcome, segment))) AS visits
FROM (
${visitRows(learningScope(scope), parameters, { stages: [stage] })}
)`;
  const query = defineQuery({
    name: 'outlook-past-visits',
    sql,
    params: anyParameters,
    row: visitRow,
    settings: journeySettings,
  });
  const [found] = await runBound(clickhouse, { query, values: parameters.values() }, options);
  return {
    total: found?.total ?? 0,
    visits: (found?.visits ?? []).map(([enteredSeconds, endedSeconds, outcome, segment]) => ({
      enteredSeconds,
      endedSeconds: outcome === open ? null : endedSeconds,
      outcome: outcomeOf(outcome),
      segment,
    })),
  };
}

function outcomeOf(outcome: number): JudgedVisit['outcome'] {
  if (outcome === open) return 'open';
  if (outcome === returned) return 'returned';
  return outcome === advanced || outcome === completed ? 'advanced' : 'lost';
}
