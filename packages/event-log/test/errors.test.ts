import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { EventLogError, eventLogErrorCodes, isEventLogError } from '../src/index.ts';

const root = new URL('..', import.meta.url);

test('docs/errors.md explains exactly the codes that exist, with the right canRetry', async () => {
  const document = await readFile(new URL('docs/errors.md', root), 'utf8');
  const rows = [...document.matchAll(/^\| `(\w+)` *\| (yes|no) *\|/gm)].map(([, code, canRetry]) => [
    code,
    canRetry === 'yes',
  ]);
  const codes = Object.entries(eventLogErrorCodes).map(([code, { canRetry }]) => [code, canRetry]);
  expect(rows).toEqual(codes);
});

test('every code is raised somewhere, and only known ones are', async () => {
  const files = (await readdir(new URL('src', root), { recursive: true })).filter((file) => file.endsWith('.ts'));
  const sources = await Promise.all(files.map((file) => readFile(new URL(`src/${file}`, root), 'utf8')));
  const raised = sources.flatMap((source) =>
    [...source.matchAll(/new EventLogError\(\s*'(\w+)'/g)].map(([, code]) => code),
  );
  expect([...new Set(raised)].sort()).toEqual(Object.keys(eventLogErrorCodes).sort());
});

test('an error carries its facts', () => {
  const cause = new Error('below');
  const error = new EventLogError('log_overloaded', 'too much', { cause });
  expect(error).toMatchObject({ code: 'log_overloaded', canRetry: true, message: 'too much', cause });
  expect([
    isEventLogError(error),
    isEventLogError(error, 'log_overloaded'),
    isEventLogError(error, 'log_closed'),
    isEventLogError(cause),
  ]).toEqual([true, true, false, false]);
});
