import { clickhouseContract } from '@michinori/testing';
import { startNativeClickHouse, startNativeCluster } from '@michinori/testing/native-clickhouse';
import { connectServer } from '../src/index.ts';

clickhouseContract("ClickHouse's own server", async (context) => {
  const server = await startNativeClickHouse(context);
  const clickhouse = await connectServer(server);
  context.onTestFinished(() => clickhouse.close());
  return clickhouse;
});

clickhouseContract('a cluster of two shards', async (context) => {
  const cluster = await startNativeCluster(context);
  const clickhouse = await connectServer({ url: cluster.url, cluster: cluster.name });
  context.onTestFinished(() => clickhouse.close());
  return clickhouse;
});
