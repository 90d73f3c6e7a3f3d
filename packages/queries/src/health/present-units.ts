import { bigintColumn, defineQuery, integerColumn } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, type BoundQuery } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { journeySettings } from '../journey/journey-settings.ts';
import type { JourneyScope } from '../journey/scope.ts';
import { outcomes, visitRows } from '../journey/visits.ts';
import type { UnitRange } from './sql-fact-events.ts';

const presentUnit = z.object({
  unitKey: bigintColumn,
  unit: z.string(),
  anonymous: z.string(),
  /** From 1. */
  stage: z.number(),
  enteredUs: integerColumn,
  /** Begin of the first visit of the cycle. */
  cycleUs: integerColumn,
  /** Of the journey's segments at the begin of the visit, in their order. */
  segments: z.array(z.string()),
});
/** A unit that stands in a stage. */
export type PresentUnit = z.output<typeof presentUnit>;

/** The units of a range that stand in a stage as of the scope's instant, by key. */
export function presentUnits(scope: JourneyScope, { fromKey, toKey }: UnitRange): BoundQuery<PresentUnit> {
  const parameters = createParameters();
  const arrays = [
    'arrayMap(cycle -> visit_entered[indexOf(visit_cycle, cycle)], visit_cycle) AS cycle_began',
    'visit_segments AS own_segments',
  ];
  const rows = visitRows(scope, parameters, {
    cohort: 'all',
    columns: ['unit', 'anonymous', 'cycle_began', 'own_segments'],
    arrays,
  });
  const sql = `SELECT unit_key AS unitKey, unit, anonymous, stage, entered AS enteredUs, cycle_began AS cycleUs,
  arrayMap(value -> toString(value), own_segments) AS segments
FROM (
${rows}
)
WHERE outcome = ${outcomes.open} AND unit_key BETWEEN ${parameters.bind(fromKey, 'UInt64')} AND ${parameters.bind(toKey, 'UInt64')}
ORDER BY unitKey`;
  const settings = journeySettings;
  const query = defineQuery({ name: 'health-units', sql, params: anyParameters, row: presentUnit, settings });
  return { query, values: parameters.values() };
}

const countRow = z.object({ units: integerColumn });

/** How many units stand in a stage. */
export function presentCount(scope: JourneyScope): BoundQuery<z.output<typeof countRow>> {
  const parameters = createParameters();
  const sql = `SELECT count() AS units FROM (\n${visitRows(scope, parameters, { cohort: 'all' })}\n) WHERE outcome = ${outcomes.open}`;
  const query = defineQuery({ name: 'health-unit-count', sql, params: anyParameters, row: countRow });
  return { query, values: parameters.values() };
}
