import { createHash } from 'node:crypto';

/**
 * The id of an imported row that brings none: a hash of what the row became and of its line. The same file imported
 * again gives the same ids, so nothing is counted twice; two equal rows on different lines are two events.
 */
export function deriveRowId(line: number, content: string): string {
  return `import-${createHash('sha256').update(`${line}\n${content}`).digest('base64url').slice(0, 22)}`;
}
