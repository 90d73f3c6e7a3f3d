import { type ClickHouse, defineStatement } from '@michinori/clickhouse';
import type { Journey, Stage } from '@michinori/journey';

const dayUs = 86_400_000_000;
export const asOfUs = Date.UTC(2026, 2, 20) * 1000;
export const rangeUs = 80 * dayUs;

const stage = (id: string, lostAfterUs: number | null): Stage => ({
  id,
  title: {},
  enter: [],
  touchpoints: [],
  expectedUs: null,
  lostAfterUs,
  horizonUs: 30 * dayUs,
  goals: [],
  terminal: false,
  effort: 3,
});

/** Seven stages; two segments. */
export const journey: Journey = {
  id: 'bench',
  version: 1,
  title: {},
  unit: 'customer',
  timezone: 'Asia/Tokyo',
  progress: 'forward',
  activity: 'any',
  personas: [],
  segments: ['plan', 'region'],
  stages: Array.from({ length: 7 }, (_, i) => stage(`s${i + 1}`, i < 2 ? 30 * dayUs : null)),
  exit: [],
};

// One to seven visits a unit, two touches a visit; entries over 80 days, stays of 8 days on average, exponential.
const fill = defineStatement({
  name: 'bench-fill',
  sql: `INSERT INTO unit_journeys (derivation, unit_key, rank, unit, visit_cycle, visit_stage, visit_entered, visit_ended, visit_outcome,
  visit_next, visit_reason, visit_active, visit_segments, touch_visit, touch_touchpoint, touch_first, touch_last, touch_count, touch_is_last,
  path_visit, path_touchpoint, path_at,
  response_at, response_visit, response_customer, response_touchpoint, response_after, response_nps, response_sentiment, response_asked)
SELECT 1, cityHash64(number), 1, toString(number), arrayMap(i -> 1, steps), steps, entered,
  arrayMap((e, d, o) -> if(o = 0 OR e + d > {asOf:Int64}, 0, e + d), entered, stays, outcome),
  arrayMap((e, d, o) -> if(e + d > {asOf:Int64}, 0, o), entered, stays, outcome),
  arrayMap((o, s) -> if(o = 1, s + 1, 0), outcome, steps), arrayMap(i -> '', steps), entered,
  arrayMap(i -> [['free', 'pro', 'team'][number % 3 + 1], ['emea', 'apac'][number % 2 + 1]], steps),
  touched, arrayMap((v, i) -> concat('t', toString(cityHash64(number, v, i) % 4 + i % 2 * 4)), touched, places),
  arrayMap((v, i) -> entered[v] + if(i % 2 = 1, 0, intDiv(stays[v], 2)), touched, places) AS firsts, firsts,
  arrayMap(v -> 1, touched), arrayMap((v, i) -> i % 2 = 0, touched, places),
  touched, arrayMap((v, i) -> concat('t', toString(cityHash64(number, v, i) % 4 + i % 2 * 4)), touched, places), firsts,
  entered, steps, arrayMap(i -> cityHash64(number), steps), arrayMap(i -> 'survey', steps), arrayMap(i -> '', steps),
  arrayMap(i -> cityHash64(number, i) % 11, steps), arrayMap(i -> (cityHash64(number, i, 5) % 21) / 10 - 1, steps), arrayMap(i -> 0, steps)
FROM (
  SELECT number, {asOf:Int64} - {range:Int64} + toInt64((cityHash64(number, 1) % 1000003) / 1000003 * {range:Int64}) AS first,
    range(1, 2 + cityHash64(number, 2) % 7) AS all,
    arrayMap(i -> toInt64(-log((cityHash64(number, i, 3) % 1000003 + 1) / 1000005) * 691200000000), all) AS all_stays,
    arrayMap(i -> first + arraySum(arraySlice(all_stays, 1, i - 1)), all) AS all_entered,
    arrayFilter(i -> all_entered[i] <= {asOf:Int64}, all) AS steps,
    arraySlice(all_stays, 1, length(steps)) AS stays, arraySlice(all_entered, 1, length(steps)) AS entered,
    arrayMap(i -> if(i < length(all), 1, [0, 3, 4][cityHash64(number, 9) % 3 + 1]), steps) AS outcome,
    arraySort(arrayConcat(steps, steps)) AS touched, arrayEnumerate(touched) AS places
  FROM numbers({units:UInt64}))`,
});
const merge = defineStatement({ name: 'bench-merge', sql: 'OPTIMIZE TABLE unit_journeys FINAL' });

/** Writes the table and merges it, as the projector leaves a derivation that rests. */
export async function fillTable(clickhouse: ClickHouse, units: number): Promise<void> {
  await clickhouse.insertSelect(fill, { asOf: asOfUs, range: rangeUs, units });
  await clickhouse.command(merge);
}
