import { type ClickHouse, defineQuery, defineStatement, integerColumn, textMapColumn } from '@michinori/clickhouse';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { countEvents, errorOf, none } from './clickhouse-contract-help.ts';
import { anyText } from './clickhouse-contract-values.ts';

/** Rows are written whole, or not at all, and read back exactly. */
export function writingContract(clickhouse: () => ClickHouse): void {
  test('rows come back as they were inserted', async () => {
    const rows: unknown[][] = [];
    fc.assert(
      fc.property(anyText, anyText, fc.integer({ min: 1577836800, max: 1767225600 }), (text, key, seconds) => {
        const at = seconds * 1_000_000 + (seconds % 1_000_000);
        rows.push([
          at,
          `r-${rows.length}`,
          text,
          new Map([
            [key, text],
            ['__proto__', 'p'],
            ['1', 'one'],
          ]),
          '-12345678.123456789',
          null,
          2n ** 64n - 1n,
        ]);
      }),
      { numRuns: 200 },
    );
    await clickhouse().insert({
      table: 'events',
      columns: ['occurred_at', 'event_id', 'customer', 'properties', 'amount', 'nps', 'log_offset'],
      rows,
    });
    const query = defineQuery({
      name: 'read-back',
      sql: "SELECT toUnixTimestamp64Micro(occurred_at) AS at, event_id AS id, customer, properties, amount, nps, log_offset AS offset FROM events WHERE event_id LIKE 'r-%' ORDER BY toUInt32(substring(event_id, 3))",
      params: none,
      row: z.object({
        at: integerColumn,
        id: z.string(),
        customer: z.string(),
        properties: textMapColumn,
        amount: z.string(),
        nps: z.null(),
        offset: z.string(),
      }),
    });
    const read = await clickhouse().queryOnWriter(query, {});
    expect(
      read.map((row) => [row.at, row.id, row.customer, row.properties, row.amount, row.nps, BigInt(row.offset)]),
    ).toEqual(rows);
  });

  test('an insert of no rows is no call, a bad row refuses the whole batch as data', async () => {
    await clickhouse().insert({ table: 'events', columns: ['event_id'], rows: [] });
    const columns = ['event_id', 'nps'];
    for (const bad of ['x', -1.5, [1], {}]) {
      const error = await errorOf(
        clickhouse().insert({
          table: 'events',
          columns,
          rows: [
            ['bad-1', 1],
            ['bad-2', bad],
          ],
        }),
      );
      expect(error).toMatchObject({ kind: 'data', canRetry: false });
    }
    const lone = await errorOf(
      clickhouse().insert({
        table: 'events',
        columns,
        rows: [
          ['bad-1', 1],
          ['bad-\ud800', 1],
        ],
      }),
    );
    expect(lone).toMatchObject({ kind: 'data' });
    expect(
      await errorOf(clickhouse().insert({ table: 'events', columns: ['event_id'], rows: [[null]] })),
    ).toMatchObject({ kind: 'data' });
    expect(
      await errorOf(clickhouse().insert({ table: 'events', columns, rows: [['bad-1', Number.NaN]] })),
    ).toMatchObject({ codeName: 'VALUE_NOT_STORABLE' });
    expect(await errorOf(clickhouse().insert({ table: 'events', columns, rows: [['bad-1']] }))).toMatchObject({
      codeName: 'VALUE_NOT_STORABLE',
    });
    expect(await clickhouse().query(countEvents, { prefix: 'bad%' })).toEqual([{ n: 0 }]);
  });

  test('one insert may span more than a hundred partitions', async () => {
    const rows = Array.from({ length: 120 }, (_, year) => [Date.UTC(1980 + year, 5, 1) * 1000, `year-${year}`]);
    await clickhouse().insert({ table: 'events', columns: ['occurred_at', 'event_id'], rows });
    expect(await clickhouse().queryOnWriter(countEvents, { prefix: 'year-%' })).toEqual([{ n: 120 }]);
  });

  test('two identical inserts are two inserts', async () => {
    const batch = { table: 'dead_letters', columns: ['log', 'log_offset', 'raw'], rows: [['twice', 1, 'x']] };
    await clickhouse().insert(batch);
    await clickhouse().insert(batch);
    const query = defineQuery({
      name: 'twice',
      sql: "SELECT count() AS n FROM dead_letters WHERE log = 'twice'",
      params: none,
      row: z.object({ n: integerColumn }),
    });
    expect(await clickhouse().queryOnWriter(query, {})).toEqual([{ n: 2 }]);
  });

  test('INSERT … SELECT takes bound parameters', async () => {
    const statement = defineStatement({
      name: 'copy',
      sql: 'INSERT INTO dead_letters (log, log_offset, raw) SELECT {log:String}, number, {raw:String} FROM numbers({n:UInt64})',
    });
    await clickhouse().insertSelect(statement, { log: "it's; \\", raw: 'a\n\t', n: 3 });
    const query = defineQuery({
      name: 'copied',
      sql: 'SELECT count() AS n, any(raw) AS raw FROM dead_letters WHERE log = {log:String}',
      params: z.object({ log: z.string() }),
      row: z.object({ n: integerColumn, raw: z.string() }),
    });
    expect(await clickhouse().queryOnWriter(query, { log: "it's; \\" })).toEqual([{ n: 3, raw: 'a\n\t' }]);
  });
}
