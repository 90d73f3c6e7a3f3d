import type { Condition, ExitRule, Journey, Persona, Rule, Stage } from '@michinori/journey';
import fc from 'fast-check';
import { filterOn, plainSubjects } from './funnel-request-world.ts';
import { traitValues } from './funnel-world.ts';

// The tick of journey worlds.
const TICK_US = 3600e6;

function ticks(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min, max }).map((count) => count * TICK_US);
}

function orNull<T>(value: fc.Arbitrary<T>, nullWeight: number): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: nullWeight, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: value });
}

// The names of accounts begin with the prefix of their world, so conditions on them look at the end.
const accountCondition: fc.Arbitrary<Condition> = fc
  .constantFrom<Pick<Condition, 'op' | 'value'>[]>(
    { op: 'set' },
    { op: 'not_set' },
    { op: 'contains', value: 'x' },
    { op: 'regex', value: 'y$' },
  )
  .map((asked) => ({ account: true, ...asked }));

const condition: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 5, arbitrary: filterOn(plainSubjects) },
  { weight: 1, arbitrary: accountCondition },
);

const traitCondition: fc.Arbitrary<Condition> = filterOn(
  fc.constantFrom('t', 's').map((trait) => ({ subject: { trait }, values: traitValues })),
);

/** One or two of a kind, or none; the more often none, the greater the weight. */
function some<T>(value: fc.Arbitrary<T>, noneWeight: number): fc.Arbitrary<T[]> {
  return fc.oneof(
    { weight: noneWeight, arbitrary: fc.array(value, { maxLength: 0 }) },
    { weight: 2, arbitrary: fc.array(value, { minLength: 1, maxLength: 2 }) },
  );
}

function ruleOn(touchpoints: readonly string[]): fc.Arbitrary<Rule> {
  return fc.record({
    touchpoint: fc.constantFrom(...touchpoints),
    where: some(condition, 8),
    count: orNull(fc.record({ times: fc.integer({ min: 1, max: 3 }), withinUs: orNull(ticks(1, 5), 1) }), 3),
  });
}

const reason: fc.Arbitrary<ExitRule['reason']> = fc.constantFrom(
  null,
  { property: 'p' },
  { property: 'q' },
  { text: 'gone' },
);

const exit: fc.Arbitrary<ExitRule> = fc
  .tuple(ruleOn(['x', 'x', 'x', 'z', 'd', 'a*']), reason)
  .map(([rule, reason]) => ({ ...rule, reason }));

const stage: fc.Arbitrary<Omit<Stage, 'id' | 'title'>> = fc.record({
  enter: fc.array(ruleOn(['a', 'a', 'b', 'b', 'c', 'c', 'a*', 'd', 'nps.*']), { minLength: 1, maxLength: 2 }),
  touchpoints: fc.constant([]),
  expectedUs: orNull(ticks(1, 9), 1),
  lostAfterUs: orNull(ticks(1, 6), 1),
  horizonUs: ticks(1, 12),
  goals: fc.constant([]),
  terminal: fc.constantFrom(false, false, false, true),
  effort: fc.constant(3),
});

const persona: fc.Arbitrary<Omit<Persona, 'id' | 'title'>> = fc.record({
  where: fc.array(traitCondition, { minLength: 1, maxLength: 2 }),
  goal: fc.constant(null),
});

function named<T>(items: readonly T[], prefix: string): (T & Pick<Stage, 'id' | 'title'>)[] {
  return items.map((item, index) => ({ id: `${prefix}${index + 1}`, title: { en: `${prefix}${index + 1}` }, ...item }));
}

/** Random journeys over the touchpoints, properties and traits of `journeyWorlds`. They are typed right, not checked. */
export function journeyDefinitions(): fc.Arbitrary<Journey> {
  return fc.noBias(
    fc
      .record({
        unit: fc.constantFrom('customer' as const, 'account' as const),
        timezone: fc.constantFrom('UTC', 'Asia/Tokyo', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu'),
        progress: fc.constantFrom('forward' as const, 'free' as const),
        activity: fc.constantFrom('any' as const, 'inbound' as const),
        personas: fc.array(persona, { maxLength: 2 }),
        segments: fc.shuffledSubarray(['t', 's', 'persona', 'missing']),
        stages: fc.array(stage, { minLength: 1, maxLength: 5, size: 'max' }),
        exit: some(exit, 1),
      })
      .map(({ personas, stages, ...journey }) => ({
        id: 'random',
        version: 1,
        title: { en: 'random' },
        ...journey,
        personas: named(personas, 'persona'),
        stages: named(stages, 'stage'),
      })),
  );
}
