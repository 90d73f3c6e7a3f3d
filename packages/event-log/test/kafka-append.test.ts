import { expect, test } from 'vitest';
import { keyPerPartition, record } from '../../testing/src/event-log-harness.ts';
import { EventLogError, partitionOf } from '../src/index.ts';
import { createAppender } from '../src/kafka/appender.ts';
import { createLane } from '../src/kafka/lane.ts';
import type { Link } from '../src/kafka/link.ts';
import { createPendingAppend } from '../src/kafka/pending-append.ts';
import { sizeRecord } from '../src/sized-record.ts';

const topic = { name: 'events', physical: 'michinori.events', id: 'id', partitions: 4 };
const keys = keyPerPartition(partitionOf, 4);
const away = new EventLogError('log_unavailable', 'away');

/** A lane with one append of `count` records that may take until `endsAtMs`. */
function laneWith(count: number, endsAtMs = 1000) {
  const lane = createLane(topic, 0);
  const { append, outcome } = createPendingAppend(count, endsAtMs, () => {});
  const queued = Array.from({ length: count }, (_, index) => ({
    append,
    index,
    record: record('k', `${index}`),
    bytes: 100,
  }));
  lane.push(queued);
  outcome.catch(() => {});
  return { lane, outcome };
}

test('a lane sends one batch at a time, in order, and what failed comes first again after a pause', async () => {
  const { lane, outcome } = laneWith(5);
  expect(lane.take(250).map(({ index }) => index)).toEqual([0, 1]);
  expect(lane.isReady(0)).toBe(false);
  lane.failed(away, false, 0);
  expect([lane.isReady(0), lane.isReady(49), lane.isReady(50), lane.wakeAtMs(0)]).toEqual([false, false, true, 50]);
  expect(lane.take(250).map(({ index }) => index)).toEqual([0, 1]);
  lane.stored(7);
  expect(lane.take(1).map(({ index }) => index)).toEqual([2]);
  lane.stored(9);
  lane.take(1000);
  lane.stored(20);
  expect(await outcome).toEqual([7, 8, 9, 20, 21].map((offset) => ({ partition: 0, offset })));
});

test.each([
  ['a leader that moved', 6, 'log_unavailable'],
  ['replicas that are missing', 19, 'log_unavailable'],
  ['replicas that did not confirm in time', 20, 'append_outcome_unknown'],
  ['a broker that did not finish in time', 7, 'append_outcome_unknown'],
])('an append that runs out of time because of %s says what may be stored', async (_, errorCode, code) => {
  const { lane, outcome } = laneWith(2);
  lane.take(1000);
  lane.refused(errorCode, 0);
  lane.expire(999);
  lane.expire(1000);
  await expect(outcome).rejects.toMatchObject({ code, canRetry: true });
  expect(lane.take(1000)).toEqual([]);
});

test('an append of which one part is stored and another is not says so, however definite the failure', async () => {
  const { lane, outcome } = laneWith(2);
  lane.take(1);
  lane.stored(0);
  lane.take(1);
  lane.failed(away, false, 0);
  lane.expire(1000);
  await expect(outcome).rejects.toMatchObject({ code: 'append_outcome_unknown' });
});

test('a batch that is too large is halved until the record is found that is', async () => {
  const { lane, outcome } = laneWith(4);
  expect(lane.take(1000)).toHaveLength(4);
  lane.refused(10, 0);
  expect(lane.take(1000)).toHaveLength(2);
  lane.refused(10, 0);
  expect(lane.take(1000)).toHaveLength(1);
  lane.refused(10, 0);
  await expect(outcome).rejects.toMatchObject({ code: 'record_too_large', canRetry: false });
});

/** A link to one broker that answers produce requests through `produce`; partition 3 has no leader. */
function fakeLink(overrides: Partial<Link> = {}) {
  const sent: number[] = [];
  const link = {
    leaders: async () => new Map([0, 1, 2].map((partition) => [partition, 1])),
    refresh: async () => {},
    send: async (_node: number, request: { body: Buffer }, options: { onSending: () => void }) => {
      options.onSending();
      sent.push(request.body.length);
      return [0, 1, 2].map((partition) => ({ topic: topic.physical, partition, errorCode: 0, firstOffset: 0 }));
    },
    ...overrides,
  } as unknown as Link;
  const options = { link, compression: 'none', appendTimeoutMs: 300, pendingBytesMax: 1 << 20 } as const;
  return { sent, appender: createAppender(options) };
}

const sized = (partitions: readonly number[]) =>
  partitions.map((partition) => sizeRecord(record(keys[partition] ?? '', 'v'), 1000));

test('a partition without a leader holds up nobody but itself', async () => {
  const { appender } = fakeLink();
  const stuck = appender.append(topic, sized([3]), 10);
  const fine = appender.append(topic, sized([0, 2]), 10);
  expect(await fine).toEqual([
    { partition: 0, offset: 0 },
    { partition: 2, offset: 0 },
  ]);
  await expect(stuck).rejects.toMatchObject({ code: 'log_unavailable', message: expect.stringContaining('events/3') });
  await appender.close();
});

test('what no retry can mend is refused at once, for every record that waits', async () => {
  const denied = new EventLogError('log_not_authorized', 'denied');
  const { appender } = fakeLink({ leaders: () => Promise.reject(denied) });
  const outcomes = await Promise.allSettled(
    [sized([0, 0, 1]), sized([0]), sized([2])].map((records) => appender.append(topic, records, 10)),
  );
  expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code)).toEqual(
    Array(3).fill('log_not_authorized'),
  );
  await appender.close();
});

test('appends of the same moment share one request', async () => {
  const { appender, sent } = fakeLink();
  await Promise.all(Array.from({ length: 50 }, () => appender.append(topic, sized([0, 1, 2]), 10)));
  expect(sent).toHaveLength(1);
  await appender.close();
});
