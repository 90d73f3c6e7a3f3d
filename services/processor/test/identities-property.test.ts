import type { EventLog } from '@michinori/event-log';
import { partitionKey } from '@michinori/events';
import { journeyIdentityWorlds, referencePeople } from '@michinori/testing';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { deathPlans, deliverThroughDeaths } from './deaths.ts';
import { config } from './journeys.ts';
import {
  type DerivationOf,
  definePeopleJourneys,
  delivered,
  expectReference,
  peopleDerivations,
  placed,
} from './people.ts';
import { append, buildProcessor, clickhouseOfFile, settled, temporaryLog } from './world.ts';

const clickhouse = clickhouseOfFile();
const numRuns = Number(process.env.MICHINORI_TEST_RUNS ?? 2);
let derivations: DerivationOf;

beforeAll(async () => {
  const shared = await clickhouse();
  const closers: (() => Promise<void>)[] = [];
  const log = await temporaryLog({ onTestFinished: (close) => closers.push(close) });
  await definePeopleJourneys(log);
  const processor = buildProcessor({ log, clickhouse: shared, config });
  await processor.start();
  derivations = await peopleDerivations(shared);
  await processor.stop();
  for (const close of closers.reverse()) await close();
}, 120_000);

const homes = fc.array(journeyIdentityWorlds(), { minLength: 3, maxLength: 4, size: 'max' });
const keysOf = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 40, maxLength: 40 });

test('whatever the order, the batches and the deaths of processors, people travel as the reference says', async () => {
  const shared = await clickhouse();
  let others = 0;
  await fc.assert(
    fc.asyncProperty(
      ...([homes, keysOf, deathPlans, fc.integer({ min: 10, max: 60 })] as const),
      async (worlds, keys, deaths, batchRecordsMax) => {
        const closers: (() => Promise<void>)[] = [];
        const log = await temporaryLog({ onTestFinished: (close) => closers.push(close) }, { partitions: 2 });
        const people = placed(worlds);
        const { copies } = people;
        const options = { log, clickhouse: shared, config: { ...config, batchRecordsMax, projectUnitsMax: 15 } };
        const events = delivered(copies, keys);
        await deliverThroughDeaths(options, events, deaths);
        await expectReference(shared, derivations, people);
        const personOf = referencePeople(copies.map(({ event }) => event));
        others += copies.filter(({ event }) => personOf(partitionKey(event)) !== partitionKey(event)).length;
        for (const close of closers.reverse()) await close();
      },
    ),
    { numRuns, endOnFailure: true },
  );
  expect(others).toBeGreaterThan(5);
}, 900_000);

test('two processors that race, each with the events of other ids, leave what one would', async (context) => {
  const shared = await clickhouse();
  const logs: EventLog[] = [await temporaryLog(context), await temporaryLog(context)];
  const worlds = fc.sample(journeyIdentityWorlds(), { seed: 11, numRuns: 5 });
  const people = placed(worlds);
  const events = delivered(people.copies, [5, 3, 9, 1, 7]);
  const idsOf = (index: number) => events.filter((event) => partitionKey(event).length % 2 === index);
  const processors = logs.map((log, index) =>
    buildProcessor({
      ...{ log, clickhouse: shared },
      config: { ...config, group: `racer-${index}`, batchRecordsMax: 12 },
    }),
  );
  await Promise.all(processors.map((processor) => processor.start()));
  await Promise.all(
    logs.map(async (log, index) => {
      const own = idsOf(index);
      for (let from = 0; from < own.length; from += 30) {
        await append(log, own.slice(from, from + 30));
        if (from % 90 === 0) await settled(log, `racer-${index}`);
      }
      await settled(log, `racer-${index}`);
    }),
  );
  await Promise.all(processors.map((processor) => processor.stop()));
  await expectReference(shared, derivations, people);
}, 600_000);
