import { defineQuery, integerColumn } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, type BoundQuery } from '../funnel/bound-query.ts';
import { createParameters, type Parameters } from '../funnel/parameters.ts';
import { journeySettings } from './journey-settings.ts';
import { perVisit } from './path-visits.ts';
import type { JourneyScope } from './scope.ts';
import { outcomes, visitRows } from './visits.ts';

/** What losses a row counts: all of a stage, those by silence, those by exits with one reason. */
export const lossKinds = ['all', 'silent', 'exit'] as const;
export type LossKind = (typeof lossKinds)[number];

/** Losses of one stage, segment and bucket. */
export const lossCohort = z.object({
  stage: z.number(),
  segment: z.string(),
  bucket: integerColumn,
  kind: z.enum(lossKinds),
  /** Of exits; `''` where the exit rule names none, or the event had none. */
  reason: z.string(),
  losses: integerColumn,
  /** Median seconds from entry to the end. */
  stay: z.number(),
  /** Median seconds from the last touch to the end. */
  silence: z.number(),
});
export type LossCohort = z.output<typeof lossCohort>;

/** Visits of one stage, segment and bucket, whatever became of them. */
export const enteredCohort = z.object({
  stage: z.number(),
  segment: z.string(),
  bucket: integerColumn,
  n: integerColumn,
});
export type EnteredCohort = z.output<typeof enteredCohort>;

const { lost, silent } = outcomes;

function lostVisits(scope: JourneyScope, parameters: Parameters): string {
  return visitRows(scope, parameters, {
    arrays: [`${perVisit('path_at', 'path_visit')} AS own_times`, 'visit_reason AS own_reason'],
    columns: ['own_times', 'own_reason'],
  });
}

/** Losses per stage, segment and bucket: all, by silence, by exits of each reason. */
export function lossCohorts(scope: JourneyScope): BoundQuery<LossCohort> {
  const parameters = createParameters();
  const sql = `SELECT stage, segment, bucket, kind, if(kind = 'exit', toString(own_reason), '') AS reason, count() AS losses,
  quantileExactInclusive(0.5)(until - entered) / 1000000 AS stay,
  quantileExactInclusive(0.5)(until - arrayLast(at -> at <= until, own_times)) / 1000000 AS silence
FROM (
${lostVisits(scope, parameters)}
)
ARRAY JOIN ['all', if(outcome = ${silent}, 'silent', 'exit')] AS kind
WHERE outcome IN (${lost}, ${silent})
GROUP BY stage, segment, bucket, kind, reason
ORDER BY stage, segment, bucket, kind, losses DESC, reason`;
  const shape = { params: anyParameters, row: lossCohort, settings: journeySettings };
  return { query: defineQuery({ name: 'journey-losses', sql, ...shape }), values: parameters.values() };
}

/** How many visits there were. */
export function enteredCohorts(scope: JourneyScope): BoundQuery<EnteredCohort> {
  const parameters = createParameters();
  const sql = `SELECT stage, segment, bucket, count() AS n
FROM (
${visitRows(scope, parameters)}
)
GROUP BY stage, segment, bucket
ORDER BY stage, segment, bucket`;
  const shape = { params: anyParameters, row: enteredCohort, settings: journeySettings };
  return { query: defineQuery({ name: 'journey-losses-entered', sql, ...shape }), values: parameters.values() };
}
