import { readFile } from 'node:fs/promises';
import { ClickHouseError } from '@michinori/clickhouse';
import { encodeEnvelope } from '@michinori/events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareSlice } from '../src/audit/compare-slice.ts';
import { restAfterWorkMs } from '../src/audit/rest.ts';
import { processorError, processorErrorCodes } from '../src/errors.ts';
import { builderFaultPoints, projectorFaultPoints, sinkDeadLetterCodes, sinkFaultPoints } from '../src/index.ts';
import { restAfterBatchMs } from '../src/pace.ts';
import { retryDelayMs } from '../src/retry-delay.ts';
import { writeBisecting } from '../src/sink/bisect.ts';
import { collapseCopies } from '../src/sink/collapse-copies.ts';
import { compareReceipts } from '../src/sink/copy-rank.ts';
import { type Claim, decideConflicts } from '../src/sink/decide-conflicts.ts';
import { decodeRecords } from '../src/sink/decode-records.ts';
import { batchFailureOf } from '../src/sink/failure.ts';
import { rowRefusalOf } from '../src/sink/row-refusal.ts';
import { settleRows } from '../src/sink/settle-rows.ts';
import { watermarkOf } from '../src/watermark.ts';
import { touchpoint } from './world.ts';

const place = { log: 'events@g', partition: 3 };

describe('decodeRecords', () => {
  test('every record becomes exactly one event or one dead letter, in order', () => {
    const event = touchpoint();
    const value = encodeEnvelope(event, { dialect: 'segment' });
    const records = [
      { offset: 5, appendedAtUs: 50, value },
      { offset: 6, appendedAtUs: 60, value: new Uint8Array([0x7b, 0xff, 0x41]) },
    ];
    const { events, deadLetters } = decodeRecords(records, place);
    expect(events).toMatchObject([
      { offset: 5, event, dialect: 'segment', receipt: { receivedAtUs: event.receivedAtUs, ...place, offset: 5 } },
    ]);
    expect(deadLetters).toMatchObject([
      { offset: 6, receivedAtUs: 60, code: 'envelope_malformed', raw: '{\ufffdA', source: 'sink' },
    ]);
  });

  test('the raw text of what can not be decoded is bounded', () => {
    const { deadLetters } = decodeRecords(
      [{ offset: 0, appendedAtUs: 1, value: new Uint8Array(200_000).fill(0x41) }],
      place,
    );
    expect(deadLetters[0]?.raw).toHaveLength(65_536);
  });
});

describe('collapseCopies', () => {
  test('keeps the earliest receipt of every content, in the order of the log', () => {
    const a = touchpoint();
    const b = touchpoint();
    const late = { ...a, receivedAtUs: a.receivedAtUs + 9 };
    const value = (event: typeof a) => encodeEnvelope(event, { dialect: 'native' });
    const records = [late, b, a, late].map((event, offset) => ({ offset, appendedAtUs: 0, value: value(event) }));
    expect(collapseCopies(decodeRecords(records, place).events).map(({ offset }) => offset)).toEqual([1, 2]);
  });
});

describe('writeBisecting', () => {
  test('refuses exactly the bad rows, writes every other one once, and needs few writes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 200 }), async (areBad) => {
        const written: number[] = [];
        let writes = 0;
        const refused = await writeBisecting([...areBad.keys()], async (rows) => {
          writes += 1;
          if (rows.some((row) => areBad[row])) return { written: false, refusal: 'bad' };
          written.push(...rows);
          return { written: true };
        });
        const bad = [...areBad.keys()].filter((row) => areBad[row]);
        expect(refused).toEqual(bad.map((row) => ({ row, refusal: 'bad' })));
        expect(written.sort((a, b) => a - b)).toEqual([...areBad.keys()].filter((row) => !areBad[row]));
        expect(writes).toBeLessThanOrEqual(2 * bad.length * Math.ceil(Math.log2(areBad.length + 1)) + 1);
      }),
    );
  });

  test('what the write throws goes through', async () => {
    await expect(writeBisecting([1, 2], () => Promise.reject(new Error('cut')))).rejects.toThrow('cut');
  });
});

// A place of the log holds one record, so no two claims are from the same one.
const claims = fc.uniqueArray(
  fc.record({
    idHash: fc.constantFrom('1', '2'),
    contentHash: fc.constantFrom('10', '11', '12'),
    receivedAtUs: fc.integer({ min: 0, max: 3 }),
    log: fc.constantFrom('a', 'b'),
    partition: fc.nat({ max: 1 }),
    offset: fc.nat({ max: 50 }),
    customerKey: fc.constantFrom('0', '7'),
    isMarked: fc.constant(false),
    isPlaced: fc.constant(false),
  }),
  { maxLength: 12, selector: ({ log, partition, offset }) => `${log}/${partition}/${offset}` },
);

describe('decideConflicts', () => {
  test('leaves exactly one unmarked content per id, and nothing to do after it was done', () => {
    fc.assert(
      fc.property(
        claims,
        fc.uniqueArray(fc.constantFrom('1/10', '1/11', '1/12', '2/10', '2/11', '2/12')),
        (bare, before) => {
          const key = ({ idHash, contentHash }: Claim) => `${idHash}/${contentHash}`;
          const marks = new Set<string>(before);
          const placed = new Set<string>();
          const withMarks = () =>
            bare.map((claim) => ({ ...claim, isMarked: marks.has(key(claim)), isPlaced: placed.has(key(claim)) }));
          const { add, withdraw } = decideConflicts(withMarks());
          for (const { loser } of add) {
            marks.add(key(loser));
            if (loser.customerKey !== '0') placed.add(key(loser));
          }
          for (const claim of withdraw) marks.delete(key(claim));
          expect(decideConflicts(withMarks())).toEqual({ add: [], withdraw: [] });
          for (const id of new Set(bare.map(({ idHash }) => idHash))) {
            const all = bare.filter(({ idHash }) => idHash === id);
            const [first] = [...all].sort(compareReceipts);
            const unmarked = new Set(
              all.filter((claim) => !marks.has(key(claim))).map(({ contentHash }) => contentHash),
            );
            expect([...unmarked]).toEqual([first?.contentHash]);
          }
        },
      ),
    );
  });
});

test('compareReceipts orders by receipt, then log, partition and offset', () => {
  const base = { receivedAtUs: 5, log: 'b', partition: 1, offset: 1 };
  const later = [
    { receivedAtUs: 6, log: 'a', partition: 0, offset: 0 },
    { log: 'c', partition: 0, offset: 0 },
    { partition: 2, offset: 0 },
    { offset: 2 },
  ];
  for (const change of later) {
    expect(compareReceipts(base, { ...base, ...change })).toBeLessThan(0);
    expect(compareReceipts({ ...base, ...change }, base)).toBeGreaterThan(0);
  }
  expect(compareReceipts(base, { ...base })).toBe(0);
});

describe('settleRows', () => {
  const range = { log: 'l', partition: 0, fromOffset: 0, toOffset: 3 };
  const rows = [{ offset: 0 }, { offset: 1 }, { offset: 2 }];

  function table({ losses = 0, twins = [] as number[], lost = [1] }) {
    const visible = new Set<number>();
    const inserts: number[][] = [];
    return {
      inserts,
      port: {
        readOffsets: async () => visible,
        async insert(batch: readonly { offset: number }[]) {
          inserts.push(batch.map(({ offset }) => offset));
          const isLossy = inserts.length <= losses;
          for (const { offset } of batch) if (!isLossy || !lost.includes(offset)) visible.add(offset);
          return { written: true } as const;
        },
        findTwins: async () => new Set(twins),
        afterInsert: () => {},
      },
    };
  }

  test('inserts the complement only', async () => {
    const { inserts, port } = table({});
    expect(await settleRows(port, { range, rows, present: new Set([0, 2]) })).toEqual({
      refused: [],
      repaired: 0,
      missing: [],
    });
    expect(inserts).toEqual([[1]]);
  });

  test('inserts nothing when everything is present', async () => {
    const { inserts, port } = table({});
    await settleRows(port, { range, rows, present: new Set([0, 1, 2]) });
    expect(inserts).toEqual([]);
  });

  test('inserts again what the read-back does not show', async () => {
    const { inserts, port } = table({ losses: 1 });
    expect(await settleRows(port, { range, rows, present: new Set() })).toEqual({
      refused: [],
      repaired: 1,
      missing: [],
    });
    expect(inserts).toEqual([[0, 1, 2], [1]]);
  });

  test('takes an identical twin for the row', async () => {
    const { inserts, port } = table({ losses: 9, twins: [1] });
    expect(await settleRows(port, { range, rows, present: new Set() })).toEqual({
      refused: [],
      repaired: 0,
      missing: [],
    });
    expect(inserts).toHaveLength(1);
  });

  test('gives up after a bounded number of writes and says what is missing', async () => {
    const { inserts, port } = table({ losses: 9 });
    expect((await settleRows(port, { range, rows, present: new Set() })).missing).toEqual([{ offset: 1 }]);
    expect(inserts).toHaveLength(3);
  });
});

describe('compareSlice', () => {
  const expected = new Map<number, string | null>([
    [0, 'a'],
    [1, 'b'],
    [2, null],
  ]);

  test('a healthy slice, with un-merged copies', () => {
    const events = [
      { offset: 0, contentHash: 'a' },
      { offset: 1, contentHash: 'b' },
      { offset: 1, contentHash: 'b' },
    ];
    expect(compareSlice(expected, { events, letters: new Set([2]) })).toEqual({ missing: [], extraRows: 0 });
  });

  test('an event may stand in the dead letters instead, but not in both', () => {
    const events = [{ offset: 0, contentHash: 'a' }];
    expect(compareSlice(expected, { events, letters: new Set([1, 2]) })).toEqual({ missing: [], extraRows: 0 });
    expect(compareSlice(expected, { events, letters: new Set([0, 1, 2]) })).toEqual({ missing: [], extraRows: 1 });
  });

  test('missing, with other content, a row for a dead letter, and places outside the log', () => {
    const events = [
      { offset: 0, contentHash: 'x' },
      { offset: 2, contentHash: 'c' },
      { offset: 7, contentHash: 'a' },
    ];
    expect(compareSlice(expected, { events, letters: new Set([9]) })).toEqual({ missing: [0, 1, 2], extraRows: 4 });
  });
});

const clickhouseError = (kind: ClickHouseError['kind'], codeName: string) =>
  new ClickHouseError({ code: 1, codeName, kind, canRetry: false, message: 'm'.repeat(5000) });

describe('classification', () => {
  test('only a refusal of the data is about rows, and too many parts never is', () => {
    expect(rowRefusalOf(clickhouseError('data', 'VIOLATED_CONSTRAINT'))).toEqual({
      code: 1,
      codeName: 'VIOLATED_CONSTRAINT',
      message: 'm'.repeat(1000),
    });
    expect(rowRefusalOf(clickhouseError('data', 'TOO_MANY_PARTS'))).toBeNull();
    for (const kind of ['infrastructure', 'limit', 'programming'] as const)
      expect(rowRefusalOf(clickhouseError(kind, 'X'))).toBeNull();
    expect(rowRefusalOf(new Error('x'))).toBeNull();
  });

  test('failures of a batch', () => {
    expect(batchFailureOf(clickhouseError('data', 'TOO_MANY_PARTS'))).toBe('infrastructure');
    expect(batchFailureOf(clickhouseError('limit', 'X'))).toBe('limit');
    expect(batchFailureOf(clickhouseError('programming', 'X'))).toBe('programming');
    expect(batchFailureOf(processorError('rows_not_visible', 'm'))).toBe('verification');
    expect(batchFailureOf(processorError('generation_changed', 'm'))).toBe('programming');
    expect(batchFailureOf(Object.assign(new Error('log'), { code: 'log_disk_full', canRetry: true }))).toBe(
      'infrastructure',
    );
    expect(batchFailureOf(new TypeError('bug'))).toBe('programming');
    expect(batchFailureOf('thrown text')).toBe('programming');
  });
});

describe('times', () => {
  test('a full batch is followed at once, a small one rests for what is left of the linger', () => {
    const batch = { records: 10, recordsMax: 100, elapsedMs: 30, lingerMs: 500 };
    expect(restAfterBatchMs(batch)).toBe(470);
    expect(restAfterBatchMs({ ...batch, elapsedMs: 501 })).toBe(0);
    expect(restAfterBatchMs({ ...batch, records: 50 })).toBe(0);
    expect(restAfterBatchMs({ ...batch, records: 49 })).toBe(470);
  });

  test('retries back off to a bound', () => {
    expect([1, 2, 3, 9, 5000].map((attempt) => retryDelayMs(attempt, { min: 200, max: 30_000 }))).toEqual([
      200, 400, 800, 30_000, 30_000,
    ]);
  });

  test('the auditor rests so that it works at most its share', () => {
    expect(restAfterWorkMs(100, 0.04)).toBeCloseTo(2400);
    expect(restAfterWorkMs(100, 1)).toBe(0);
  });

  test('the watermark is held back by the partition that waits longest', () => {
    const caughtUp = { firstWaitingAppendedAtUs: null };
    expect(watermarkOf([caughtUp, caughtUp], 100)).toBe(100);
    expect(watermarkOf([caughtUp, { firstWaitingAppendedAtUs: 40 }, { firstWaitingAppendedAtUs: 30 }], 100)).toBe(30);
    expect(watermarkOf([], 100)).toBe(100);
  });
});

describe('documentation', () => {
  const read = (name: string) => readFile(new URL(`../docs/${name}`, import.meta.url), 'utf8');
  const codesIn = (text: string) => [...text.matchAll(/^\| `([a-z_]+)`\s+\|/gm)].map(([, code]) => code).sort();

  test('docs/errors.md lists exactly the codes of this package', async () => {
    expect(codesIn(await read('errors.md'))).toEqual(
      [...Object.keys(processorErrorCodes), ...sinkDeadLetterCodes].sort(),
    );
  });

  test('docs/sink.md names every fault point, in order', async () => {
    const named = [...(await read('sink.md')).matchAll(/`(sink\.[a-z-]+)`/g)].map(([, point]) => point);
    expect([...new Set(named)]).toEqual([...sinkFaultPoints]);
  });

  test('docs/projector.md names every fault point of projector and builder, in order', async () => {
    const named = [...(await read('projector.md')).matchAll(/`((?:projector|definitions|builder)\.[a-z]+-[a-z-]+)`/g)];
    const points = [...new Set(named.map(([, point]) => point))];
    expect(points).toEqual([...projectorFaultPoints, ...builderFaultPoints]);
  });
});
