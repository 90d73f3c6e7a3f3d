import { createHash } from 'node:crypto';

/**
 * The id of an imported row that brings none: a hash of its line (of XES: the numbers of trace and event) and of the values that are taken from it. The same file
 * imported again gives the same ids, so nothing is counted twice; two equal rows on different lines are two events.
 */
export function deriveRowId(line: number | string, content: string): string {
  return `import-${createHash('sha256').update(`${line}\n${content}`).digest('base64url').slice(0, 22)}`;
}
