import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const source = readdirSync(join(root, 'src')).map((name) => ({ name, text: read('src', name) }));

describe('docs/errors.md', () => {
  it('lists exactly the codes that the client gives itself', () => {
    const listed = [...read('docs', 'errors.md').matchAll(/^\| `([a-z_]+)`/gm)].map(([, code]) => code);
    const given = source.flatMap(({ text }) => [...text.matchAll(/code: '([a-z_]+)'/g)].map(([, code]) => code));
    expect(listed.sort()).toEqual([...new Set(given)].sort());
  });
});

describe('README.md', () => {
  it('lists every option with its default', () => {
    const listed = [...read('README.md').matchAll(/^\| `(\w+)` +\| (?:`(\d+)`)?/gm)].map(([, name, value]) => [
      name,
      value,
    ]);
    const client = read('src', 'client.ts');
    const [, options = ''] = client.match(/interface IngestClientOptions \{([\s\S]*?)\n\}/) ?? [];
    const existing = [...options.matchAll(/^ {2}(\w+)[?(:]/gm)].map(([, name = '']) => {
      const [, value] = client.match(new RegExp(`\\b${name} (?:=|\\?\\?) (\\d[\\d_]*(?: \\* MIB)?)\\b`)) ?? [];
      return [name, value === undefined ? undefined : inDigits(value)];
    });
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(existing));
  });

  it('lists every file', () => {
    const listed = [...read('README.md').matchAll(/^\| `([\w-]+\.ts)`/gm)].map(([, name]) => name);
    expect([...listed, 'index.ts'].sort()).toEqual(source.map(({ name }) => name).sort());
  });
});

/** `64 * MIB` → `67108864` */
function inDigits(expression: string): string {
  const [first = '', ...others] = expression
    .trim()
    .replaceAll('_', '')
    .replace('MIB', `${1024 * 1024}`)
    .split(' * ');
  return String(others.reduce((product, factor) => product * Number(factor), Number(first)));
}

describe('the package', () => {
  it('is small and depends on nothing', () => {
    expect(JSON.parse(read('package.json')).dependencies).toBeUndefined();
    const code = source.flatMap(({ text }) => text.split('\n')).filter((line) => !/^\s*($|\/\*\*|\*)/.test(line));
    expect(code.length).toBeLessThan(330);
  });
});
