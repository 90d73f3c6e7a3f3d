import type { EventLog } from '@michinori/event-log';
import { type TouchpointEvent, topics } from '@michinori/events';
import { seededRandom } from '@michinori/testing';
import { expect, test, vi } from 'vitest';
import { answering, apply, customersIn, derivationsOf, expectSameAsRebuilt, step, unitsOf } from '../journeys.ts';
import { append, expectConserved, letters, visible } from '../world.ts';
import { caughtUp, deploymentsOfFile, group, longPatience, type Member } from './deployment.ts';

const deploy = deploymentsOfFile();
const small = { batchRecordsMax: 15, sinkBatchesMax: 2 };
const names = ['opened', 'used', 'bought', 'cancelled', 'seen'];
const runs = Math.max(1, Number(process.env.MICHINORI_TEST_RUNS ?? 1));

/** A stream with copies, conflicting copies and rejected events, out of a seed. */
function createStream(prefix: string, random: () => number) {
  const sent: TouchpointEvent[] = [];
  const pick = (max: number) => Math.floor(random() * max);
  function next(): TouchpointEvent {
    const former = sent[pick(sent.length)];
    const kind = random();
    if (former !== undefined && kind < 0.15) return former;
    if (former !== undefined && kind < 0.3)
      return { ...former, touchpoint: names[pick(5)] ?? '', receivedAtUs: former.receivedAtUs + pick(5) - 2 };
    const account = random() < 0.5 ? `${prefix}-account-${pick(3)}` : null;
    return step(`${prefix}-${pick(9)}`, names[pick(5)] ?? '', pick(500), { account });
  }
  return {
    chunk(size: number): TouchpointEvent[] {
      return Array.from({ length: size }, () => {
        const event = next();
        sent.push(event);
        return event;
      });
    },
    ids: () => [...new Set(sent.map(({ id }) => id))].sort(),
  };
}

/** Waits until the group has committed something more. */
async function somethingCommitted(log: EventLog): Promise<void> {
  const committed = async () =>
    [...(await log.committed(group, topics.events)).values()].reduce((sum, offset) => sum + offset, 0);
  const before = await committed();
  await vi.waitFor(async () => expect(await committed()).toBeGreaterThan(before), longPatience);
}

for (const seed of Array.from({ length: runs }, (_, index) => index + 1)) {
  test(`processors join and leave while events come in: nothing is lost or doubled, every journey is right (seed ${seed})`, async (context) => {
    const { log, clickhouse, start } = await deploy(context, { partitions: 3 });
    const random = seededRandom(seed);
    const prefix = `moving${seed}`;
    const stream = createStream(prefix, random);
    await apply(log, prefix);
    await apply(log, `${prefix}-accounts`, { unit: 'account' });
    const members: Member[] = [await start({ config: small })];
    let rejected = 0;
    for (let move = 0; move < 6; move += 1) {
      await append(log, stream.chunk(15));
      await log.append(topics.events, [{ key: `${prefix}-${move}`, value: new Uint8Array([0xff, move]) }]);
      rejected += 1;
      const leaves = members.length === 3 || (members.length > 1 && random() < 0.4);
      // Not waited for: the group is still moving when the next records and the next move come.
      if (leaves) void members.splice(Math.floor(random() * members.length), 1)[0]?.stop();
      else members.push(await start({ config: small }));
      await append(log, stream.chunk(10));
      if (random() < 0.5) await somethingCommitted(log);
    }
    await caughtUp(log);
    const seen = await visible(clickhouse, log);
    expect(seen.map(({ id }) => id).sort()).toEqual(stream.ids());
    expect(await letters(clickhouse, log)).toHaveLength(rejected);
    await answering(clickhouse, prefix);
    await answering(clickhouse, `${prefix}-accounts`);
    for (const { fatal, processor } of members) {
      expect(fatal).toEqual([]);
      expect(processor.checks[0]?.check()).toEqual({ ok: true });
    }
    await Promise.all(members.map((member) => member.stop()));
    await expectConserved(log, clickhouse);
    await expectSameAsRebuilt(log, clickhouse, [prefix, `${prefix}-accounts`]);
  }, 180_000);
}

test('a rebuild of everything while three processors work: readers never see less than before, and a replay changes nothing', async (context) => {
  const { log, clickhouse, start } = await deploy(context, { partitions: 3 });
  const stream = createStream('thrice', seededRandom(99));
  await apply(log, 'thrice');
  await append(log, stream.chunk(60));
  const members = [await start({ config: small })];
  await caughtUp(log);
  await answering(clickhouse, 'thrice');
  members.push(await start({ config: small }), await start({ config: small }));

  const counts: number[] = [];
  let isOver = false;
  async function watch(): Promise<void> {
    while (!isOver) counts.push((await unitsOf(clickhouse, await answering(clickhouse, 'thrice'))).length);
  }
  const watching = watch();
  const first = await answering(clickhouse, 'thrice');
  for (const rebuild of [members[0]?.processor.rebuild('thrice'), members[2]?.processor.rebuild()]) {
    await append(log, stream.chunk(20));
    await rebuild;
  }
  await caughtUp(log);
  isOver = true;
  await watching;
  expect(counts.length).toBeGreaterThan(2);
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  expect(counts[0]).toBeGreaterThan(0);
  const derivation = await answering(clickhouse, 'thrice');
  expect(derivation).toBeGreaterThan(first);
  expect((await derivationsOf(clickhouse, 'thrice')).length).toBeGreaterThanOrEqual(3);

  const answers = async () => ({
    seen: (await visible(clickhouse, log)).map(({ copies, ...row }) => ({ ...row, hasRow: copies > 0 })),
    units: await unitsOf(clickhouse, derivation),
    customers: await customersIn(clickhouse),
  });
  const before = await answers();
  const replay = await start({ config: { ...small, group: 'replay' } });
  await caughtUp(log, { of: 'replay' });
  expect((await log.committed('replay', topics.events)).size).toBeGreaterThan(0);
  expect(await answers()).toEqual(before);
  await Promise.all([...members, replay].map((member) => member.stop()));
  await expectConserved(log, clickhouse);
  await expectSameAsRebuilt(log, clickhouse, ['thrice']);
}, 180_000);
