import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEmbeddedLog } from '../src/embedded/index.ts';
import type { Position, StoredRecord } from '../src/index.ts';
import { compileForChildren, startChild } from './child-process.ts';
import { temporaryFolder } from './helpers.ts';

const kills = Math.max(10, Math.ceil(Number(process.env.MICHINORI_TEST_RUNS ?? 20) / 2));

let compiled: Awaited<ReturnType<typeof compileForChildren>>;
beforeAll(async () => {
  compiled = await compileForChildren();
});
afterAll(() => compiled.remove());

interface Line {
  positions?: Position[];
  texts?: string[];
  committed?: { partition: number; nextOffset: number };
  fatal?: string;
}

interface Book {
  /** partition:offset → value */
  acknowledged: Map<string, string>;
  committed: Map<number, number>;
  fatal: string[];
}

function note({ positions = [], texts = [], committed, fatal }: Line, book: Book): void {
  for (const [index, { partition, offset }] of positions.entries()) {
    expect(book.acknowledged.has(`${partition}:${offset}`)).toBe(false);
    book.acknowledged.set(`${partition}:${offset}`, texts[index] ?? '');
  }
  if (committed) book.committed.set(committed.partition, committed.nextOffset);
  if (fatal) book.fatal.push(fatal);
}

async function readPartitions(path: string) {
  const log = await openEmbeddedLog({ path, partitions: 4 });
  const ranges = await log.positions('events');
  const limits = { recordsMax: 1_000_000, bytesMax: 1 << 30 };
  const partitions = await Promise.all(
    ranges.map((range) => log.read('events', range.partition, range.earliest, limits)),
  );
  const committed = await log.committed('readers', 'events');
  await log.close();
  return { ranges, partitions, committed };
}

function expectWholeBatches(records: readonly StoredRecord[]): void {
  const seen = new Map<string, number>();
  for (const { value } of records) {
    const [batch = '', , size] = Buffer.from(value).toString().split('/');
    seen.set(`${batch}/${size}`, (seen.get(`${batch}/${size}`) ?? 0) + 1);
  }
  for (const [batch, count] of seen) expect(`${batch}: ${count}`).toBe(`${batch}: ${batch.split('/')[1]}`);
}

const scenarios = [
  { name: 'appending', options: { writers: 8 }, trims: false },
  {
    name: 'appending, committing and trimming',
    options: { writers: 4, consume: true, retention: { bytesMax: 200_000 } },
    trims: true,
  },
];

test.each(scenarios)(
  'what was acknowledged survives kill -9 at any moment: $name',
  { timeout: 600_000 },
  async ({ options, trims }) => {
    const closes: (() => Promise<void> | void)[] = [];
    const path = await temporaryFolder({ onTestFinished: (close) => closes.push(close) });
    const book: Book = { acknowledged: new Map(), committed: new Map(), fatal: [] };
    const moments = fc.sample(fc.tuple(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 3000 })), kills);

    for (const [run, [linesBefore, spins]] of moments.entries()) {
      const child = startChild('append.mjs', [compiled.embedded, path, `run${run}`, JSON.stringify(options)]);
      for (let line = 0; line < linesBefore; line += 1) {
        const { value, done } = await child.lines.next();
        expect(done).toBe(false);
        note(JSON.parse(value) as Line, book);
      }
      for (let spin = 0; spin < spins; spin += 1) performance.now();
      await child.kill();
      for (let rest = await child.lines.next(); !rest.done; rest = await child.lines.next())
        if (rest.value.endsWith('}')) note(JSON.parse(rest.value) as Line, book);

      const { ranges, partitions, committed } = await readPartitions(path);
      for (const { partition, earliest, next } of ranges) {
        const records = partitions[partition] ?? [];
        expect(records.map(({ offset }) => offset)).toEqual(
          Array.from({ length: next - earliest }, (_, index) => earliest + index),
        );
        expect(committed.get(partition) ?? 0).toBeGreaterThanOrEqual(book.committed.get(partition) ?? 0);
        expect(earliest).toBeLessThanOrEqual(committed.get(partition) ?? 0);
      }
      let missing = 0;
      for (const [place, text] of book.acknowledged) {
        const [partition = 0, offset = 0] = place.split(':').map(Number);
        const earliest = ranges[partition]?.earliest ?? 0;
        if (offset < earliest) continue;
        const value = partitions[partition]?.[offset - earliest]?.value;
        if (!value || Buffer.compare(Buffer.from(text), value) !== 0) missing += 1;
      }
      expect(missing).toBe(0);
      if (!trims) expectWholeBatches(partitions.flat());
      if (trims && run === kills - 1) expect(ranges.some(({ earliest }) => earliest > 0)).toBe(true);
    }
    expect(book.acknowledged.size).toBeGreaterThan(kills);
    expect(book.fatal).toEqual([]);
    for (const close of closes) await close();
  },
);
