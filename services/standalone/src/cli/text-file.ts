import { readFileSync } from 'node:fs';
import { fileReason } from '../file-reason.ts';
import { UsageError } from './usage-error.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A file as text. @throws UsageError if it can't be read as UTF-8 */
export function readTextFile(file: string): string {
  try {
    return decoder.decode(readFileSync(file));
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${fileReason(error)}`);
  }
}
