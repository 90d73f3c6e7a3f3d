import { sharedKafka } from '@michinori/testing/kafka';
import { beforeAll, describe, expect, test } from 'vitest';
import { assertBuilt } from '../child.ts';
import { nothingWrong } from '../conservation.ts';
import type { Book } from '../ledger.ts';
import { createRandom } from '../random.ts';
import { sendTraffic } from '../traffic.ts';
import { untilReady } from './service-process.ts';
import { findingsOf, readSettled, type Settled } from './settle.ts';
import { startWorld } from './world.ts';

const options = { partitions: 2, batchRecordsMax: 20, lingerMs: 0, projectLingerMs: 0 };
const strict = { lettersMayRepeat: false };

const kafka = sharedKafka({ controlled: true });
beforeAll(assertBuilt);

type Context = Parameters<typeof kafka>[0] & Parameters<typeof startWorld>[0];

/** Traffic of new events only; the server reports success for one insert of events that it doesn't carry out. */
async function pretendOneInsert(
  context: Context,
  verification: 'on' | 'off',
): Promise<{ book: Book; settled: Settled; repairs: number }> {
  const random = createRandom(11);
  const world = await startWorld(context, kafka(context), { ...options, random });
  const { topology, book, url } = world;
  const processor = await untilReady(topology.start('processor', { verification }));
  const ingest = await untilReady(topology.start('ingest'));
  await topology.clickhouse.faults.add({ fault: { kind: 'pretend' }, sqlContains: 'INSERT INTO events ' });
  await sendTraffic({
    ...{ url: topology.ingestUrl, book, random },
    mixture: 'fresh',
    connections: 1,
    eventsOfRequestMax: 20,
    goesOn: (requests) => requests < 12,
  });
  expect(await ingest.terminate()).toBe('stopped');
  const settled = await readSettled(topology, url);
  const repairs = processor.count('an insert reported success without its rows; written again');
  return { book, settled, repairs };
}

describe('an insert that reports success without its rows', () => {
  test('is found out and mended by the read-back', { timeout: 180_000 }, async (context) => {
    const { book, settled, repairs } = await pretendOneInsert(context, 'on');
    expect(repairs).toBe(1);
    expect(findingsOf(book, settled, strict)).toEqual(nothingWrong);

    const invented = book.fresh();
    book.noteSent([invented]);
    book.noteAnswered([invented]);
    expect(findingsOf(book, settled, strict), 'a book with one event too many').toEqual({
      ...nothingWrong,
      lost: [invented.event.id],
    });
  });

  test('loses acknowledged events without the read-back, and the comparison says which', {
    timeout: 180_000,
  }, async (context) => {
    const { book, settled, repairs } = await pretendOneInsert(context, 'off');
    expect(repairs).toBe(0);
    const { lost, ...others } = findingsOf(book, settled, strict);
    const visible = new Set(settled.shown.events.map(({ id }) => id));
    expect(lost.length).toBeGreaterThan(0);
    expect([...lost].sort()).toEqual([...book.ledger.keys()].filter((id) => !visible.has(id)).sort());
    expect({ ...others, lost: [] }).toEqual(nothingWrong);
  });
});
