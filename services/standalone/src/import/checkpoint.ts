import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { importError } from './import-error.ts';

const checkpointSchema = z.strictObject({
  version: z.literal(1),
  file: z.string(),
  /** Items (rows, unreadable rows, blank lines of NDJSON) that are durable or rejected for good. */
  itemsDone: z.int().min(0),
  accepted: z.int().min(0),
  rejected: z.int().min(0),
  /** Length of the rejects file that belongs to this state. */
  rejectsBytes: z.int().min(0),
  finishedAt: z.string().nullable(),
});

/** How far an import has come; what a second call begins from. */
export type Checkpoint = z.output<typeof checkpointSchema>;

/** Identifies an import: the same file (name, size, time of change) read in the same way, sent to the same place. */
export function fingerprintImport(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}

export function emptyCheckpoint(file: string): Checkpoint {
  return { version: 1, file, itemsDone: 0, accepted: 0, rejected: 0, rejectsBytes: 0, finishedAt: null };
}

/** The checkpoint in a file, or undefined if there is none. */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw importError('import_state_unusable', `${path} can't be read.`, error);
  }
  try {
    return checkpointSchema.parse(JSON.parse(text));
  } catch (error) {
    throw importError('import_state_unusable', `${path} isn't a state of an import; delete it to begin again.`, error);
  }
}

/** Replaces the checkpoint in one step: after a kill or a power cut there is the old one or the new one. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(`${JSON.stringify(checkpoint, null, 2)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
