import type { QuerySettings } from './query.ts';
import { readSettings, writeSettings } from './transport.ts';

// The whole answer is made before its first byte is sent, so that its status is true. Answers are bounded by resultRowsMax.
const wholeAnswers: QuerySettings = { wait_end_of_query: 1 };

// Tables of one customer, or of one event id, stand on one shard: subqueries and joins look at the same shard.
const clusterReads: QuerySettings = { distributed_product_mode: 'local' };

/** Settings of a read over HTTP; they travel with the request and end with it. */
export function readServerSettings(cluster: string | null, lane: 'reader' | 'writer'): QuerySettings {
  return {
    ...readSettings,
    ...wholeAnswers,
    readonly: 1,
    cancel_http_readonly_queries_on_client_close: 1,
    ...(cluster === null ? {} : clusterReads),
    ...(cluster === null || lane === 'reader' ? {} : { select_sequential_consistency: 1 }),
  };
}

/** Settings of a write over HTTP: done on every shard when it answers. */
export function writeServerSettings(cluster: string | null): QuerySettings {
  if (cluster === null) return { ...writeSettings, ...wholeAnswers };
  return {
    ...writeSettings,
    ...wholeAnswers,
    ...clusterReads,
    distributed_foreground_insert: 1,
    distributed_ddl_output_mode: 'throw',
    insert_quorum: 'auto',
    insert_quorum_parallel: 0,
  };
}
