import { bigintColumn, defineQuery } from '@michinori/clickhouse';
import type { RuleFact } from '@michinori/health';
import type { HealthTest } from '@michinori/journey';
import { z } from 'zod';
import { anyParameters, type BoundQuery } from '../funnel/bound-query.ts';
import { createParameters, type Parameters } from '../funnel/parameters.ts';
import type { PeopleAsOf } from '../identity/person-map.ts';
import type { JourneyScope } from '../journey/scope.ts';
import { outcomes, visitRows } from '../journey/visits.ts';
import type { FactsPlan, PlannedTest } from './plan.ts';
import { factEvents, type UnitRange } from './sql-fact-events.ts';

/** The numbers of one unit, in the order of the plan's tests; those of golden time last. */
const unitNumbers = z.object({ unitKey: bigintColumn, numbers: z.array(z.number()) });
export type UnitNumbers = z.output<typeof unitNumbers>;

const none = 2;

/** Sentiments in millionths, rounded half up as JavaScript does. */
const millionths = 'toInt64(floor(mood * 1000000 + 0.5))';

/** Aggregates over the events of a unit that a test is judged by. Times are µs, 0 where there is none. */
function testNumbers({ test, matcher }: PlannedTest, asOfUs: number, parameters: Parameters): string[] {
  if (matcher === null) {
    const heard = 'score >= 0';
    return [`argMaxIf(score, (time, sequence, id), ${heard})`, `maxIf(time, ${heard})`];
  }
  const fits = `fit_${matcher} = 1`;
  if (test.kind === 'idle') return [`maxIf(time, ${fits})`];
  const withinUs = 'withinUs' in test ? test.withinUs : null;
  const recent = withinUs === null ? fits : `${fits} AND time >= ${parameters.bind(asOfUs - withinUs, 'Int64')}`;
  if (test.kind === 'count') return [`countIf(${recent})`];
  if (test.kind === 'sentiment') {
    const felt = `${recent} AND mood != ${none}`;
    return [`countIf(${felt})`, `sumIf(${millionths}, ${felt})`];
  }
  const [fromUs, toUs] = [asOfUs - 2 * (withinUs ?? 0), asOfUs - (withinUs ?? 0)].map((us) =>
    parameters.bind(us, 'Int64'),
  );
  return [`countIf(${recent})`, `countIf(${fits} AND time >= ${fromUs} AND time < ${toUs})`];
}

function goldenNumbers({ golden, asOfUs }: FactsPlan, parameters: Parameters): string[] {
  if (golden === null) return [];
  const felt = `mood != ${none} AND time >= ${parameters.bind(asOfUs - golden.definition.withinUs, 'Int64')}`;
  return [`countIf(${felt})`, `sumIf(${millionths}, ${felt})`, `maxIf(time, fit_${golden.matcher} = 1)`];
}

/** SQL of the keys of the units of the range that stand in a stage. */
function presentKeys(scope: JourneyScope, { fromKey, toKey }: UnitRange, parameters: Parameters): string {
  const bounds = `${parameters.bind(fromKey, 'UInt64')} AND ${parameters.bind(toKey, 'UInt64')}`;
  return `SELECT unit_key FROM (\n${visitRows(scope, parameters, { cohort: 'all' })}\n)
WHERE outcome = ${outcomes.open} AND unit_key BETWEEN ${bounds}`;
}

/** What the events say of the units of the range that stand in a stage; units without any event that matters are left out. */
export function unitNumbersQuery(
  plan: FactsPlan,
  scope: JourneyScope,
  people: PeopleAsOf | null,
  range: UnitRange,
): BoundQuery<UnitNumbers> {
  const parameters = createParameters();
  const present = (own: Parameters) => presentKeys(scope, range, own);
  const numbers = [
    ...plan.tests.flatMap((test) => testNumbers(test, plan.asOfUs, parameters)),
    ...goldenNumbers(plan, parameters),
  ];
  const sql = `SELECT unit AS unitKey, [${numbers.map((each) => `toFloat64(${each})`).join(', ')}] AS numbers
FROM (
${factEvents(plan, people, present, parameters)}
)
WHERE unit GLOBAL IN (\n${present(parameters)}\n)
GROUP BY unit`;
  const settings = { precise_float_parsing: 1, optimize_functions_to_subcolumns: 0, compile_expressions: 0 } as const;
  const query = defineQuery({ name: 'health-facts', sql, params: anyParameters, row: unitNumbers, settings });
  return { query, values: parameters.values() };
}

/** How many numbers a test has. */
const widths: Readonly<Record<Exclude<HealthTest['kind'], 'stalled'>, number>> = {
  idle: 1,
  count: 1,
  trend: 2,
  sentiment: 2,
  nps: 2,
};

/** Where the numbers of each test begin; those of golden time begin at the last item. */
export function numberPlaces({ tests }: FactsPlan): number[] {
  const places = [0];
  for (const { test } of tests) places.push((places.at(-1) ?? 0) + widths[test.kind]);
  return places;
}

/** The fact of a test from the numbers that begin at a place; of a unit without numbers all are 0. */
export function factOfNumbers(test: PlannedTest['test'], numbers: readonly number[], place: number): RuleFact {
  const [first, second] = [numbers[place] ?? 0, numbers[place + 1] ?? 0];
  switch (test.kind) {
    case 'idle':
      return { kind: 'idle', lastUs: first === 0 ? null : first };
    case 'count':
      return { kind: 'count', count: first };
    case 'trend':
      return { kind: 'trend', recent: first, before: second };
    case 'sentiment':
      return { kind: 'sentiment', n: first, sumMillionths: second };
    case 'nps':
      return second === 0 ? { kind: 'nps', score: null, atUs: null } : { kind: 'nps', score: first, atUs: second };
  }
}
