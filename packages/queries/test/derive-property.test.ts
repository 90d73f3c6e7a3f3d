import type { Journey } from '@michinori/journey';
import type { Derivation } from '@michinori/queries';
import {
  copiesOf,
  describeWorld,
  journeyDefinitions,
  journeyIdentityWorlds,
  journeyWorlds,
  referenceCustomerRows,
  referenceUnitJourneys,
} from '@michinori/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arrangements, type Task } from './derive-arrangement.ts';
import { expectedCustomers, expectedUnits, rowDifference, storedCustomers, storedUnits } from './derive-rows.ts';
import { stores } from './stores.ts';

// A batch is some worlds in one table, each with its own prefix, derived under some journeys in every arrangement.
const WORLDS_DEFAULT = 80;
const WORLDS_PER_BATCH_MAX = 300;
const JOURNEYS_PER_BATCH = 12;

const worldsWantedMax = Number(process.env.MICHINORI_TEST_RUNS ?? WORLDS_DEFAULT);
const seed = Number(process.env.MICHINORI_TEST_SEED ?? 20261121);

const chunkSizes = [1, 256, 2, 3, 5];

/** The first arrangement is derived under all journeys, the others under a third of them each: two of each unit. */
function isAsked(arrangement: number, index: number): boolean {
  return arrangement === 0 || Math.floor(index / 2) % 3 === arrangement - 1;
}

/** Of each batch, half of the journeys are of each unit and each way of progress; two thirds look at the direction of events. */
function spread(journey: Journey, index: number): Journey {
  const isSecond = index % 4 > 1;
  const isOdd = index % 2 === 1;
  return {
    ...journey,
    unit: isOdd ? 'account' : 'customer',
    progress: isSecond === isOdd ? 'forward' : 'free',
    activity: index % 8 < 4 ? 'inbound' : 'any',
  };
}

it.for(stores)(
  'gives the rows of the reference on random worlds and journeys, however their events arrived ($name)',
  {
    timeout: 3_600_000,
  },
  async (store, context) => {
    const clickhouse = await store.open(context);
    const worldsWanted = Math.ceil(worldsWantedMax * store.share);
    const outcomes = new Map<string, number>();
    let worldsDone = 0;
    for (let batchSeed = seed; worldsDone < worldsWanted; batchSeed++) {
      const numRuns = Math.ceil(Math.min(worldsWanted, WORLDS_PER_BATCH_MAX) / 2);
      const worlds = [journeyWorlds(), journeyIdentityWorlds()].flatMap((kind) =>
        fc.sample(kind, { seed: batchSeed, numRuns }),
      );
      const journeys = fc.sample(journeyDefinitions(), {
        seed: batchSeed,
        numRuns: store.share === 1 ? JOURNEYS_PER_BATCH : JOURNEYS_PER_BATCH / 2,
      });
      const homes = worlds.map((world, index) => ({
        world,
        prefix: `w${index}.`,
        copies: copiesOf(world, `w${index}.`),
      }));
      const copies = homes.flatMap((home) => home.copies);
      const derivations = journeys.map(
        (journey, index): Derivation => ({ id: index + 1, journey: spread(journey, index) }),
      );
      const expected = derivations.map(({ journey }) =>
        homes.flatMap((home) => referenceUnitJourneys(journey, home.copies)),
      );
      const people = homes.flatMap((home) => referenceCustomerRows(home.copies));
      for (const { visits } of expected.flat()) {
        for (const { outcome } of visits) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
      for (const [place, arrangement] of arrangements.entries()) {
        const tasks = derivations
          .filter((_, index) => isAsked(place, index))
          .map(
            (derivation): Task => ({
              derivation,
              chunkEvents: chunkSizes[(place + derivation.id + batchSeed) % 5] ?? 1,
            }),
          );
        await arrangement.arrange(clickhouse, copies, tasks, batchSeed);
        const where = `seed ${batchSeed}, ${arrangement.name}`;
        const wrongCustomers = rowDifference(
          await storedCustomers(clickhouse),
          await expectedCustomers(clickhouse, people),
        );
        expect(wrongCustomers, where).toBeNull();
        for (const { derivation, chunkEvents } of tasks) {
          const { id, journey } = derivation;
          const wrong = rowDifference(
            await storedUnits(clickhouse, id),
            await expectedUnits(clickhouse, id, expected[id - 1] ?? []),
          );
          if (wrong === null) continue;
          const home = homes.find(({ prefix }) => wrong.includes(prefix));
          const given = `${JSON.stringify(journey, null, 1)}\n${home ? describeWorld(home.world) : ''}`;
          expect.fail(`${where}, derivation ${id}, chunks of ${chunkEvents}\n${wrong}\n${given}`);
        }
      }
      worldsDone += worlds.length;
    }
    for (const outcome of ['open', 'advanced', 'returned', 'lost', 'silent', 'completed']) {
      expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(worldsDone / 10);
    }
  },
);
