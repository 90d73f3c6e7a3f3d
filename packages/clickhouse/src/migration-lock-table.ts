import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { ClickHouse } from './clickhouse.ts';
import { ClickHouseError, clientError } from './error.ts';
import { defineQuery } from './query.ts';

/** How the lock behaves; times in milliseconds. */
export interface LockOptions {
  readonly cluster: string | null;
  /** How long to wait for the holder. */
  readonly waitMsMax: number;
  /** A holder silent for longer is taken to be dead. */
  readonly silentMsMax?: number;
  readonly beatIntervalMs?: number;
  readonly pollIntervalMs?: number;
}

const table = 'schema_migrations_lock';
const tableExists = 57;
const unknownTable = 60;

const holderQuery = defineQuery({
  name: 'migration-lock-holder',
  sql: `SELECT toString(uuid) AS uuid, comment AS owner,
  dateDiff('millisecond', greatest(toDateTime64(metadata_modification_time, 3), (SELECT max(beat) FROM ${table})), now64(3)) AS silentMs
FROM system.tables WHERE database = currentDatabase() AND name = {table:String}`,
  params: z.object({ table: z.literal(table) }),
  row: z.object({ uuid: z.string(), owner: z.string(), silentMs: z.coerce.number() }),
});

type Holder = { uuid: string; owner: string; silentMs: number };

function hasCode(error: unknown, ...codes: readonly number[]): boolean {
  return error instanceof ClickHouseError && codes.includes(error.code);
}

/**
 * Runs the task while holding the lock. CREATE TABLE without IF NOT EXISTS is atomic: it succeeds for one of all who try
 * at once. The holder writes a beat now and then, by the clock of the server. A holder that fell silent is taken over by
 * renaming its table to a name made of the table's UUID, which again succeeds for one only; whoever comes late finds that
 * name taken and never touches the lock of the next holder. Rejects with `MIGRATION_LOCKED` after `waitMsMax`.
 */
export async function withLockTable<T>(
  clickhouse: ClickHouse,
  options: LockOptions,
  task: () => Promise<T>,
): Promise<T> {
  const { cluster, waitMsMax, silentMsMax = 60_000, beatIntervalMs = 10_000, pollIntervalMs = 250 } = options;
  const owner = randomUUID();
  const on = cluster === null ? '' : ` ON CLUSTER ${cluster}`;
  const engine =
    cluster === null
      ? 'MergeTree'
      : `ReplicatedMergeTree('/clickhouse/${clickhouse.database}/${table}/${owner}', '{shard}-{replica}')`;
  const run = (sql: string) => clickhouse.command({ name: 'migration lock', sql, placeholders: [] });
  const beat = () => clickhouse.insert({ table, columns: ['owner'], rows: [[owner]] });

  async function create(): Promise<boolean> {
    try {
      await run(
        `CREATE TABLE ${table}${on} (owner String, beat DateTime64(3) DEFAULT now64(3)) ENGINE = ${engine} ORDER BY beat COMMENT '${owner}'`,
      );
      return true;
    } catch (error) {
      if (hasCode(error, tableExists)) return false;
      throw error;
    }
  }

  async function holder(): Promise<Holder | null> {
    try {
      return (await clickhouse.queryOnWriter(holderQuery, { table }))[0] ?? null;
    } catch (error) {
      if (hasCode(error, unknownTable)) return null;
      throw error;
    }
  }

  async function takeOver({ uuid }: Holder): Promise<void> {
    try {
      await run(`RENAME TABLE ${table} TO ${table}_${uuid.replaceAll('-', '_')}${on}`);
    } catch (error) {
      if (!hasCode(error, tableExists, unknownTable)) throw error;
    }
  }

  async function acquire(): Promise<void> {
    const deadline = Date.now() + waitMsMax;
    while (!(await create())) {
      const present = await holder();
      if (present === null) continue;
      if (present.silentMs > silentMsMax) {
        await takeOver(present);
        continue;
      }
      if (Date.now() > deadline) {
        throw clientError('MIGRATION_LOCKED', `another process holds ${table} in ${clickhouse.database} and is alive`);
      }
      await delay(pollIntervalMs);
    }
  }

  async function release(): Promise<void> {
    if ((await holder())?.owner === owner) await run(`DROP TABLE IF EXISTS ${table}${on} SYNC`);
  }

  await acquire();
  const timer = setInterval(() => void beat().catch(() => undefined), beatIntervalMs);
  try {
    return await task();
  } finally {
    clearInterval(timer);
    await release();
  }
}
