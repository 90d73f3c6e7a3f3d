import { type ClickHouse, defineStatement } from '@michinori/clickhouse';

const dropRoundStatement = defineStatement({
  name: 'drop-round',
  // On a cluster it is enough that the statement stands in the queue: nobody waits for it, nor for a replica that is away.
  sql: 'ALTER TABLE dirty_units DROP PARTITION {round:String} SETTINGS distributed_ddl_task_timeout = 0',
});

const dropDerivationStatement = defineStatement({
  name: 'drop-derivation',
  sql: 'ALTER TABLE unit_journeys DROP PARTITION {id:UInt32}',
});

/** Forgets the units of a round. */
export async function dropRound(clickhouse: ClickHouse, round: string): Promise<void> {
  await clickhouse.command(dropRoundStatement, { round });
}

/** Drops all rows of a derivation. */
export async function dropDerivation(clickhouse: ClickHouse, id: number): Promise<void> {
  await clickhouse.command(dropDerivationStatement, { id });
}
