import { type ClickHouse, defineStatement, type Statement } from '@michinori/clickhouse';
import { createParameters, type Parameters, type ParameterValue } from '../funnel/parameters.ts';
import { type DerivePlan, planDerivation } from './plan.ts';
import type { Derivation, UnitScope } from './scope.ts';
import { deriveSettings } from './settings.ts';
import { pairColumns, pathColumns, responseColumns, touchColumns } from './sql-details.ts';
import { unitLevels } from './sql-levels.ts';
import { absorbedSql, type Crowd } from './sql-people.ts';
import { type UnitSource, unitSource, unitTimelines } from './sql-units.ts';
import { endsSql, segmentsSql, unitTransitions } from './sql-visits.ts';
import { unitWalk } from './sql-walk.ts';

/** What only tests and benchmarks change. */
export interface DeriveOptions {
  /** Events that a timeline is cut into for the walk; the answer doesn't depend on it. */
  readonly chunkEvents?: number;
}

const columns = [
  ...['derivation', 'unit_key', 'rank', 'unit', 'anonymous'],
  ...['visit_cycle', 'visit_stage', 'visit_entered', 'visit_ended', 'visit_outcome', 'visit_next', 'visit_reason'],
  ...['visit_active', 'visit_segments'],
  ...['touch_visit', 'touch_touchpoint', 'touch_first', 'touch_last', 'touch_count', 'touch_is_last'],
  ...['response_at', 'response_visit', 'response_customer', 'response_touchpoint', 'response_after', 'response_nps'],
  ...['response_sentiment', 'response_asked', 'path_at', 'path_visit', 'path_touchpoint'],
];

/** SQL of the rows of a derivation over a source: a row per unit, with all columns of `unit_journeys` but the number of the derivation. */
export function unitJourneyRows(
  plan: DerivePlan,
  source: UnitSource,
  parameters: Parameters,
  { chunkEvents = 256 }: DeriveOptions = {},
): string {
  const levels = unitLevels(plan, unitTimelines(plan, source, parameters), parameters);
  const transitions = unitTransitions(plan, unitWalk(plan, levels, chunkEvents, parameters), parameters);
  const entering = (array: string) => `arrayFilter((x, enter) -> enter, ${array}, enters)`;
  const details = `SELECT unit_key, unit, anonymous, rank, ${[
    `${entering('arrayCumSum(arrayMap((enter, before) -> enter AND before = 0, enters, befores))')} AS visit_cycle`,
    `${entering('levels')} AS visit_stage`,
    `${entering('times')} AS visit_entered`,
    endsSql(plan, parameters),
    segmentsSql(plan, parameters),
    ...pathColumns,
    ...responseColumns(plan),
  ].join(',\n  ')}
FROM (\n${transitions}\n)`;
  const ends = ['visit_ended', 'visit_outcome', 'visit_next', 'visit_reason', 'visit_active'].map(
    (name, i) => `ends.${i + 2} AS ${name}`,
  );
  return `SELECT *, ${[...ends, ...touchColumns].join(', ')}
FROM (\nSELECT *, ${pairColumns.join(', ')}\nFROM (\n${details}\n)\n)`;
}

/** The INSERT … SELECT of a derivation over a scope, and the values of its placeholders. */
export function deriveUnitsStatement(
  derivation: Derivation,
  scope: UnitScope,
  crowd: Crowd,
  options?: DeriveOptions,
): { readonly statement: Statement; readonly values: Readonly<Record<string, ParameterValue>> } {
  const plan = planDerivation(derivation);
  const parameters = createParameters();
  const source = unitSource(derivation.journey.unit, scope, crowd, parameters);
  const rows = unitJourneyRows(plan, source, parameters, options);
  const sql = `INSERT INTO unit_journeys (${columns.join(', ')})
SETTINGS ${deriveSettings}
SELECT ${columns.map((column) => (column === 'derivation' ? `${parameters.bind(plan.id, 'UInt32')} AS derivation` : column)).join(', ')}
FROM (
${rows}
)`;
  const statement = defineStatement({
    name: 'derive-units',
    sql,
    isShardLocal: crowd === 'alone',
  });
  return { statement, values: parameters.values() };
}

/** Empties the rows of the scope's units that belong to somebody else by now. */
function emptyAbsorbed({ id }: Derivation, people: string) {
  const parameters = createParameters();
  const sql = `INSERT INTO unit_journeys (derivation, unit_key, rank, unit, anonymous)
SELECT ${parameters.bind(id, 'UInt32')} AS derivation, key AS unit_key, rank, customer AS unit, anonymous FROM (${absorbedSql(people, parameters)})`;
  return { statement: defineStatement({ name: 'empty-absorbed-units', sql }), values: parameters.values() };
}

/**
 * Derives the rows of `unit_journeys` of the scope's units from their whole timelines, in one INSERT … SELECT, or one each for customers by themselves and
 * for people with several ids. Accounts need {@link noteAccountMembers} of the same customers before. Safe to repeat and to interleave: the row of whoever saw
 * more events holds.
 */
export async function deriveUnits(
  clickhouse: ClickHouse,
  derivation: Derivation,
  scope: UnitScope,
  options?: DeriveOptions,
): Promise<void> {
  const { people } = scope;
  const ofCustomers = derivation.journey.unit === 'customer';
  const crowds: readonly Crowd[] = !ofCustomers ? ['all'] : people === undefined ? ['alone'] : ['alone', 'people'];
  for (const crowd of crowds) {
    const { statement, values } = deriveUnitsStatement(derivation, scope, crowd, options);
    await clickhouse.insertSelect(statement, values);
  }
  if (people === undefined || !ofCustomers) return;
  const { statement, values } = emptyAbsorbed(derivation, people);
  await clickhouse.insertSelect(statement, values);
}
