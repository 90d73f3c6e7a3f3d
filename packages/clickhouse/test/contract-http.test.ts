import { clickhouseContract, startClickHouseHttpServer } from '@michinori/testing';
import { connectServer } from '../src/index.ts';

clickhouseContract('server over HTTP, answered by chDB', async (context) => {
  const server = await startClickHouseHttpServer(context, { username: 'michinori', password: "pass'wörd" });
  const clickhouse = await connectServer(server);
  context.onTestFinished(() => clickhouse.close());
  return clickhouse;
});
