import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickHouse, connectEmbedded, migrate } from '@michinori/clickhouse';

/** The part of a vitest context, or of a suite's own clean-up list, that the helpers here need. */
export interface Cleanup {
  onTestFinished(close: () => Promise<void>): void;
}

/** What {@link temporaryClickHouse} may be asked for. */
export interface TemporaryClickHouseOptions {
  /** `false` leaves the database without tables. */
  readonly migrated?: boolean;
  readonly readers?: number;
}

/**
 * An embedded ClickHouse in a fresh folder, migrated; closed and removed when the test ends. One process can hold one
 * data folder at a time, so a test file has at most one of these open.
 */
export async function temporaryClickHouse(
  context: Cleanup,
  options: TemporaryClickHouseOptions = {},
): Promise<ClickHouse> {
  const path = await mkdtemp(join(tmpdir(), 'michinori-clickhouse-'));
  const clickhouse = await connectEmbedded({ path, readers: options.readers ?? 2 });
  context.onTestFinished(async () => {
    await clickhouse.close();
    await rm(path, { recursive: true, force: true });
  });
  if (options.migrated !== false) await migrate(clickhouse);
  return clickhouse;
}
