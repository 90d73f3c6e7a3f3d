import { topics } from '@michinori/events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sinkFaultPoints } from '../src/index.ts';
import {
  append,
  clickhouseOfFile,
  drain,
  expectConserved,
  letters,
  runUntilCrash,
  temporaryLog,
  touchpoint,
  visible,
} from './world.ts';

const clickhouse = clickhouseOfFile();
const undecodable = { key: 'customer-1', value: new TextEncoder().encode('{"v":1,') };
const numRuns = Number(process.env.MICHINORI_TEST_RUNS ?? 4);

describe('a worker that dies at a labelled point leaves what the next one needs', () => {
  test.each(sinkFaultPoints)('%s', async (point) => {
    const closers: (() => Promise<void>)[] = [];
    const log = await temporaryLog({ onTestFinished: (close) => closers.push(close) });
    const shared = await clickhouse();
    const first = touchpoint();
    await append(log, [first, touchpoint(), touchpoint()]);
    await log.append(topics.events, [undecodable]);
    await append(log, [{ ...first, touchpoint: 'app.closed', receivedAtUs: first.receivedAtUs - 1 }]);

    await runUntilCrash({ log, clickhouse: shared }, point);
    await append(log, [touchpoint()]);
    await drain({ log, clickhouse: shared });

    const rows = await visible(shared, log);
    expect(rows).toHaveLength(4);
    expect(rows.map(({ copies }) => copies)).toEqual([1, 1, 1, 1]);
    expect(rows.filter(({ id }) => id === first.id)).toMatchObject([{ touchpoint: 'app.closed' }]);
    const found = await letters(shared, log);
    expect(found.map(({ offset, code }) => [offset, code])).toEqual([[3, 'envelope_malformed']]);
    await expectConserved(log, shared);
    for (const close of closers) await close();
  });

  test('any series of deaths, duplicates and batch sizes ends in the same rows', async () => {
    const shared = await clickhouse();
    const deaths = fc.array(
      fc.record({
        point: fc.constantFrom(...sinkFaultPoints),
        passage: fc.integer({ min: 1, max: 3 }),
        batchRecordsMax: fc.integer({ min: 1, max: 9 }),
      }),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(deaths, fc.array(fc.nat({ max: 5 }), { minLength: 6, maxLength: 18 }), async (series, picks) => {
        const closers: (() => Promise<void>)[] = [];
        const log = await temporaryLog({ onTestFinished: (close) => closers.push(close) }, { partitions: 2 });
        const events = Array.from({ length: 6 }, () => touchpoint());
        await append(
          log,
          picks.flatMap((pick, copy) =>
            events.slice(pick, pick + 1).map((event) => ({ ...event, receivedAtUs: event.receivedAtUs + copy })),
          ),
        );
        for (const { point, passage, batchRecordsMax } of series) {
          await runUntilCrash({ log, clickhouse: shared, config: { batchRecordsMax } }, point, passage);
        }
        await drain({ log, clickhouse: shared });
        const expected = events.filter((_, index) => picks.includes(index)).map(({ id }) => id);
        expect((await visible(shared, log)).map(({ id }) => id).sort()).toEqual(expected.sort());
        await expectConserved(log, shared);
        for (const close of closers) await close();
      }),
      { numRuns },
    );
  });
});
