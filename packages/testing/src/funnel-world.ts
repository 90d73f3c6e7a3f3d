import type { Scalar, TouchpointEvent } from '@michinori/events';
import fc from 'fast-check';
import type { EventCopy } from './funnel-timeline.ts';
import { withIdentities } from './identity-world.ts';

/** An event on the grid of its world: times are counted in ticks, so that ties and exact boundaries are common. */
export interface EventSketch {
  readonly id: string;
  readonly customer: string | null;
  readonly anonymous: string | null;
  readonly account: string | null;
  readonly touchpoint: string;
  readonly tick: number;
  /** Microseconds off the grid: mostly 0. */
  readonly offUs: number;
  readonly sequence: number | null;
  readonly receivedTick: number;
  readonly channel: string | null;
  readonly team: string | null;
  readonly direction?: 'inbound' | 'outbound' | null;
  readonly sentiment: number | null;
  readonly nps?: number | null;
  readonly properties: Readonly<Record<string, Scalar>>;
  readonly traits: Readonly<Record<string, Scalar>>;
}

/** Where and how finely a world's clock runs. */
export interface Grid {
  readonly baseIso: string;
  readonly tick: { readonly value: number; readonly unit: 'second' | 'minute' | 'hour' | 'day' };
  readonly timezone: string;
}

/** A small world: deliveries in the order of the log, some of them copies of one event, some of those in conflict. */
export interface World {
  readonly grid: Grid;
  readonly copies: readonly EventSketch[];
}

const UNIT_US = { second: 1e6, minute: 60e6, hour: 3600e6, day: 86_400e6 };

export function tickUs({ tick }: Grid): number {
  return tick.value * UNIT_US[tick.unit];
}

export function atTick(grid: Grid, tick: number): number {
  return Date.parse(grid.baseIso) * 1000 + tick * tickUs(grid);
}

// Clock changes in Berlin, New York and São Paulo (where the day began at 1:00), odd offsets, a skipped day in Apia.
export const places: readonly (readonly [string, string])[] = [
  ['2025-03-29T21:00:00.000Z', 'Europe/Berlin'],
  ['2025-10-25T20:00:00.000Z', 'Europe/Berlin'],
  ['2025-11-02T02:00:00.000Z', 'America/New_York'],
  ['2017-10-14T22:00:00.000Z', 'America/Sao_Paulo'],
  ['2011-12-29T20:00:00.000Z', 'Pacific/Apia'],
  ['2024-12-31T12:00:00.000Z', 'Asia/Kathmandu'],
  ['2024-02-28T22:00:00.000Z', 'Asia/Tokyo'],
  ['2026-01-01T00:00:00.000Z', 'UTC'],
];

const grid: fc.Arbitrary<Grid> = fc
  .record({
    place: fc.constantFrom(...places),
    tick: fc.constantFrom<Grid['tick'][]>(
      { value: 1, unit: 'hour' },
      { value: 1, unit: 'second' },
      { value: 30, unit: 'minute' },
      { value: 1, unit: 'day' },
      { value: 100, unit: 'day' },
    ),
  })
  .map(({ place: [baseIso, timezone], tick }) => ({ baseIso, tick, timezone }));

/** Null more often than not. */
export function rarely<T>(value: fc.Arbitrary<T>, nullWeight: number): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: nullWeight, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: value });
}

/** Values that look like numbers and don't, empty ones, and ones that are equal only as numbers. */
export const propertyValues: readonly Scalar[] = [
  'u',
  'u',
  'u',
  'v',
  '',
  1,
  2.5,
  '10',
  ' 1',
  '1e1',
  true,
  '2.50',
  4.35,
  '-0',
  'nan',
  "it's \\ \t{p1:String}",
];
export const traitValues: readonly Scalar[] = ['gold', 'free', '', 3, 30];

/** At most two of the names, each with one of the values. */
export function bag(names: readonly string[], values: readonly Scalar[]): fc.Arbitrary<Record<string, Scalar>> {
  return fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...values), { maxKeys: 2, noNullPrototype: true });
}

const who = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('c', 'd', 'e').map((customer) => ({ customer, anonymous: null })) },
  { weight: 1, arbitrary: fc.constantFrom('c', 'd').map((customer) => ({ customer, anonymous: 'c' })) },
  { weight: 1, arbitrary: fc.constantFrom('c', 'n').map((anonymous) => ({ customer: null, anonymous })) },
);

/** Who sent an event: of several customers and anonymous ids, some of which share a name. */
export type Sender = Pick<EventSketch, 'customer' | 'anonymous'>;

const eventFields = fc.record({
  account: rarely(fc.constantFrom('x', 'x', 'x', 'y'), 2),
  touchpoint: fc.constantFrom('A', 'A', 'A', 'B', 'B', 'B', 'C', 'C', 'C', 'AB', 'A*b', 'Z'),
  tick: fc.integer({ min: 0, max: 9 }),
  offUs: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(-1, 1, 500_000) }),
  sequence: rarely(fc.integer({ min: 0, max: 2 }), 3),
  receivedTick: fc.integer({ min: 12, max: 15 }),
  channel: rarely(fc.constantFrom('web', 'app'), 2),
  team: rarely(fc.constantFrom('ops', 'sales'), 2),
  sentiment: rarely(fc.constantFrom(-0.5, 0.5), 4),
  properties: bag(['p', 'q'], propertyValues),
  traits: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: bag(['t', 's'], traitValues) }),
});

// Their order as bytes differs from that of UTF-16 code units and from the order in which they are drawn.
const ids = [
  '\u{1f600}',
  '\uff5e',
  'm',
  'b',
  'z',
  '10',
  '9',
  'é',
  'B',
  'a0',
  'a',
  '_',
  'y',
  'x',
  ...'CDEFGHIJklnopqrstuvw',
];

const changes: fc.Arbitrary<Partial<EventSketch>> = fc.oneof(
  fc.record({ receivedTick: fc.integer({ min: 12, max: 15 }) }),
  fc.record({ receivedTick: fc.integer({ min: 11, max: 16 }), touchpoint: fc.constantFrom('A', 'B', 'C') }),
  fc.record({ receivedTick: fc.integer({ min: 11, max: 16 }), tick: fc.integer({ min: 0, max: 12 }) }),
  fc.record({ receivedTick: fc.integer({ min: 11, max: 16 }), sequence: fc.integer({ min: 0, max: 2 }) }),
  fc.record({ receivedTick: fc.integer({ min: 11, max: 16 }), customer: fc.constantFrom('c', 'd') }),
  fc.record({ receivedTick: fc.integer({ min: 11, max: 16 }), sentiment: fc.constantFrom(-1, 1) }),
  fc.record({ receivedTick: fc.integer({ min: 11, max: 16 }), properties: bag(['p', 'q'], propertyValues) }),
);

/** What the worlds of one kind are made of. */
export interface WorldParts {
  readonly grid: fc.Arbitrary<Grid>;
  readonly fields: fc.Arbitrary<Omit<EventSketch, 'id' | 'customer' | 'anonymous'>>;
  /** What may be different in a second copy of an event. */
  readonly changes: fc.Arbitrary<Partial<EventSketch>>;
  /** By default three customers and two anonymous ids, hardly ever both on one event. */
  readonly senders?: fc.Arbitrary<Sender>;
}

/** Random small worlds made of these parts: up to 34 events, and up to six repeats. */
export function worldsOf({ grid, fields, changes, senders = who }: WorldParts): fc.Arbitrary<World> {
  return fc.noBias(
    fc
      .record({
        grid,
        events: fc.array(fc.tuple(senders, fields), { minLength: 1, maxLength: 34, size: 'max' }),
        repeats: fc.array(fc.tuple(fc.nat(ids.length - 1), changes), { maxLength: 6 }),
      })
      .map(({ grid, events, repeats }) => {
        const originals = events.map(([person, own], index) => ({ id: ids[index] ?? `id${index}`, ...person, ...own }));
        const again = repeats.flatMap(([index, change]) => {
          const original = originals[index % originals.length];
          return original === undefined ? [] : [{ ...original, ...change }];
        });
        return { grid, copies: [...originals, ...again] };
      }),
  );
}

/** Random small worlds, biased to ties, exact boundaries, duplicates and conflicting copies. */
export const worlds: fc.Arbitrary<World> = worldsOf({ grid, fields: eventFields, changes });

/** The same with people who have several ids; see {@link withIdentities}. */
export const identityWorlds: fc.Arbitrary<World> = worldsOf(withIdentities({ grid, fields: eventFields, changes }));

function eventOf(sketch: EventSketch, grid: Grid, prefix: string, realm: string): TouchpointEvent {
  const named = (name: string | null) => (name === null ? null : prefix + name);
  return {
    id: prefix + sketch.id,
    customer: named(sketch.customer),
    anonymous: named(sketch.anonymous),
    account: named(sketch.account),
    touchpoint: sketch.touchpoint,
    channel: sketch.channel,
    team: sketch.team,
    direction: sketch.direction ?? null,
    topic: null,
    occurredAtUs: atTick(grid, sketch.tick) + sketch.offUs,
    receivedAtUs: atTick(grid, sketch.receivedTick),
    sequence: sketch.sequence,
    sentiment: sketch.sentiment,
    nps: sketch.nps ?? null,
    amount: null,
    properties: new Map([
      ...Object.entries(sketch.properties).map(([key, value]): [string, Scalar] => [
        key,
        key === 'previous' ? prefix + value : value,
      ]),
      ['realm', realm],
    ]),
    traits: new Map(Object.entries(sketch.traits)),
  };
}

/**
 * The deliveries of a world. The prefix goes before every id, customer and account, so that many worlds can live in one
 * table without touching each other; the property `realm` says which events a request is asked about.
 */
export function copiesOf({ grid, copies }: World, prefix: string, realm = prefix): EventCopy[] {
  return copies.map((sketch, logOffset) => ({
    event: eventOf(sketch, grid, prefix, realm),
    log: 'events@world',
    logPartition: 0,
    logOffset,
  }));
}

/** A world in a few readable lines, for the report of a counter-example. */
export function describeWorld({ grid, copies }: World): string {
  const head = `base ${grid.baseIso}, tick ${grid.tick.value} ${grid.tick.unit}, ${grid.timezone}`;
  const lines = copies.map((copy, offset) => {
    const off = copy.offUs === 0 ? '' : `${copy.offUs > 0 ? '+' : ''}${copy.offUs}µs`;
    const fields = Object.entries({ ...copy, id: null, tick: null, offUs: 0, touchpoint: null, receivedTick: null })
      .filter(([, value]) => value !== null && value !== 0 && JSON.stringify(value) !== '{}')
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    const sequence = copy.sequence === 0 ? ' sequence=0' : '';
    return `  #${offset} tick ${copy.tick}${off} ${copy.touchpoint} id=${copy.id} received ${copy.receivedTick}${sequence} ${fields.join(' ')}`;
  });
  return [head, ...lines].join('\n');
}
