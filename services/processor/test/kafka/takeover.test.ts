import { topics } from '@michinori/events';
import { expect, test, vi } from 'vitest';
import { answering, apply, at, define, derivationsOf, expectSameAsRebuilt, step, unitsOf } from '../journeys.ts';
import { append, expectConserved, touchpoint, visible } from '../world.ts';
import { startChild } from './child.ts';
import {
  caughtUp,
  countingInserts,
  deploymentsOfFile,
  group,
  keepCopies,
  longPatience,
  storedRows,
} from './deployment.ts';

const deploy = deploymentsOfFile();
const small = { batchRecordsMax: 10 };

test('whoever takes over from a processor that was killed between insert and commit inserts only what is missing', async (context) => {
  // One partition: no second batch is under way when it dies, and what is stored then stays what is stored.
  const deployment = await deploy(context, { partitions: 1, session: 'short' });
  const { log, clickhouse, start } = deployment;
  await keepCopies(clickhouse);
  const events = Array.from({ length: 120 }, () => touchpoint());
  await append(log, events);
  const killed = startChild(context, deployment, {
    ...{ config: small, signal: 'SIGKILL', at: 'sink.after-insert', passage: 4 },
  });
  await killed.exited;
  expect(killed.process.signalCode).toBe('SIGKILL');
  const before = await storedRows(clickhouse);
  const committed = [...(await log.committed(group, topics.events)).values()].reduce((sum, offset) => sum + offset, 0);
  expect(before.rows).toBeGreaterThan(committed);

  const { clickhouse: counted, inserted } = countingInserts(clickhouse);
  const next = await start({ clickhouse: counted, config: small });
  await caughtUp(log);
  await next.stop();
  expect(inserted()).toBe(events.length - before.rows);
  const rows = await visible(clickhouse, log);
  expect(rows.map(({ id }) => id).sort()).toEqual(events.map(({ id }) => id).sort());
  expect(rows.every(({ copies }) => copies === 1)).toBe(true);
  await expectConserved(log, clickhouse);
}, 120_000);

test('a processor that stood still beyond its session and goes on writes what its successor wrote: readers see one row', async (context) => {
  const deployment = await deploy(context, { partitions: 1, session: 'short' });
  const { log, clickhouse, start } = deployment;
  await keepCopies(clickhouse);
  await apply(log, 'frozen');
  const events = [
    ...Array.from({ length: 30 }, (_, n) => step(`frozen-${n % 5}`, n % 2 === 0 ? 'opened' : 'used', n)),
    step('frozen-1', 'bought', 40, { id: 'frozen-conflict' }),
    step('frozen-2', 'bought', 41, { id: 'frozen-conflict' }),
  ];
  await append(log, events);
  const frozen = startChild(context, deployment, {
    ...{ config: small, signal: 'SIGSTOP', at: 'sink.before-insert', passage: 2 },
  });
  await vi.waitFor(() => expect(frozen.report().points['sink.before-insert']).toBe(2), longPatience);
  const next = await start({ config: small });
  await caughtUp(log);
  await answering(clickhouse, 'frozen');
  const committed = await log.committed(group, topics.events);

  frozen.process.kill('SIGCONT');
  // The old owner ends its batch, and its commits come to nothing: it has to join again.
  await vi.waitFor(() => expect(frozen.report().points['sink.after-verify']).toBeGreaterThanOrEqual(2), longPatience);
  await vi.waitFor(() => expect(frozen.report().assignments.length).toBeGreaterThanOrEqual(2), longPatience);
  expect(await log.committed(group, topics.events)).toEqual(committed);
  const { rows, places } = await storedRows(clickhouse);
  expect(rows).toBeGreaterThan(places);
  const seen = await visible(clickhouse, log);
  expect(seen.map(({ id }) => id).sort()).toEqual([...new Set(events.map(({ id }) => id))].sort());

  await append(log, [step('frozen-1', 'used', 50), step('frozen-9', 'opened', 51)]);
  await caughtUp(log);
  await next.stop();
  await frozen.stop();
  expect(frozen.process.exitCode).toBe(0);
  await expectConserved(log, clickhouse);
  await expectSameAsRebuilt(log, clickhouse, ['frozen']);
}, 180_000);

test('a builder that is killed in the middle of a rebuild is followed by another one; meanwhile the former answers stand', async (context) => {
  const deployment = await deploy(context, { partitions: 2, session: 'short' });
  const { log, clickhouse, start } = deployment;
  await apply(log, 'builder-dies');
  await append(
    log,
    Array.from({ length: 40 }, (_, n) => step(`builder-dies-${n}`, n % 3 === 0 ? 'used' : 'opened', n)),
  );
  const founder = await start();
  await caughtUp(log);
  const first = await answering(clickhouse, 'builder-dies');
  await founder.stop();
  await define(log, { kind: 'rebuild', journey: 'builder-dies', requestedAtUs: at(1), requestedBy: 'test' });
  const killed = startChild(context, deployment, {
    ...{ config: { buildEventsPerRange: 5 }, signal: 'SIGKILL', at: 'builder.after-range', passage: 2 },
  });
  await killed.exited;
  expect(killed.process.signalCode).toBe('SIGKILL');
  expect((await derivationsOf(clickhouse, 'builder-dies')).map(({ state }) => state)).toEqual(['active', 'building']);
  expect(await answering(clickhouse, 'builder-dies')).toBe(first);
  expect(await unitsOf(clickhouse, first)).toHaveLength(40);

  const [next, other] = await Promise.all([start(), start()]);
  await vi.waitFor(
    async () => expect(await answering(clickhouse, 'builder-dies')).toBeGreaterThan(first),
    longPatience,
  );
  expect((await derivationsOf(clickhouse, 'builder-dies')).map(({ state }) => state)).toEqual(['active', 'active']);
  const rebuilt = other.processor.rebuild();
  await append(log, [step('builder-dies-1', 'bought', 60)]);
  await rebuilt;
  await caughtUp(log);
  await Promise.all([next.stop(), other.stop()]);
  await expectConserved(log, clickhouse);
  await expectSameAsRebuilt(log, clickhouse, ['builder-dies']);
}, 180_000);
