import { type ClickHouse, defineQuery, integerColumn, textMapColumn } from '@michinori/clickhouse';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { countEvents } from './clickhouse-contract-help.ts';
import { anyText, parameterCases } from './clickhouse-contract-values.ts';

/** Values go in through placeholders and arrive exactly. */
export function bindingContract(clickhouse: () => ClickHouse, runs: number): void {
  test.each(parameterCases)('binds $type exactly: $label', async ({ type, value, expected }) => {
    const query = defineQuery({
      name: 'echo',
      sql: `SELECT {value:${type}} AS value, toTypeName(value) AS type`,
      params: z.object({ value: z.unknown() }),
      row: z.object({ value: z.unknown(), type: z.string() }),
    });
    expect(await clickhouse().query(query, { value })).toEqual([{ value: expected, type }]);
  });

  test('any text survives binding, alone and nested', async () => {
    const query = defineQuery({
      name: 'echo-text',
      sql: 'SELECT {text:String} AS text, {list:Array(String)} AS list, {map:Map(String, String)} AS map, {maybe:Nullable(String)} AS maybe',
      params: z.object({
        text: z.string(),
        list: z.array(z.string()),
        map: z.map(z.string(), z.string()),
        maybe: z.string(),
      }),
      row: z.object({ text: z.string(), list: z.array(z.string()), map: textMapColumn, maybe: z.string() }),
    });
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const map = new Map([[text, text]]);
        const [row] = await clickhouse().query(query, { text, list: [text, text], map, maybe: text });
        expect(row).toEqual({ text, list: [text, text], map, maybe: text });
      }),
      { numRuns: runs },
    );
  });

  test('a value bound as text is never read as SQL', async () => {
    const rows = await clickhouse().query(countEvents, { prefix: "' OR 1 = 1; DROP TABLE events; --" });
    expect(rows).toEqual([{ n: 0 }]);
    expect(await clickhouse().query(countEvents, { prefix: '%' })).toHaveLength(1);
  });

  test('a hundred thousand values can be bound', async () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => BigInt(i) + 2n ** 63n);
    const query = defineQuery({
      name: 'many',
      sql: 'SELECT length({keys:Array(UInt64)}) AS n, arraySum({keys:Array(UInt64)}) AS sum',
      params: z.object({ keys: z.array(z.bigint()) }),
      row: z.object({ n: integerColumn, sum: z.string() }),
    });
    const sum = keys.reduce((a, b) => a + b, 0n) % 2n ** 64n;
    expect(await clickhouse().query(query, { keys })).toEqual([{ n: 100_000, sum: String(sum) }]);
  });
}
