import { clickhouseContract, provideClickHouse } from '@michinori/testing';
import { test } from 'vitest';
import { connectServer } from '../src/index.ts';

const provided = await provideClickHouse();

if (provided.outcome === 'unavailable') {
  test('ClickHouse contract: a real server', (context) => {
    if (process.env.REQUIRE_CLICKHOUSE === '1') throw new Error(provided.reason);
    context.skip(provided.reason);
  });
} else {
  const { server } = provided;
  clickhouseContract(`server at ${new URL(server.url).host}`, async (context) => {
    context.onTestFinished(() => server.remove());
    const clickhouse = await connectServer(server);
    context.onTestFinished(() => clickhouse.close());
    return clickhouse;
  });
}
