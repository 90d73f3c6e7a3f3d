import fc from 'fast-check';
import type { EventSketch, Sender, WorldParts } from './funnel-world.ts';

const customers = ['c', 'd', 'e', 'n'];
// Some are names of customers as well, `k` is never an event's own, only named by others.
const devices = ['c', 'n', 'm'];

const senders: fc.Arbitrary<Sender> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...customers).map((customer) => ({ customer, anonymous: null })) },
  {
    weight: 2,
    arbitrary: fc.record({ customer: fc.constantFrom(...customers), anonymous: fc.constantFrom(...devices) }),
  },
  { weight: 3, arbitrary: fc.constantFrom(...devices).map((anonymous) => ({ customer: null, anonymous })) },
);

const statement: fc.Arbitrary<Partial<EventSketch>> = fc
  .record({
    touchpoint: fc.constantFrom('identity.alias', 'identity.alias', 'identity.unalias'),
    previous: fc.constantFrom('c', 'd', 'e', 'n', 'm', 'k'),
  })
  .map(({ touchpoint, previous }) => ({ touchpoint, properties: { previous } }));

/** The same worlds with people who have several ids: anonymous events before and after a claim, shared devices, aliases and their undoing. */
export function withIdentities({ grid, fields, changes }: WorldParts): WorldParts {
  const some = fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: statement });
  return {
    grid,
    senders,
    fields: fc.tuple(fields, some).map(([own, other]) => ({ ...own, ...other })),
    changes: fc.oneof(
      { weight: 4, arbitrary: changes },
      {
        weight: 1,
        arbitrary: fc.record({
          receivedTick: fc.constantFrom(11, 16, 29, 34),
          anonymous: fc.constantFrom(...devices),
        }),
      },
    ),
  };
}
