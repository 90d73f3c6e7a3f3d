import type { ClickHouseClient } from '@clickhouse/client';
import { z } from 'zod';
import { classifyServerError } from './server-errors.ts';

const rows = z.tuple([z.object({ replicas: z.number() })]);

/** How many replicas the largest shard of a cluster has, by the server's configuration; 0 for an unknown cluster. */
export async function readReplicas(client: ClickHouseClient, cluster: string): Promise<number> {
  try {
    const answer = await client.query({
      query: 'SELECT toUInt32(max(replica_num)) AS replicas FROM system.clusters WHERE cluster = {cluster:String}',
      query_params: { cluster },
      format: 'JSONEachRow',
    });
    return rows.parse(await answer.json())[0].replicas;
  } catch (error) {
    throw classifyServerError('replicas of the cluster', error, 'request');
  }
}
