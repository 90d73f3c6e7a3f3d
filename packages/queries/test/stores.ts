import { type ClickHouse, connectServer, migrate } from '@michinori/clickhouse';
import { type Cleanup, temporaryClickHouse } from '@michinori/testing';
import { startNativeCluster } from '@michinori/testing/native-clickhouse';

/** A ClickHouse that the property tests run on. */
export interface Store {
  readonly name: string;
  /** How many runs it gets of those that the first gets. Statements on a cluster take several times as long. */
  readonly share: number;
  open(context: Cleanup): Promise<ClickHouse>;
}

async function openCluster(context: Cleanup): Promise<ClickHouse> {
  const cluster = await startNativeCluster(context);
  const clickhouse = await connectServer({ url: cluster.url, cluster: cluster.name });
  context.onTestFinished(() => clickhouse.close());
  await migrate(clickhouse);
  return clickhouse;
}

/** The embedded engine, and a cluster of two shards. */
export const stores: readonly Store[] = [
  { name: 'embedded', share: 1, open: temporaryClickHouse },
  { name: 'two shards', share: 0.3, open: openCluster },
];
