import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');

it('every error code is documented, and every documented code exists', async () => {
  const type = /readonly code: ([^;]+);/.exec(await read('../src/funnel/errors.ts'))?.[1] ?? '';
  const inCode = [...type.matchAll(/'(\w+)'/g)].map(([, code]) => code).sort();
  const inDocs = [...(await read('../docs/errors.md')).matchAll(/^\| `(\w+)`\s*\|/gm)].map(([, code]) => code).sort();
  expect(inCode.length).toBeGreaterThan(0);
  expect(inDocs).toEqual(inCode);
});
