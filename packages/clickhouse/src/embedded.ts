import type { ClickHouse } from './clickhouse.ts';

/** Where the engine keeps its data, and how many reads run at once. */
export interface EmbeddedOptions {
  /** Folder of the data; created when missing. One process owns it, and a process owns at most one. */
  readonly path: string;
  /**
   * Reads that run at the same time, 2 by default. Each running call holds one thread of libuv's pool, which has 4
   * unless UV_THREADPOOL_SIZE says otherwise: readers + 1 writer must leave some for files and DNS.
   */
  readonly readers?: number;
  /** `michinori` by default. */
  readonly database?: string;
}

/**
 * Opens the embedded engine. Rejects with ClickHouseError `FOLDER_NOT_USABLE` when another process owns the folder.
 * Creates the database (`ENGINE = Atomic`); tables come from `migrate`. The engine's library, half a gigabyte, is loaded
 * here and not before: a service that talks to a server doesn't have it in memory and can do without the package.
 */
export async function connectEmbedded(options: EmbeddedOptions): Promise<ClickHouse> {
  const { openEmbedded } = await import('./embedded-clickhouse.ts');
  return openEmbedded(options);
}
