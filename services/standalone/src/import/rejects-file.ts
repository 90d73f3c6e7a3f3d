import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Place } from './source-item.ts';

/** Why one row of a file was not taken. */
export interface RejectedRow extends Place {
  code: string;
  /** Column, or JSON pointer into the event that the row became. */
  where: string;
  message: string;
  raw: string;
}

/** A file with a JSON line per rejected row; made when the first one comes. */
export interface RejectsFile {
  path: string;
  /** Resolves when the rows are on the disk. */
  add(rows: readonly RejectedRow[]): Promise<void>;
  bytes(): number;
  close(): Promise<void>;
}

/**
 * Opens the rejects file at the length that the checkpoint knows: what a killed run wrote beyond it is cut off. A file
 * that somebody has removed or shortened meanwhile goes on from where it ends.
 */
export async function openRejectsFile(path: string, keepBytes: number): Promise<RejectsFile> {
  let handle: FileHandle | undefined;
  let length = 0;
  if (keepBytes > 0) {
    handle = await open(path, 'r+').catch(() => undefined);
    length = Math.min(keepBytes, (await handle?.stat())?.size ?? 0);
    await handle?.truncate(length);
  } else await rm(path, { force: true });
  return {
    path,
    bytes: () => length,
    async add(rows) {
      if (rows.length === 0) return;
      if (handle === undefined) {
        await mkdir(dirname(path), { recursive: true });
        handle = await open(path, 'w');
      }
      const text = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      await handle.write(text, 0, text.length, length);
      await handle.datasync();
      length += text.length;
    },
    async close() {
      await handle?.close();
      handle = undefined;
    },
  };
}
