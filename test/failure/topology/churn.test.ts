import { setTimeout as letItLive } from 'node:timers/promises';
import { type IngestFaultPoint, ingestFaultPoints } from '@michinori/ingest';
import { sharedKafka } from '@michinori/testing/kafka';
import { beforeAll, describe, expect, test } from 'vitest';
import { assertBuilt } from '../child.ts';
import { createRandom, seedOfRun } from '../random.ts';
import { every, startGroup } from './churn.ts';
import { startLoad } from './load.ts';
import { createServerFaults } from './servers.ts';
import { type ServiceProcess, untilReady } from './service-process.ts';
import type { Topology } from './topology.ts';
import { expectConserved, startWorld } from './world.ts';

const seed = seedOfRun();
const seconds = (name: string, short: number): number => Number(process.env[name] ?? short);
const churnSeconds = seconds('MICHINORI_CHURN_SECONDS', 20);
const cutSeconds = seconds('MICHINORI_CUT_SECONDS', 5);
const allSeconds = seconds('MICHINORI_ALL_SECONDS', 20);
const memberEveryMs = 3000;
/** Requests that have to be stored before the next blow, so that all of it happens under load on any machine. */
const progress = 20;
const options = { partitions: 4, batchRecordsMax: 500, lingerMs: 100, projectLingerMs: 200 };
const timeoutOf = (runSeconds: number): number => 900_000 + runSeconds * 5000;

const kafka = sharedKafka({ controlled: true });
beforeAll(assertBuilt);

/** Ingest that is started again whenever it has died, at a step that the seed chooses. */
function startMortalIngest(topology: Topology, random: ReturnType<typeof createRandom>) {
  let isOver = false;
  let deaths = 0;
  let current: ServiceProcess | undefined;
  async function live(): Promise<void> {
    while (!isOver) {
      const kill: IngestFaultPoint = random.oneOf(ingestFaultPoints);
      current = topology.start('ingest', { plans: [{ kill, passage: random.between(5, 100) }] });
      const end = await current.ended;
      if (end === 'itself') throw new Error(`ingest ended by itself:\n${current.log().slice(-4000)}`);
      if (end === 'killed') deaths += 1;
    }
  }
  const living = live();
  living.catch(() => {});
  return {
    deaths: () => deaths,
    async stop() {
      isOver = true;
      await current?.terminate();
      await living;
    },
  };
}

describe(`on Kafka, under load (MICHINORI_SEED=${seed})`, () => {
  test(`processors come and go for ${churnSeconds} s while the broker restarts and dies`, {
    timeout: timeoutOf(churnSeconds),
  }, async (context) => {
    const random = createRandom(seed);
    const world = await startWorld(context, kafka(context), { ...options, random });
    const { topology, book } = world;
    const ingest = await untilReady(topology.start('ingest'));
    const faults = createServerFaults(topology, random);
    const group = startGroup(topology, random);
    const load = startLoad({ url: topology.ingestUrl, book, random });

    await Promise.all([group.atWork(), load.untilMore(progress)]);
    const endMs = performance.now() + churnSeconds * 1000;
    const restarts = ['stop', 'kill'] as const;
    let restarted = 0;
    const isOver = () => performance.now() >= endMs && restarted >= restarts.length && group.tally.joined > 3;
    await Promise.all([
      every(memberEveryMs, isOver, group.change),
      every(Math.min(30_000, (churnSeconds * 1000) / 4), isOver, async () => {
        await faults.restartBroker(restarts[restarted % 2] ?? 'kill');
        restarted += 1;
        await load.untilMore(progress);
      }),
    ]);
    const requests = await load.stop();
    expect(await ingest.terminate(), ingest.log().slice(-4000)).toBe('stopped');
    const story = `churn ${churnSeconds} s, seed ${seed}, requests stored ${requests}, ${told(group.counted(), faults.tally)}`;
    await expectConserved(world, { story, lettersMayRepeat: true });
    group.assertLoyal();
    expect(book.counts().acknowledged).toBeGreaterThan(progress);
  });

  test(`ClickHouse is cut off for ${cutSeconds} s, and a tenth of its answers is reset`, {
    timeout: timeoutOf(cutSeconds),
  }, async (context) => {
    const random = createRandom(seed + 1);
    const world = await startWorld(context, kafka(context), { ...options, random });
    const { topology, book } = world;
    const ingest = await untilReady(topology.start('ingest'));
    const faults = createServerFaults(topology, random);
    const group = startGroup(topology, random);
    const load = startLoad({ url: topology.ingestUrl, book, random });

    await Promise.all([group.atWork(), load.untilMore(progress)]);
    await faults.cutClickHouse(cutSeconds * 1000);
    await faults.resetAnswers(0.1);
    await letItLive(cutSeconds * 1000);
    const requests = await load.stop();
    expect(await ingest.terminate(), ingest.log().slice(-4000)).toBe('stopped');
    await faults.resetAnswers(0);
    const story = `ClickHouse cut ${cutSeconds} s, seed ${seed}, requests stored ${requests}, ${told(group.counted(), faults.tally)}`;
    await expectConserved(world, { story });
    group.assertLoyal();
    expect(book.counts().acknowledged).toBeGreaterThan(progress);
  });

  test(`everything at once for ${allSeconds} s`, { timeout: timeoutOf(allSeconds) }, async (context) => {
    const random = createRandom(seed + 2);
    const world = await startWorld(context, kafka(context), { ...options, random });
    const { topology, book } = world;
    const ingest = startMortalIngest(topology, random);
    const faults = createServerFaults(topology, random);
    const group = startGroup(topology, random);
    const load = startLoad({ url: topology.ingestUrl, book, random });

    await Promise.all([group.atWork(), load.untilMore(progress)]);
    await faults.resetAnswers(0.1);
    const endMs = performance.now() + allSeconds * 1000;
    const serverFaults = [
      () => faults.restartBroker('kill'),
      () => faults.killClickHouse(),
      () => faults.cutClickHouse(random.between(500, 3000)),
      () => faults.restartBroker('stop'),
    ];
    const first = random.between(0, serverFaults.length - 1);
    let done = 0;
    const isOver = () => performance.now() >= endMs && done >= serverFaults.length && ingest.deaths() > 0;
    await Promise.all([
      every(memberEveryMs, isOver, group.change),
      every(Math.min(10_000, (allSeconds * 1000) / 8), isOver, async () => {
        await serverFaults[(first + done) % serverFaults.length]?.();
        done += 1;
        await load.untilMore(progress);
      }),
    ]);
    const requests = await load.stop();
    await ingest.stop();
    await faults.resetAnswers(0);
    const story = `everything ${allSeconds} s, seed ${seed}, requests stored ${requests}, ingest kills ${ingest.deaths()}, ${told(group.counted(), faults.tally)}`;
    await expectConserved(world, { story, lettersMayRepeat: true });
    group.assertLoyal();
    expect(book.counts().acknowledged).toBeGreaterThan(progress);
  });
});

function told(...tallies: object[]): string {
  return tallies
    .flatMap((tally) => Object.entries(tally))
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
