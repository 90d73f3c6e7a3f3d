import { type ClickHouse, migrate } from '@michinori/clickhouse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bindingContract } from './clickhouse-contract-binding.ts';
import { errorOf } from './clickhouse-contract-help.ts';
import { readingContract } from './clickhouse-contract-reading.ts';
import { writingContract } from './clickhouse-contract-writing.ts';

/** Opens an adapter on an empty database; `onTestFinished` runs after the whole suite. */
export type ConnectForContract = (context: { onTestFinished(close: () => Promise<void>): void }) => Promise<ClickHouse>;

/** What every adapter of the port `ClickHouse` promises. Run it once per adapter; `runs` is the length of its fuzz. */
export function clickhouseContract(name: string, connect: ConnectForContract, runs = 60): void {
  describe(`ClickHouse contract: ${name}`, () => {
    const closers: (() => Promise<void>)[] = [];
    let clickhouse: ClickHouse;

    beforeAll(async () => {
      clickhouse = await connect({ onTestFinished: (close) => closers.push(close) });
      await migrate(clickhouse);
    });
    afterAll(async () => {
      for (const close of closers.reverse()) await close();
    });

    test('answers ping and version', async () => {
      await clickhouse.ping();
      expect(await clickhouse.version()).toMatch(/^\d+\.\d+\./);
    });

    test('migrate applies once, also when several start at once', async () => {
      const results = await Promise.all([migrate(clickhouse), migrate(clickhouse)]);
      expect(results).toEqual([{ applied: [] }, { applied: [] }]);
    });

    bindingContract(() => clickhouse, runs);
    writingContract(() => clickhouse);
    readingContract(() => clickhouse);

    test('a closed connection says so', async () => {
      await clickhouse.close();
      await clickhouse.close();
      expect(await errorOf(clickhouse.ping())).toMatchObject({ codeName: 'CLOSED', canRetry: false });
      expect(await errorOf(clickhouse.insert({ table: 'events', columns: ['event_id'], rows: [['x']] }))).toMatchObject(
        {
          codeName: 'CLOSED',
        },
      );
    });
  });
}
