import type { ClickHouse } from './clickhouse.ts';
import { type LockOptions, withLockTable } from './migration-lock-table.ts';

const running = new Map<string, Promise<unknown>>();

/**
 * Runs the task while nobody else migrates the same database. The embedded engine belongs to one process, so a queue in
 * memory is enough there, and a kill leaves nothing behind; a server keeps the lock as a table.
 */
export async function withMigrationLock<T>(
  clickhouse: ClickHouse,
  options: LockOptions,
  task: () => Promise<T>,
): Promise<T> {
  if (clickhouse.kind === 'server') return withLockTable(clickhouse, options, task);
  const before = running.get(clickhouse.database) ?? Promise.resolve();
  const result = before.then(task, task);
  running.set(
    clickhouse.database,
    result.catch(() => undefined),
  );
  return result;
}
