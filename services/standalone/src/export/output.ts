import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { exportError } from './export-error.ts';

/** Where text goes, a piece after the other. */
export interface TextOutput {
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>;
  /** Resolves when everything is written. */
  end(): Promise<void>;
  /** Lets go of the file, also in the middle. */
  close(): Promise<void>;
}

/** Text into a file, gzipped where its name ends in `.gz`. @param name decides about gzip; the file itself may have another */
export function openTextFile(path: string, name: string): TextOutput {
  const file = createWriteStream(path);
  const head = name.endsWith('.gz') ? createGzip() : undefined;
  const stream = head ?? file;
  head?.pipe(file);
  const ended = finished(file);
  ended.catch(() => {});
  return {
    async write(text) {
      if (!stream.write(text)) await Promise.race([once(stream, 'drain'), ended]);
    },
    async end() {
      stream.end();
      await ended;
    },
    async close() {
      if (file.closed) return;
      const closed = new Promise<unknown>((resolve) => file.once('close', () => resolve(undefined)));
      head?.destroy();
      file.destroy();
      await closed;
    },
  };
}

/** Text to a function such as that of standard output. @param drained resolves when there is room for more */
export function textOutputOf(write: (text: string) => void, drained: () => Promise<void>): TextOutput {
  return {
    async write(text) {
      write(text);
      await drained();
    },
    end: async () => {},
    close: async () => {},
  };
}

/**
 * Makes a file in one step: the work writes another one beside it, which takes its name when the work is done and on the disk. If the work fails,
 * nothing is left and what was there before stays.
 *
 * @throws `export_file_unwritable` where the folder isn't there or can't be written
 */
export async function replaceFile<T>(path: string, work: (temporary: string) => Promise<T>): Promise<T> {
  const temporary = besideOf(path);
  try {
    await (await open(temporary, 'wx')).close();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw exportError('export_file_unwritable', `${path} can't be written: ${reason}.`, error);
  }
  try {
    const result = await work(temporary);
    const file = await open(temporary, 'r+');
    await file.datasync().finally(() => file.close());
    await rename(temporary, path);
    return result;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Name of a file in the same folder that nobody has. */
export function besideOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
}
