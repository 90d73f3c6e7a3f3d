import { ingestFaultPoints } from '@michinori/ingest';
import type { FaultPoint } from '@michinori/processor';
import * as processor from '@michinori/processor';
import { sharedKafka } from '@michinori/testing/kafka';
import { beforeAll, describe, expect, test } from 'vitest';
import { assertBuilt } from '../child.ts';
import { createRandom, seedOfRun } from '../random.ts';
import { sendTraffic } from '../traffic.ts';
import { until } from '../until.ts';
import { applyJourney, untilJourneyAnswers } from './journey.ts';
import { startLoad } from './load.ts';
import { type Plan, type ServiceProcess, untilReady } from './service-process.ts';
import { expectConserved, startWorld } from './world.ts';

const seed = seedOfRun();
const random = createRandom(seed);
/** At which passages of a step a process dies, one process after the other. By default one, chosen by the seed. */
const passagesOf = (mostByDefault: number): number[] =>
  process.env.MICHINORI_PASSAGES?.split(',').map(Number) ?? [random.between(1, mostByDefault)];
const logCharactersMax = 4000;
/** On a machine that does many other things. */
const patienceMs = 300_000;
const options = { random, partitions: 3, batchRecordsMax: 20, lingerMs: 0, projectLingerMs: 0 };

/** Every labelled step of the processor, also those that came later than this test. */
const processorPoints = Object.entries(processor).flatMap(([name, list]) =>
  name.endsWith('FaultPoints') ? (list as readonly FaultPoint[]) : [],
);
/** Steps on the way of a definition: only the member that owns the definitions comes by, so it has to be alone. */
const isOfDefinitions = (point: string): boolean => point.startsWith('definitions.') || point.startsWith('builder.');

/** Steps that are only passed under special settings. */
const specialEnv: Partial<Record<FaultPoint, Record<string, string>>> = {
  'projector.after-hot': { MICHINORI_PROCESSOR_HOT_EVENTS_MIN: '1', MICHINORI_PROCESSOR_HOT_INTERVAL_MS_MAX: '0' },
};

const kafka = sharedKafka({ controlled: true });
beforeAll(assertBuilt);

async function expectDeath(victim: ServiceProcess, point: string): Promise<void> {
  const dies = until(`it dies at ${point}`, () => (victim.isAlive() ? undefined : true), patienceMs);
  await dies.catch((error: Error) => {
    throw new Error(`${error.message}\n${victim.log().slice(-logCharactersMax)}`);
  });
  expect(await victim.ended, victim.log().slice(-logCharactersMax)).toBe('killed');
}

describe(`a service killed at a labelled step, on Kafka (MICHINORI_SEED=${seed})`, () => {
  test('ingest: whatever it had acknowledged is visible exactly once', { timeout: 900_000 }, async (context) => {
    const world = await startWorld(context, kafka(context), options);
    const { topology, book } = world;
    const sink = topology.start('processor');
    let kills = 0;
    for (const point of ingestFaultPoints) {
      for (const passage of passagesOf(15)) {
        const victim = topology.start('ingest', { plans: [{ kill: point, passage }] });
        await untilReady(victim);
        await sendTraffic({
          ...{ url: topology.ingestUrl, book, random },
          mixture: 'everything',
          connections: 3,
          eventsOfRequestMax: 8,
          goesOn: () => victim.isAlive(),
        });
        await expectDeath(victim, point);
        kills += 1;
      }
    }
    await expectConserved(world, { story: `ingest killed at ${kills} steps, seed ${seed}` });
    expect(book.counts().acknowledged).toBeGreaterThan(kills);
    expect(await sink.terminate()).toBe('stopped');
  });

  test('processor: every step, while others go on', { timeout: 1_800_000 }, async (context) => {
    const world = await startWorld(context, kafka(context), options);
    const { topology, book, url } = world;
    const ingest = await untilReady(topology.start('ingest'));
    // Hardly anything gets through while everybody dies: slowly, so that the rest is not too long.
    const load = startLoad({ url: topology.ingestUrl, book, random, paceMs: 300 });
    const plansFor = (points: readonly FaultPoint[], mostByDefault: number): Plan[] =>
      points.flatMap((kill) => passagesOf(mostByDefault).map((passage) => ({ kill, passage })));
    // Every passage of a builder's step costs a whole build.
    const alone = plansFor(processorPoints.filter(isOfDefinitions), 1);
    const together = plansFor(
      processorPoints.filter((point) => !isOfDefinitions(point)),
      3,
    );
    const kills = alone.length + together.length;

    async function dieOneAfterTheOther(): Promise<void> {
      for (let plan = together.shift(); plan !== undefined; plan = together.shift()) {
        const env = specialEnv[plan.kill as FaultPoint] ?? {};
        const victim = topology.start('processor', { plans: [plan], env });
        await expectDeath(victim, plan.kill);
      }
    }
    await Promise.all([dieOneAfterTheOther(), dieOneAfterTheOther(), dieOneAfterTheOther()]);

    let version = 1;
    for (const plan of alone) {
      const victim = topology.start('processor', { plans: [plan] });
      while (victim.isAlive()) {
        version += 1;
        await applyJourney(url, version);
        await untilJourneyAnswers(url, version, () => !victim.isAlive());
      }
      await expectDeath(victim, plan.kill);
    }
    await load.stop();
    expect(await ingest.terminate(), ingest.log().slice(-logCharactersMax)).toBe('stopped');
    const last = topology.start('processor', { env: { MICHINORI_PROCESSOR_BATCH_RECORDS_MAX: '5000' } });
    await untilJourneyAnswers(url, version);
    await expectConserved(world, { story: `processor killed at ${kills} steps, seed ${seed}` });
    expect(book.counts().acknowledged).toBeGreaterThan(kills);
    expect(await last.terminate()).toBe('stopped');
  });
});
