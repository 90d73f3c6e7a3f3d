import { type ClickHouse, defineQuery, defineStatement, integerColumn } from '@michinori/clickhouse';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { countEvents, errorOf, none } from './clickhouse-contract-help.ts';

/** Reads are read-only, bounded, and leave nothing to the next one. */
export function readingContract(clickhouse: () => ClickHouse): void {
  test('a reading query cannot write or change a setting', async () => {
    for (const sql of [
      'CREATE TABLE t (a UInt8) ENGINE = Memory',
      'DROP TABLE events',
      'INSERT INTO dead_letters (log) VALUES (1)',
      'SELECT 1 SETTINGS max_execution_time = 0',
    ]) {
      const query = defineQuery({ name: 'write', sql, params: none, row: z.unknown() });
      expect(await errorOf(clickhouse().query(query, {})), sql).toMatchObject({
        code: 164,
        codeName: 'READONLY',
        kind: 'programming',
        canRetry: false,
      });
    }
  });

  test('what a failed query had written does not come out in the next answer', async () => {
    const failing = defineQuery({
      name: 'failing',
      sql: "SELECT number AS a, throwIf(number = 200000, 'late') AS b FROM numbers(300000)",
      params: none,
      row: z.unknown(),
      settings: { max_block_size: 1000 },
    });
    const fine = defineQuery({
      name: 'fine',
      sql: 'SELECT 1 AS a',
      params: none,
      row: z.strictObject({ a: z.literal(1) }),
      settings: { max_block_size: 1000 },
    });
    for (let i = 0; i < 5; i += 1) {
      expect(await errorOf(clickhouse().query(failing, {}))).toMatchObject({ code: 395 });
      expect(await clickhouse().query(fine, {})).toEqual([{ a: 1 }]);
      expect(await errorOf(clickhouse().queryOnWriter(failing, {}))).toMatchObject({ code: 395 });
      expect(await clickhouse().queryOnWriter(fine, {})).toEqual([{ a: 1 }]);
    }
  });

  test('limits throw, each by its own code, and end with their query', async () => {
    const query = defineQuery({
      name: 'big',
      sql: 'SELECT number FROM numbers({n:UInt64})',
      params: z.object({ n: z.number() }),
      row: z.unknown(),
    });
    const sorted = defineQuery({
      name: 'sorted',
      sql: 'SELECT length(groupArray(toString(number))) AS n FROM numbers(3000000)',
      params: none,
      row: z.unknown(),
    });
    const slow = defineQuery({
      name: 'slow',
      sql: 'SELECT count() AS n FROM numbers(100000000000) WHERE NOT ignore(sipHash64(number))',
      params: none,
      row: z.unknown(),
      limits: { timeMsMax: 100, rowsReadMax: 1e12 },
    });
    expect(await errorOf(clickhouse().query(query, { n: 11 }, { limits: { resultRowsMax: 10 } }))).toMatchObject({
      code: 396,
      kind: 'limit',
    });
    expect(await errorOf(clickhouse().query(query, { n: 1_000_000 }, { limits: { rowsReadMax: 1000 } }))).toMatchObject(
      {
        code: 158,
        kind: 'limit',
      },
    );
    expect(await errorOf(clickhouse().query(sorted, {}, { limits: { memoryBytesMax: 10_000_000 } }))).toMatchObject({
      code: 241,
      kind: 'limit',
    });
    expect(await errorOf(clickhouse().query(slow, {}))).toMatchObject({ code: 159, kind: 'limit', canRetry: false });
    expect(await clickhouse().query(query, { n: 11 })).toHaveLength(11);
    await clickhouse().command(
      defineStatement({ name: 'after', sql: 'CREATE TABLE IF NOT EXISTS after_limits (a UInt8) ENGINE = Memory' }),
    );
  });

  test('settings of a query do not reach the next one', async () => {
    const setting = (value: number) =>
      defineQuery({
        name: 'setting',
        sql: "SELECT getSetting('join_use_nulls') AS value, getSetting('insert_deduplication_token') AS token",
        params: none,
        row: z.object({ value: z.unknown().transform(Number), token: z.string() }),
        ...(value === 1 ? { settings: { join_use_nulls: 1, insert_deduplication_token: 'x' } } : {}),
      });
    expect(await clickhouse().query(setting(1), {})).toEqual([{ value: 1, token: 'x' }]);
    expect(await clickhouse().query(setting(0), {})).toEqual([{ value: 0, token: '' }]);
    expect(await clickhouse().queryOnWriter(setting(1), {})).toEqual([{ value: 1, token: 'x' }]);
    expect(await clickhouse().queryOnWriter(setting(0), {})).toEqual([{ value: 0, token: '' }]);
  });

  test('errors carry code, kind and the name of the query', async () => {
    const bad = (sql: string) =>
      errorOf(clickhouse().query(defineQuery({ name: 'bad-query', sql, params: none, row: z.unknown() }), {}));
    expect(await bad('SELEC 1')).toMatchObject({
      code: 62,
      codeName: 'SYNTAX_ERROR',
      kind: 'programming',
      message: expect.stringContaining('bad-query'),
    });
    expect(await bad('SELECT * FROM nowhere')).toMatchObject({ code: 60, kind: 'programming' });
    expect(await bad('SELECT nothing FROM events')).toMatchObject({ code: 47, kind: 'programming' });
    expect(await bad("SELECT throwIf(1, 'said (NOT_A_CODE)')")).toMatchObject({
      code: 395,
      codeName: 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO',
    });
    const shape = defineQuery({
      name: 'shape-query',
      sql: 'SELECT 1 AS a',
      params: none,
      row: z.object({ a: z.string() }),
    });
    expect(await errorOf(clickhouse().query(shape, {}))).toMatchObject({
      codeName: 'BAD_ROW',
      message: expect.stringContaining('shape-query'),
    });
    expect(await errorOf(clickhouse().query(countEvents, { prefix: 1 as never }))).toMatchObject({
      codeName: 'BAD_PARAMETERS',
      kind: 'programming',
    });
    const missing = defineQuery({ name: 'missing', sql: 'SELECT {a:String} AS a', params: none, row: z.unknown() });
    expect(await errorOf(clickhouse().query(missing, {}))).toMatchObject({ codeName: 'BAD_PARAMETERS' });
    expect(
      await errorOf(clickhouse().insert({ table: 'events; DROP TABLE x', columns: ['a'], rows: [[1]] })),
    ).toMatchObject({ codeName: 'BAD_IDENTIFIER' });
  });

  test('an aborted query rejects at once and the next one works', async () => {
    const slow = defineQuery({
      name: 'slow',
      sql: 'SELECT count() AS n FROM numbers(100000000000) WHERE NOT ignore(sipHash64(number))',
      params: none,
      row: z.unknown(),
      limits: { timeMsMax: 1000, rowsReadMax: 1e12 },
    });
    const controller = new AbortController();
    const answer = errorOf(clickhouse().query(slow, {}, { signal: controller.signal }));
    controller.abort();
    expect(await answer).toMatchObject({ codeName: 'ABORTED_BY_CALLER' });
    expect(await errorOf(clickhouse().query(slow, {}, { signal: controller.signal }))).toMatchObject({
      codeName: 'ABORTED_BY_CALLER',
    });
    await clickhouse().ping();
  });

  test('reads run beside each other, each with its own parameters', async () => {
    const query = defineQuery({
      name: 'own',
      sql: 'SELECT {v:UInt32} AS v, sum(number) AS s FROM numbers({n:UInt64})',
      params: z.object({ v: z.number(), n: z.number() }),
      row: z.object({ v: z.number(), s: integerColumn }),
    });
    const asked = Array.from({ length: 60 }, (_, v) => v);
    const rows = await Promise.all(asked.map((v) => clickhouse().query(query, { v, n: (v % 7) * 10_000 })));
    expect(rows.map(([row]) => row?.v)).toEqual(asked);
  });
}
