import {
  type Condition,
  type Health,
  type HealthRule,
  type HealthTest,
  healthDefault,
  type Journey,
} from '@michinori/journey';
import fc from 'fast-check';
import { filterOn, plainSubjects } from './funnel-request-world.ts';

// The tick of journey worlds.
const TICK_US = 3600e6;

const ticks = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max }).map((count) => count * TICK_US);
const touchpoint = fc.constantFrom('a', 'b', 'c', 'z', 'a*', 'nps.*', '*', 'nobody');
const where: fc.Arbitrary<Condition[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Condition[]>([]) },
  { weight: 1, arbitrary: fc.array(filterOn(plainSubjects), { minLength: 1, maxLength: 1 }) },
);
const matching = { touchpoint, where };

/** One bound, or with `both` sometimes two in order. */
function bounds(
  values: readonly number[],
  both: boolean,
): fc.Arbitrary<{ atLeast: number | null; atMost: number | null }> {
  const value = fc.constantFrom(...values);
  const single = fc.oneof(
    value.map((atLeast) => ({ atLeast, atMost: null })),
    value.map((atMost) => ({ atLeast: null, atMost })),
  );
  const pair = fc.tuple(value, value).map(([a, b]) => ({ atLeast: Math.min(a, b), atMost: Math.max(a, b) }));
  return both ? fc.oneof({ weight: 3, arbitrary: single }, { weight: 1, arbitrary: pair }) : single;
}

const test: fc.Arbitrary<HealthTest> = fc.oneof(
  fc.record({ kind: fc.constant('idle' as const), ...matching, forUs: ticks(9) }),
  fc
    .tuple(fc.record({ ...matching, withinUs: fc.option(ticks(12)) }), bounds([1, 2, 3], true))
    .map(([rest, bound]) => ({ kind: 'count' as const, ...rest, ...bound })),
  fc
    .tuple(
      fc.record({ ...matching, withinUs: ticks(8), minimum: fc.integer({ min: 1, max: 3 }) }),
      bounds([0, 0.5, 1, 1.1, 2], false),
    )
    .map(([rest, bound]) => ({ kind: 'trend' as const, ...rest, ...bound })),
  fc
    .tuple(
      fc.record({ ...matching, withinUs: ticks(12), minimum: fc.integer({ min: 1, max: 2 }) }),
      bounds([-0.5, -0.25, 0, 0.1, 0.5], true),
    )
    .map(([rest, bound]) => ({ kind: 'sentiment' as const, ...rest, ...bound })),
  fc.record({
    kind: fc.constant('nps' as const),
    class: fc.constantFrom('promoter' as const, 'passive' as const, 'detractor' as const),
    withinUs: fc.option(ticks(12)),
  }),
  fc.record({
    kind: fc.constant('stalled' as const),
    quantile: fc.constantFrom(0.5 as const, 0.75 as const, 0.9 as const),
  }),
);

function rules(ids: readonly string[]): fc.Arbitrary<HealthRule[]> {
  return fc.shuffledSubarray([...ids]).chain((chosen) =>
    fc.tuple(
      ...chosen.map((id) =>
        fc.record({
          id: fc.constant(id),
          title: fc.constantFrom({}, { en: id }),
          points: fc.integer({ min: -40, max: 40 }),
          test,
        }),
      ),
    ),
  );
}

const health: fc.Arbitrary<Health> = fc.record({
  start: fc.constantFrom(50, 60, 70),
  churn: fc.constantFrom({ below: 40, margin: 5 }, { below: 45, margin: 0 }),
  expansion: fc.constantFrom({ above: 85, margin: 5 }, { above: 75, margin: 10 }),
  rules: rules(['r1', 'r2', 'r3', 'r4', 'r5']),
  goldenTime: fc.option(fc.record({ milestones: fc.constantFrom(['a'], ['b', 'z'], ['a*']), withinUs: ticks(12) })),
  actions: fc.constantFrom<Health['actions'][]>(
    [],
    [{ signal: 'churn', webhook: 'crm', task: { owner: 'cs', dueUs: TICK_US, text: { en: 'Call {customer}' } } }],
  ),
});

/** A journey with random health, over the touchpoints of `journeyWorlds`. */
export function withRandomHealth(journeys: fc.Arbitrary<Journey>): fc.Arbitrary<Journey> {
  return fc.noBias(
    fc
      .tuple(
        journeys,
        fc.option(health),
        fc.array(fc.option(rules(['r1', 'r2', 's1', 's2'])), { minLength: 5, maxLength: 5 }),
      )
      .map(([journey, common, own]) => {
        const stages = journey.stages.map((stage, index) => {
          const given = stage.terminal ? null : own[index];
          return given == null ? stage : { ...stage, health: given };
        });
        return common === null ? { ...journey, stages } : { ...journey, stages, health: common };
      }),
  );
}

/** {@link healthDefault} with what the fields say. */
export function storyHealth(fields: Partial<Health>): Health {
  return { ...healthDefault, ...fields };
}
