import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeParquet } from '@michinori/clickhouse';
import { describe, expect, it } from 'vitest';
import { importText, memoryTarget, temporaryFolder } from './helpers.ts';

interface Row {
  customer: string | null;
  touchpoint: string;
  occurredAt: string;
  price: string;
}

/** `count` rows; every seventh has no customer. */
const manyRows = (count: number): Row[] =>
  Array.from({ length: count }, (_, i) => ({
    customer: i % 7 === 6 ? null : `c${i % 13}`,
    touchpoint: `t${i % 5}`,
    occurredAt: `2024-05-01T10:00:${String(i % 60).padStart(2, '0')}.000000Z`,
    price: `${i}.25`,
  }));

async function parquetOf(rows: readonly Row[]): Promise<Buffer> {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'x'));
  const [from, to] = [join(folder, 'rows.ndjson'), join(folder, 'x', 'rows.parquet')];
  writeFileSync(from, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  writeFileSync(to, '');
  await writeParquet({
    from,
    to,
    columns: [
      { name: 'customer', type: 'text' },
      { name: 'touchpoint', type: 'text' },
      { name: 'occurredAt', type: 'time' },
      { name: 'price', type: 'decimal' },
    ],
  });
  return readFileSync(to);
}

const name = 'rows.parquet';

describe('a Parquet file', () => {
  it('is imported row by row: columns by their names, the others as properties, faults by their row', async () => {
    const rows = manyRows(20);
    const { events, rejects, result } = await importText({ name, content: await parquetOf(rows) });
    const good = rows.filter(({ customer }) => customer !== null);
    expect(
      events.map(({ customer, touchpoint, occurredAtUs, properties }) => [
        customer,
        touchpoint,
        occurredAtUs,
        [...properties],
      ]),
    ).toEqual(
      good.map((row) => [row.customer, row.touchpoint, Date.parse(row.occurredAt) * 1_000, [['price', row.price]]]),
    );
    expect(rejects.map(({ row, code }) => [row, code])).toEqual([
      [7, 'customer_required'],
      [14, 'customer_required'],
    ]);
    expect(result).toMatchObject({ accepted: 18, rejected: 2 });
  });

  it('has the same ids every time, and goes on where it was stopped', async () => {
    const content = await parquetOf(manyRows(6_000));
    const whole = await importText({ name, content });
    const ids = whole.events.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const target = memoryTarget();
    const options = { batchRows: 500, isStopped: () => target.batches.length % 4 === 3 };
    const stopped = await importText({ name, content, target, options });
    expect(stopped.result.outcome).toBe('stopped');
    let last = stopped.result;
    while (last.outcome === 'stopped') last = await stopped.again();
    expect(target.events().map(({ id }) => id)).toEqual(ids);
    expect(last).toMatchObject({ outcome: 'finished', accepted: ids.length, rejected: 857 });
  });

  it('tells how far it is', async () => {
    const shares: number[] = [];
    const options = {
      batchRows: 500,
      onProgress: ({ readBytes, sizeBytes }: { readBytes: number; sizeBytes: number }) =>
        shares.push(readBytes / sizeBytes),
    };
    await importText({ name, content: await parquetOf(manyRows(10_000)), options });
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.some((share) => share > 0.1 && share < 0.9)).toBe(true);
    expect(shares.at(-1)).toBe(1);
  });

  it('must have the columns that the mapping names, and may be none at all', async () => {
    const content = await parquetOf(manyRows(1));
    await expect(importText({ name, content, map: ['team=teem'] })).rejects.toMatchObject({
      code: 'import_column_unknown',
    });
    await expect(importText({ name, content: content.subarray(0, -3) })).rejects.toMatchObject({
      code: 'import_file_unreadable',
      message: expect.stringMatching(/rows\.parquet can't be read: [A-Z]/),
    });
    await expect(importText({ name, content: 'customer,touchpoint\n' })).rejects.toMatchObject({
      code: 'import_file_unreadable',
    });
  });
});
