import { type ClickHouse, defineStatement } from '@michinori/clickhouse';
import type { Journey } from '@michinori/journey';
import { storyJourney, storyStage } from '@michinori/testing';

export const dayUs = 86_400_000_000;

/** The moment at which the simulated journeys are looked at, 2026-03-02. */
export const simulatedNowUs = Date.UTC(2026, 2, 2) * 1000;

/** Two stages; the first is judged after 28 days. */
export const simulatedJourney: Journey = storyJourney({
  segments: ['plan'],
  stages: [storyStage('trial', ['A'], { horizonUs: 28 * dayUs }), storyStage('paid', ['B'], { terminal: true })],
});

/**
 * Customers who enter evenly over the last 60 days, and then advance at 3 % and are lost at 1 % a day, at exact exponential
 * times; those of every second one (plan `pro`) are so much faster as `proFactor` says. Touch `webinar` after a time that is
 * exponential too, 5 % a day; from then on who advances does so `touchFactor` times as fast.
 */
const simulate = defineStatement({
  name: 'test-simulate',
  sql: `INSERT INTO unit_journeys (derivation, unit_key, rank, unit, visit_cycle, visit_stage, visit_entered, visit_ended, visit_outcome,
  visit_next, visit_reason, visit_active, visit_segments, touch_visit, touch_touchpoint, touch_first, touch_last, touch_count, touch_is_last)
SELECT {derivation:UInt32}, cityHash64(number), 1, toString(number), arrayMap(s -> 1, stages), stages,
  if(advances, [entered, entered + stay], [entered]), if(ends, if(advances, [entered + stay, entered + stay], [entered + stay]), [0]),
  if(advances, ['advanced', 'completed'], [if(ends, 'lost', 'open')]), if(advances, [2, 0], [0]), arrayMap(s -> '', stages),
  arrayMap(s -> entered, stages), arrayMap(s -> [if(is_pro, 'pro', 'free')], stages),
  arrayConcat(arrayMap(t -> 1, touches), arrayMap(t -> 2, paid)), arrayConcat(arrayMap((t, i) -> if(i = 1, 'A', 'webinar'), touches, arrayEnumerate(touches)), arrayMap(t -> 'B', paid)),
  arrayConcat(touches, paid) AS all_touches, all_touches, arrayMap(t -> 1, all_touches), arrayConcat(arrayMap((t, i) -> i = length(touches), touches, arrayEnumerate(touches)), arrayMap(t -> 1, paid))
FROM (
  SELECT number, is_pro, {now:Int64} - entry AS entered, advances, ends, if(advances, [1, 2], [1]) AS stages, stay,
    if(touch < least(stay, entry), [entered, entered + touch], [entered]) AS touches, if(advances, [entered + stay], []) AS paid
  FROM (
    SELECT number, number % 2 = 1 AS is_pro, {day:Int64} AS day,
      toInt64(60 * day * (cityHash64(number, 1) % 1000003) / 1000003) AS entry,
      -log((cityHash64(number, 2) % 1000003 + 1) / 1000005) AS drawn,
      toInt64(-log((cityHash64(number, 4) % 1000003 + 1) / 1000005) / 0.05 * day) AS touch,
      0.03 * if(is_pro, {proFactor:Float64}, 1.) AS up,
      toInt64(drawn / up * day) AS plain,
      if(plain <= touch, plain, touch + toInt64((plain - touch) / {touchFactor:Float64})) AS advance,
      toInt64(-log((cityHash64(number, 3) % 1000003 + 1) / 1000005) / 0.01 * day) AS loss,
      least(advance, loss) AS stay, stay <= entry AS ends, ends AND advance <= loss AS advances
    FROM numbers({customers:UInt64})))`,
});

export interface Simulation {
  readonly customers: number;
  readonly proFactor?: number;
  readonly touchFactor?: number;
}

/** Writes a simulated derivation. */
export async function writeSimulation(
  clickhouse: ClickHouse,
  derivation: number,
  { customers, proFactor = 1, touchFactor = 1 }: Simulation,
): Promise<void> {
  const parameters = { derivation, customers, proFactor, touchFactor, now: simulatedNowUs, day: dayUs };
  await clickhouse.insertSelect(simulate, parameters);
}
