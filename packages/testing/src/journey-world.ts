import fc from 'fast-check';
import {
  bag,
  type EventSketch,
  type Grid,
  places,
  propertyValues,
  rarely,
  traitValues,
  type World,
  worldsOf,
} from './funnel-world.ts';
import { withIdentities } from './identity-world.ts';

/** Journey worlds tick in hours, so that definitions don't have to know their world. */
export const journeyTick = { value: 1, unit: 'hour' } as const;

/** All ticks of a journey world lie before this one. */
export const journeyTicks = 26;

const grid: fc.Arbitrary<Grid> = fc
  .constantFrom(...places)
  .map(([baseIso, timezone]) => ({ baseIso, timezone, tick: journeyTick }));

/** Mostly 0; else a microsecond before or after the tick. */
export const offTick: fc.Arbitrary<number> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 1) },
);

const receivedTick = fc.integer({ min: 30, max: 33 });

const fields = fc.record({
  account: rarely(fc.constantFrom('x', 'x', 'x', 'y'), 2),
  touchpoint: fc.constantFrom(
    ...['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c', 'ab', 'd', 'x', 'z', 'z', 'z', 'z'],
    ...['nps.asked', 'nps.answered'],
  ),
  tick: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: journeyTicks - 1 })),
  offUs: offTick,
  sequence: rarely(fc.integer({ min: 0, max: 2 }), 3),
  receivedTick,
  channel: rarely(fc.constantFrom('web', 'app'), 2),
  team: rarely(fc.constantFrom('ops', 'sales'), 2),
  direction: rarely(fc.constantFrom('inbound', 'outbound', 'outbound'), 1),
  sentiment: rarely(fc.constantFrom(-1, -0.5, 0, 0.5), 4),
  nps: rarely(fc.constantFrom(0, 6, 9, 10), 4),
  properties: bag(['p', 'q'], propertyValues),
  traits: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: bag(['t', 's'], traitValues) }),
});

const receivedAgain = fc.integer({ min: 29, max: 34 });

const changes: fc.Arbitrary<Partial<EventSketch>> = fc.oneof(
  fc.record({ receivedTick }),
  fc.record({ receivedTick: receivedAgain, touchpoint: fc.constantFrom('a', 'b', 'x') }),
  fc.record({ receivedTick: receivedAgain, tick: fc.integer({ min: 0, max: journeyTicks - 1 }) }),
  fc.record({ receivedTick: receivedAgain, sequence: fc.integer({ min: 0, max: 2 }) }),
  fc.record({ receivedTick: receivedAgain, customer: fc.constantFrom('c', 'd', 'f') }),
  fc.record({ receivedTick: receivedAgain, account: fc.constantFrom('x', 'y', 'w') }),
  fc.record({ receivedTick: receivedAgain, direction: fc.constantFrom('inbound' as const, 'outbound' as const) }),
  fc.record({ receivedTick: receivedAgain, nps: fc.constantFrom(3, 8) }),
  fc.record({ receivedTick: receivedAgain, traits: bag(['t', 's'], traitValues) }),
);

/**
 * Random small worlds to walk journeys through: touchpoints that the rules of {@link journeyDefinitions} ask for and others,
 * ties, gaps of whole ticks and a microsecond beside, opinions, outbound events, duplicates and conflicting copies (some of
 * which are all that names a customer or an account).
 */
export function journeyWorlds(): fc.Arbitrary<World> {
  return worldsOf({ grid, fields, changes });
}

/** An instant of a journey world, to be placed with `atTick(grid, tick) + offUs`: on a tick or a microsecond beside. */
export function journeyInstants(): fc.Arbitrary<{ readonly tick: number; readonly offUs: number }> {
  return fc.record({ tick: fc.integer({ min: -1, max: journeyTicks + 6 }), offUs: offTick });
}

/** The same with people who have several ids; see {@link withIdentities}. */
export function journeyIdentityWorlds(): fc.Arbitrary<World> {
  return worldsOf(withIdentities({ grid, fields, changes }));
}
