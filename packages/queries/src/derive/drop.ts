import { type ClickHouse, defineStatement } from '@michinori/clickhouse';
import { createParameters } from '../funnel/parameters.ts';

const dropDerivationStatement = defineStatement({
  name: 'drop-derivation',
  sql: 'ALTER TABLE unit_journeys DROP PARTITION {id:UInt32}',
});

/** Forgets the units of some rounds, at least one, with one statement. */
export async function dropRounds(clickhouse: ClickHouse, rounds: readonly string[]): Promise<void> {
  const parameters = createParameters();
  const drops = rounds.map((round) => `DROP PARTITION ${parameters.bind(round, 'String')}`).join(', ');
  // On a cluster it is enough that the statement stands in the queue: nobody waits for it, nor for a replica that is away.
  const sql = `ALTER TABLE dirty_units ${drops} SETTINGS distributed_ddl_task_timeout = 0`;
  await clickhouse.command(defineStatement({ name: 'drop-rounds', sql }), parameters.values());
}

/** Drops all rows of a derivation. */
export async function dropDerivation(clickhouse: ClickHouse, id: number): Promise<void> {
  await clickhouse.command(dropDerivationStatement, { id });
}
