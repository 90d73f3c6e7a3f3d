import type { Journey } from '@michinori/journey';
import type { JourneyQuestion, JourneyScope } from '@michinori/queries';
import { planJourney } from '@michinori/queries';
import {
  atTick,
  type CohortQuestion,
  copiesOf,
  type EventCopy,
  journeyDefinitions,
  journeyInstants,
  journeyWorlds,
} from '@michinori/testing';
import fc from 'fast-check';

/** A journey, the events of a few worlds, and a question that is asked of them in both of its forms. */
export interface AskedCase {
  readonly journey: Journey;
  readonly copies: readonly EventCopy[];
  readonly scope: JourneyScope;
  readonly reference: CohortQuestion;
}

const asked = fc.record({
  worlds: fc.array(journeyWorlds(), { minLength: 3, maxLength: 10 }),
  journey: journeyDefinitions(),
  from: fc.integer({ min: -1, max: 8 }),
  ticks: fc.integer({ min: 1, max: 30 }),
  asOf: journeyInstants(),
  isLate: fc.boolean(),
  splits: fc.boolean(),
  interval: fc.constantFrom(null, null, 'hour' as const, 'day' as const, 'week' as const, 'month' as const),
  count: fc.constantFrom('customers' as const, 'visits' as const),
  isFiltered: fc.constantFrom(false, false, true),
  timezone: fc.constantFrom(undefined, undefined, 'Europe/Berlin', 'Asia/Kathmandu'),
});

/** Random questions of all kinds; `derivation` is where the rows of the case are to be stored. */
export function askedCases(seed: number, count: number): AskedCase[] {
  return fc.sample(asked, { seed, numRuns: count }).map((given, index) => {
    const { worlds, journey } = given;
    const grid = worlds[0]?.grid ?? { baseIso: '', tick: { value: 1, unit: 'hour' as const }, timezone: 'UTC' };
    const copies = worlds.flatMap((world, place) => copiesOf({ ...world, grid }, `w${index}.${place}.`));
    const [fromUs, toUs] = [atTick(grid, given.from), atTick(grid, given.from + given.ticks)];
    const asOfUs = given.isLate ? atTick(grid, 60) : atTick(grid, given.asOf.tick) + given.asOf.offUs;
    const [first] = journey.segments;
    const by = given.splits && first !== undefined ? first : null;
    const filter = given.isFiltered ? journey.segments.at(-1) : undefined;
    const values = ['', 'x', 'y', '1', '2', 'persona1'];
    const question: JourneyQuestion = {
      from: fromUs,
      to: toUs,
      asOf: asOfUs,
      count: given.count,
      ...(by === null ? {} : { by }),
      ...(given.interval === null ? {} : { interval: given.interval }),
      ...(given.timezone === undefined ? {} : { timezone: given.timezone }),
      ...(filter === undefined ? {} : { segment: values.map((value) => `${filter}:${value}`) }),
    };
    return {
      journey,
      copies,
      scope: planJourney(question, { derivation: index + 1, journey }, asOfUs),
      reference: {
        fromUs,
        toUs,
        asOfUs,
        by,
        interval: given.interval,
        count: given.count,
        ...(given.timezone === undefined ? {} : { timezone: given.timezone }),
        ...(filter === undefined ? {} : { segments: new Map([[filter, values]]) }),
      },
    };
  });
}

/** Numbers that differ by rounding only are the same. */
export function rounded<T>(value: T): T {
  const plain = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'number' && !Number.isSafeInteger(inner) ? Number(inner.toPrecision(9)) : inner,
  );
  return JSON.parse(plain) as T;
}
