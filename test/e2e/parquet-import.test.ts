import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { runCommand, temporaryFolder } from './standalone.ts';

/** Has DuckDB write the rows of a query as Parquet. */
async function writeByDuckDb(file: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    await connection.run(`COPY (${sql}) TO '${file}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const kinds = `SELECT 'c' AS customer, 't' AS touchpoint, 'e1' AS id,
  TIMESTAMPTZ '2024-03-30 18:00:00.123456+01' AS "occurredAt",
  TIMESTAMP '2024-03-31 09:30:00.25' AS "local", TIMESTAMP_NS '2024-03-31 09:30:00.000001' AS nano, DATE '2024-02-29' AS day,
  129.50::DECIMAL(12, 2) AS price, 12345678901234567890.123456789::DECIMAL(38, 9) AS long_price,
  9007199254740993::BIGINT AS big, 18446744073709551615::UBIGINT AS huge, -7::TINYINT AS tiny, 0.1::DOUBLE AS d, 0.1::FLOAT AS f,
  'NaN'::DOUBLE AS nan, true AS yes, NULL::VARCHAR AS nothing, '' AS empty,
  {'city': 'Ōsaka', 'geo': {'lat': 34.5, 'at': TIMESTAMP '2024-01-01 00:00:00'}} AS address, [1, 2] AS list, MAP {'k': 'v'} AS tags,
  'x' AS "odd \`name' {a:String}"`;

it('a Parquet file of another program is taken value by value, exactly', async ({ onTestFinished }) => {
  const folder = temporaryFolder({ onCleanup: onTestFinished });
  const [file, data, out] = [
    join(folder, "rows {1,2} of a's*.parquet"),
    join(folder, 'data'),
    join(folder, 'out.ndjson'),
  ];
  await writeByDuckDb(file.replaceAll("'", "''"), kinds);
  const imported = await runCommand(['--data', data, 'import', file]);
  expect(imported).toMatchObject({ exitCode: 0, out: expect.stringContaining('1 events imported, 0 rows rejected') });
  await runCommand(['--data', data, 'export', 'events', '-o', out]);
  expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual({
    id: 'e1',
    customer: 'c',
    touchpoint: 't',
    occurredAt: '2024-03-30T17:00:00.123456Z',
    properties: {
      local: '2024-03-31T09:30:00.250000',
      nano: '2024-03-31T09:30:00.000001000',
      day: '2024-02-29',
      price: '129.5',
      long_price: '12345678901234567890.123456789',
      big: '9007199254740993',
      huge: '18446744073709551615',
      tiny: '-7',
      d: '0.1',
      f: '0.1',
      yes: 'true',
      empty: '',
      'address.city': 'Ōsaka',
      'address.geo.lat': '34.5',
      'address.geo.at': '2024-01-01T00:00:00.000000',
      list: '[1,2]',
      'tags.k': 'v',
      "odd `name' {a:String}": 'x',
    },
  });
});

it('rows are mapped, judged and counted; local times need a zone; a wrong column is told at once', async ({
  onTestFinished,
}) => {
  const folder = temporaryFolder({ onCleanup: onTestFinished });
  const [file, data] = [join(folder, 'rows.parquet'), join(folder, 'data')];
  await writeByDuckDb(
    file,
    `SELECT {'id': 'c' || (i % 10)} AS who, CASE WHEN i % 1000 = 7 THEN NULL ELSE 'seen' END AS what,
      TIMESTAMP '2024-03-30 00:00:00' + INTERVAL 1 SECOND * i AS seen_at FROM range(5000) t(i)`,
  );
  const dryRun = async (...args: string[]) => {
    const ran = await runCommand(['--data', data, 'import', file, '--dry-run', '--json', ...args]);
    return { ...ran, told: JSON.parse(ran.out)[0] };
  };
  const map = ['--map', 'customer=who.id', '--map', 'touchpoint=what', '--map', 'occurredAt=seen_at'];
  const local = await dryRun(...map);
  expect(local.told).toMatchObject({ accepted: 0, rejected: 5_000 });
  expect(local.told.firstRejects[0]).toMatchObject({ row: 1, where: 'seen_at', code: 'unreadable_value' });
  expect(local.told.firstRejects[0].message).toContain('--timezone');
  const zoned = await dryRun(...map, '--timezone', 'Asia/Tokyo');
  expect(zoned.told).toMatchObject({ accepted: 4_995, rejected: 5 });
  expect(zoned.told.firstRejects.map(({ row }: { row: number }) => row)).toEqual([8, 1_008, 2_008, 3_008, 4_008]);
  expect(zoned.told.preview[0]).toMatchObject({ customer: 'c0', occurredAt: '2024-03-29T15:00:00.000000Z' });
  const wrong = await runCommand(['--data', data, 'import', file, '--dry-run', '--map', 'customer=who.idd']);
  expect(wrong).toMatchObject({ exitCode: 1, err: expect.stringContaining('Did you mean "who.id"?') });
  const into = ['--data', data, 'import', file, ...map, '--timezone', 'Asia/Tokyo'];
  const first = await runCommand(into);
  expect(first.out).toContain('4,995 events imported, 5 rows rejected');
  expect(first.out).toContain('row 8: ');
  const again = await runCommand([...into, '--again']);
  expect(again.out).toContain('4,995 events imported, 5 rows rejected');
  const out = join(folder, 'out.ndjson');
  expect((await runCommand(['--data', data, 'export', 'events', '-o', out])).out).toContain('4,995 events');
});
