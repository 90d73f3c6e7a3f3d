import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectEmbedded, openParquet, type ParquetColumnToWrite, writeParquet } from '../src/index.ts';
import { membersOf } from '../src/type-members.ts';

const temporary = process.env.TMPDIR;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'michinori-parquet-'));
  await mkdir(join(folder, 'tmp'));
  process.env.TMPDIR = join(folder, 'tmp');
});
afterAll(async () => {
  if (temporary === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = temporary;
  await rm(folder, { recursive: true, force: true });
});

async function write(name: string, columns: readonly ParquetColumnToWrite[], rows: readonly object[]): Promise<string> {
  const [from, to] = [join(folder, 'rows.ndjson'), join(folder, name)];
  await writeFile(from, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  await writeFile(to, '');
  await writeParquet({ from, to, columns });
  return to;
}

async function readAll(path: string, engineFolder?: string) {
  const reader = await openParquet(path, { folder: engineFolder });
  try {
    const chunks: string[] = [];
    for await (const bytes of reader.lines()) chunks.push(Buffer.from(bytes).toString());
    const rows = chunks
      .join('')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    return { rows, chunks, rowCount: reader.rowCount, columns: reader.columns };
  } finally {
    await reader.close();
  }
}

describe('a Parquet file', () => {
  it('comes back as it was written: times, decimals, integers, text, nothing', async () => {
    const columns: ParquetColumnToWrite[] = [
      { name: 'at', type: 'time' },
      { name: 'until', type: 'optional time' },
      { name: "property.a `b\\c'd", type: 'text' },
      { name: 'amount.value', type: 'decimal' },
      { name: 'n', type: 'integer' },
      { name: 'x', type: 'number' },
    ];
    const rows = [
      {
        at: '2024-03-30T18:00:00.123456Z',
        until: '1980-01-01T00:00:00.000000Z',
        "property.a `b\\c'd": 'é\n"\\',
        'amount.value': '12345678901234567890123456789.000000001',
        n: 9_007_199_254_740_991,
        x: 0.1,
      },
      { at: '2100-01-01T00:00:00.000000Z', 'amount.value': '129.5' },
    ];
    const read = await readAll(await write('all.parquet', columns, rows));
    expect(read.rows).toEqual([rows[0], { ...rows[1], until: null, "property.a `b\\c'd": null, n: null, x: null }]);
    expect(read.rowCount).toBe(2);
    expect(read.columns).toEqual(columns.map(({ name }) => ({ path: [name], kind: 'other' })));
  });

  it('is read in the order of its rows, some at a time', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => ({ n }));
    const read = await readAll(await write('many.parquet', [{ name: 'n', type: 'integer' }], rows));
    expect(read.rows).toEqual(rows);
    expect(read.chunks.length).toBeGreaterThanOrEqual(10);
  });

  it('may have a name that means something to the engine', async () => {
    const names = [
      'a*.parquet',
      'a{1,2}.parquet',
      'a?.parquet',
      "it's :: b.parquet",
      '{x:String}.parquet',
      '日本 語.parquet',
    ];
    for (const [n, name] of names.entries()) await write(name, [{ name: 'n', type: 'integer' }], [{ n }]);
    for (const [n, name] of names.entries()) expect((await readAll(join(folder, name))).rows).toEqual([{ n }]);
  });

  it('is read beside a data folder that is open, and leaves nothing behind', async () => {
    const path = await write('beside.parquet', [{ name: 'n', type: 'integer' }], [{ n: 7 }]);
    const data = join(folder, 'data');
    const clickhouse = await connectEmbedded({ path: data });
    try {
      expect((await readAll(path, data)).rows).toEqual([{ n: 7 }]);
      await clickhouse.ping();
      await expect(openParquet(path)).rejects.toMatchObject({ codeName: 'FOLDER_NOT_USABLE' });
      expect((await readAll(path, data)).rows).toEqual([{ n: 7 }]);
    } finally {
      await clickhouse.close();
    }
    expect((await readAll(path)).rows).toEqual([{ n: 7 }]);
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('michinori-file-'))).toEqual([]);
  });

  it('that is none is refused, also one that is cut off', async () => {
    const path = join(folder, 'none.parquet');
    await writeFile(path, 'customer,touchpoint\n');
    await expect(openParquet(path)).rejects.toMatchObject({ name: 'ClickHouseError' });
    await expect(openParquet(join(folder, 'missing.parquet'))).rejects.toMatchObject({ name: 'ClickHouseError' });
  });
});

describe('members of a type', () => {
  it.each([
    ['Nullable(String)', [['c']]],
    [
      'Tuple(\n    a Nullable(Int64),\n    b Tuple(\n        c Nullable(String),\n        t DateTime64(6)))',
      [
        ['c', 'a'],
        ['c', 'b', 'c'],
        ['c', 'b', 't'],
      ],
    ],
    [
      "Tuple(`x, y` Enum8('a,(' = 1), `q\\`r` Map(String, Tuple(z String)))",
      [
        ['c', 'x, y'],
        ['c', 'q`r'],
      ],
    ],
    ['Nullable(Tuple(a String))', [['c', 'a']]],
    ['Array(Tuple(a String))', [['c']]],
  ])('%s', (type, paths) => {
    expect(membersOf('c', type).map(({ path }) => path)).toEqual(paths);
  });

  it('of any tuple are those that it was made of', () => {
    const quote = (name: string) => `\`${name.replace(/[\\`]/g, '\\$&')}\``;
    const leaf = fc.constantFrom('String', 'Nullable(DateTime64(3))', "Enum8('),`' = 1)", 'Decimal(12, 2)');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ minLength: 1 }), leaf), { minLength: 1, maxLength: 5 }), (members) => {
        const type = `Tuple(${members.map(([name, own]) => `${quote(name)} ${own}`).join(', ')})`;
        expect(membersOf('c', type)).toEqual(members.map(([name, own]) => ({ path: ['c', name], type: own })));
      }),
    );
  });
});
