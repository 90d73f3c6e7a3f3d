import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clientCodes } from '../src/index.ts';

const root = join(import.meta.dirname, '..');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const sources = readdirSync(join(root, 'src')).filter((name) => name.endsWith('.ts'));

describe('docs/errors.md', () => {
  it('lists exactly the codes of the client', () => {
    const listed = [...read('docs', 'errors.md').matchAll(/^\| `([a-z_]+)`/gm)].map(([, code]) => code);
    expect(listed.sort()).toEqual([...clientCodes].sort());
  });

  it('and the source gives exactly these', () => {
    const given = sources.flatMap((name) =>
      [...read('src', name).matchAll(/code: '([a-z_]+)'/g)].map(([, code]) => code),
    );
    expect([...new Set(given)].sort()).toEqual([...clientCodes].sort());
  });
});

describe('README.md', () => {
  const readme = read('README.md');

  it('shows the examples word for word', () => {
    const shown = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);
    const examples = readdirSync(join(root, 'examples')).map((name) => read('examples', name));
    expect([...shown].sort()).toEqual([...examples].sort());
  });

  it('lists every file', () => {
    const listed = [...readme.matchAll(/^\| `([\w-]+\.ts)`/gm)].map(([, name]) => name);
    expect([...listed, 'index.ts'].sort()).toEqual([...sources].sort());
  });
});

describe('the package', () => {
  it('depends on nothing, and on nothing of Node', () => {
    expect(JSON.parse(read('package.json')).dependencies).toBeUndefined();
    const imports = sources.flatMap((name) =>
      [...read('src', name).matchAll(/from '([^']+)'/g)].map(([, from = '']) => from),
    );
    expect(imports.filter((from) => !from.startsWith('./'))).toEqual([]);
  });
});
