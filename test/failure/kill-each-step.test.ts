import { type FaultPoint, projectorFaultPoints, type SinkFaultPoint, sinkFaultPoints } from '@michinori/processor';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { assertBuilt, type Child, type ChildOptions, killChildren, type Plan, startChild } from './child.ts';
import { type Book, createBook } from './ledger.ts';
import { createRandom, seedOfRun } from './random.ts';
import { type Mixture, sendTraffic } from './traffic.ts';
import { until } from './until.ts';
import { expectConserved, expectSameOnDisk, readSettled, tell, temporaryFolder } from './world.ts';

const seed = seedOfRun();
const random = createRandom(seed);
const requestsMax = 400;

/** Steps that a batch of one topic doesn't come by: HTTP lets no dead letter into the events, and a refused event has no row and no id. */
const onlyForDeadLetters: readonly SinkFaultPoint[] = ['sink.after-dead-letters'];
const onlyForEvents: readonly SinkFaultPoint[] = [
  'sink.after-announce',
  'sink.after-conflict-lookup',
  'sink.after-conflict-mark',
  'sink.after-insert',
];

/** No journey is applied here; with journeys a round dies at these in the processor's own tests. */
const onlyWithJourneys: readonly FaultPoint[] = ['projector.after-derive', 'projector.after-hot'];

const topics: { topic: string; mixture: Mixture; points: readonly FaultPoint[] }[] = [
  {
    topic: 'events',
    mixture: 'accepted',
    points: [
      ...sinkFaultPoints.filter((point) => !onlyForDeadLetters.includes(point)),
      ...projectorFaultPoints.filter((point) => !onlyWithJourneys.includes(point)),
    ],
  },
  {
    topic: 'dead letters',
    mixture: 'rejected',
    points: sinkFaultPoints.filter((point) => !onlyForEvents.includes(point)),
  },
];

const sinceMs = Date.now();
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let book: Book;
let options: ChildOptions;
let kills = 0;
/** The process that stood the last comparison: it goes on living and is the first to die in the next test. */
let survivor: Child | undefined;
beforeAll(async () => {
  assertBuilt();
  folder = await temporaryFolder();
  options = { data: folder.data, partitions: 2, batchRecordsMax: 6 };
  book = createBook(random);
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'pass') return;
  survivor = undefined;
  await killChildren();
});
afterAll(async () => {
  await killChildren();
  await folder.remove();
});

/**
 * A process that gets traffic until it dies by its plan. A starting one knows the plan from its first instruction on, so
 * that it may die while it works off what the one before left; a running one is told.
 */
async function liveUntilDeath(plan: Plan, mixture: Mixture, running?: Child): Promise<void> {
  const child = running ?? startChild({ ...options, plans: [plan] });
  running?.add(plan);
  const url = await child.started;
  if (url !== null) {
    const goesOn = (requests: number): boolean => requests < requestsMax && child.isAlive();
    await sendTraffic({ url, book, random, mixture, connections: 1, eventsOfRequestMax: 8, goesOn });
  }
  await until(`it dies by ${JSON.stringify(plan)}`, () => (child.isAlive() ? undefined : true));
  expect(child.signal(), child.stderr()).toBe('SIGKILL');
  kills += 1;
}

describe.each(topics)(`a process killed while it works on $topic (MICHINORI_SEED=${seed})`, ({ mixture, points }) => {
  test.each(points)(
    '%s: first passage, again while it recovers, third passage',
    { timeout: 240_000 },
    async (point) => {
      await liveUntilDeath({ kill: point, passage: 1 }, mixture, survivor);
      survivor = undefined;
      await liveUntilDeath({ kill: point, passage: 1 }, mixture);
      await liveUntilDeath({ kill: point, passage: 3 }, mixture);
      const next = startChild({ ...options, batchRecordsMax: 200 });
      const { shown, answers } = await readSettled(next, sinceMs);
      expectConserved(book.ledger, shown, answers);
      survivor = next;
    },
  );
});

test('and all of it stands on the disk', { timeout: 240_000 }, async () => {
  await survivor?.kill();
  const last = startChild({ ...options, batchRecordsMax: 200 });
  const { shown } = await readSettled(last, sinceMs);
  await last.kill();
  await expectSameOnDisk(folder.data, shown);
  expect(book.counts().acknowledged).toBeGreaterThan(kills);
  tell(
    `kills at steps ${kills}, events ${JSON.stringify(book.counts())}, visible ${shown.events.length}, seed ${seed}`,
  );
});
