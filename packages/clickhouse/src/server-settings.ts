import type { QuerySettings } from './query.ts';
import { readSettings, writeSettings } from './transport.ts';

// The whole answer is made before its first byte is sent, so that its status is true. Answers are bounded by resultRowsMax.
const wholeAnswers: QuerySettings = { wait_end_of_query: 1 };

// What is looked up of a customer (or of an event id) stands on the shard of its row; what doesn't is asked GLOBAL.
const clusterReads: QuerySettings = { distributed_product_mode: 'local' };

// Everything that the processor reads to decide comes from the same replica of a shard as long as that one answers.
const sameReplica: QuerySettings = { load_balancing: 'in_order', prefer_localhost_replica: 0 };

/** Settings of a read over HTTP; they travel with the request and end with it. */
export function readServerSettings(cluster: string | null, lane: 'reader' | 'writer'): QuerySettings {
  return {
    ...readSettings,
    ...wholeAnswers,
    readonly: 1,
    cancel_http_readonly_queries_on_client_close: 1,
    ...(cluster === null ? {} : clusterReads),
    ...(cluster === null || lane === 'reader' ? {} : sameReplica),
  };
}

/** The cluster that is written to. */
export interface WrittenCluster {
  /** Replicas of its largest shard. */
  readonly replicas: number;
}

/**
 * Settings of a write over HTTP. On a cluster it is done on every shard, and on every replica of it, when it answers: whichever replica
 * is read next has the rows. Rows go to their shards by way of the node that is asked, never from shard to its own tables,
 * which would ignore the sharding key of the target.
 */
export function writeServerSettings(cluster: WrittenCluster | null): QuerySettings {
  if (cluster === null) return { ...writeSettings, ...wholeAnswers };
  return {
    ...writeSettings,
    ...wholeAnswers,
    ...clusterReads,
    ...sameReplica,
    distributed_foreground_insert: 1,
    parallel_distributed_insert_select: 0,
    distributed_ddl_output_mode: 'throw',
    insert_quorum: cluster.replicas,
    insert_quorum_parallel: 1,
    insert_quorum_timeout: 60_000,
  };
}
