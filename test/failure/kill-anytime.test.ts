import { setTimeout as letItLive } from 'node:timers/promises';
import { sinkFaultPoints } from '@michinori/processor';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { addressOf, assertBuilt, type Child, killChildren, startChild } from './child.ts';
import { createBook } from './ledger.ts';
import { createRandom, seedOfRun } from './random.ts';
import { type Mixture, sendTraffic } from './traffic.ts';
import { expectConserved, expectSameOnDisk, readSettled, tell, temporaryFolder } from './world.ts';

const kills = Number(process.env.MICHINORI_KILLS ?? 40);
const seed = seedOfRun();
const random = createRandom(seed);
const partitions = 3;
const steps = sinkFaultPoints.filter((point) => point !== 'sink.after-conflict-mark');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  assertBuilt();
  folder = await temporaryFolder();
});
afterEach(killChildren);
afterAll(() => folder.remove());

/** Kills at a moment that nothing announces: so many milliseconds after the call. */
async function killBlindly(child: Child, mostMs: number): Promise<void> {
  await letItLive(random.share() * mostMs);
  await child.kill();
  await expectKilled(child);
}

/** It ended by a kill and not by itself. */
async function expectKilled(child: Child): Promise<void> {
  await child.ended;
  expect(child.signal(), child.stderr()).toBe('SIGKILL');
}

test(`whatever was acknowledged is visible exactly once after ${kills} kills at any moment (MICHINORI_SEED=${seed})`, {
  timeout: 60_000 + kills * 15_000,
}, async () => {
  const sinceMs = Date.now();
  const book = createBook(random);
  const deaths = { whileStarting: 0, underLoad: 0, atStep: 0 };
  let answered = 0;
  let startMs = 1000;

  const mixtures: readonly Mixture[] = ['everything', 'everything', 'accepted'];
  async function lifeUnderLoad(child: Child, requestsMax: number): Promise<void> {
    const url = await child.started;
    if (url === null) return expectKilled(child);
    let ending: Promise<void> | undefined;
    const goesOn = (requests: number): boolean => {
      if (requests >= requestsMax) ending ??= killBlindly(child, 20);
      return child.isAlive();
    };
    answered += await sendTraffic({
      url,
      book,
      random,
      mixture: random.oneOf(mixtures),
      connections: 3,
      eventsOfRequestMax: 25,
      goesOn,
    });
    await (ending ?? killBlindly(child, 20));
  }

  for (let kill = 0; kill < kills; kill += 1) {
    const common = { data: folder.data, partitions, batchRecordsMax: random.between(3, 60) };
    const dice = random.share();
    const startedMs = performance.now();
    if (dice < 0.25) {
      const child = startChild(common);
      await killBlindly(child, startMs * 1.3);
      deaths.whileStarting += 1;
    } else if (dice < 0.6) {
      const child = startChild(common);
      await addressOf(child);
      startMs = performance.now() - startedMs;
      await lifeUnderLoad(child, random.between(1, 60));
      deaths.underLoad += 1;
    } else {
      const child = startChild({ ...common, plans: [{ kill: random.oneOf(steps), passage: random.between(1, 15) }] });
      await lifeUnderLoad(child, 150);
      deaths.atStep += 1;
    }
  }

  const last = startChild({ data: folder.data, partitions, batchRecordsMax: 500 });
  const { shown, answers } = await readSettled(last, sinceMs);
  await last.kill();
  tell(
    `kills ${JSON.stringify(deaths)}, answered requests ${answered}, events ${JSON.stringify(book.counts())}, ` +
      `visible ${shown.events.length}, dead letters ${shown.letters.length}, last start ${Math.round(startMs)} ms, seed ${seed}`,
  );
  expectConserved(book.ledger, shown, answers);
  await expectSameOnDisk(folder.data, shown);
  expect(book.counts().acknowledged).toBeGreaterThan(kills * 5);
});
