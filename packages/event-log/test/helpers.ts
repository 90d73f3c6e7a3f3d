import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedLog, type EmbeddedLogOptions, openEmbeddedLog } from '../src/embedded/index.ts';

export interface Closing {
  onTestFinished(close: () => Promise<void> | void): void;
}

/** A folder of its own that is removed after the test, after everything that was opened later has been closed. */
export async function temporaryFolder(context: Closing): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'michinori-event-log-'));
  context.onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** An embedded log in a folder of its own, closed after the test. */
export async function temporaryLog(context: Closing, options: Partial<EmbeddedLogOptions> = {}): Promise<EmbeddedLog> {
  const path = options.path ?? (await temporaryFolder(context));
  const log = await openEmbeddedLog({ partitions: 4, ...options, path });
  context.onTestFinished(() => log.close());
  return log;
}
