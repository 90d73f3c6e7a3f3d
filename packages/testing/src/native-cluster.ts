import type { Cleanup } from './clickhouse-temporary.ts';
import { freePorts } from './free-port.ts';
import { type NativeClickHouse, startNativeClickHouse } from './native-clickhouse-server.ts';
import { startClusterProxy } from './native-cluster-proxy.ts';

/** Name of the cluster that {@link startNativeCluster} makes. */
const name = 'main';

/** A cluster of several shards with one replica each. */
export interface NativeCluster {
  /** Speaks for the first node, and spreads `ON CLUSTER`. */
  readonly url: string;
  readonly name: string;
  readonly nodes: readonly NativeClickHouse[];
  /** Texts of all statements that came with `ON CLUSTER`. */
  readonly spread: readonly string[];
}

/**
 * Starts a cluster of ClickHouse servers in processes of their own. What needs a Keeper is played by a proxy in front of
 * the first node: a statement `ON CLUSTER` runs on every node, and `Replicated…MergeTree` becomes `…MergeTree`.
 */
export async function startNativeCluster(context: Cleanup, { shards = 2 } = {}): Promise<NativeCluster> {
  const ports = await freePorts(shards * 2);
  const members = Array.from({ length: shards }, (_, i) => ({
    shard: String(i + 1).padStart(2, '0'),
    tcpPort: ports[2 * i] ?? 0,
    httpPort: ports[2 * i + 1] ?? 0,
  }));
  const nodes = await Promise.all(
    members.map(({ shard, tcpPort, httpPort }) =>
      startNativeClickHouse(context, {
        ports: { tcp: tcpPort, http: httpPort },
        cluster: { name, nodes: members, shard },
      }),
    ),
  );
  const proxy = await startClusterProxy(nodes.map(({ url }) => url));
  context.onTestFinished(() => proxy.close());
  return { url: proxy.url, name, nodes, spread: proxy.spread };
}
