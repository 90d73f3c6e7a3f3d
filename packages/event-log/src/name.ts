import { EventLogError } from './errors.ts';

/** Names that Kafka accepts as well: letters, digits, dot, underscore and hyphen, at most 200 of them. */
export function assertName(what: 'topic' | 'group', name: string): void {
  if (!/^[A-Za-z0-9._-]{1,200}$/.test(name) || name === '.' || name === '..')
    throw new EventLogError(
      'name_invalid',
      `the ${what} ${JSON.stringify(name)} must be 1–200 of A–Z a–z 0–9 . _ - and neither "." nor ".."`,
    );
}
