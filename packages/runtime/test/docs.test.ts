import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accessCodes, metricUnits, runtimeErrorCodes } from '../src/index.ts';

const root = join(import.meta.dirname, '..');
const page = (name: string) => readFileSync(join(root, 'docs', name), 'utf8');
const firstCells = (text: string) => [...text.matchAll(/^\| `([a-z_]+)` +\|/gm)].map((match) => match[1] ?? '');

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && name !== 'error-codes.ts')
  .map((name) => readFileSync(join(root, 'src', name), 'utf8'))
  .join('\n');

describe('docs/errors.md', () => {
  it('lists exactly the codes that exist', () => {
    expect(firstCells(page('errors.md')).sort()).toEqual([...runtimeErrorCodes, ...accessCodes].sort());
  });

  it('and the source throws exactly these', () => {
    const thrown = [...sources.matchAll(/(?:new MichinoriError|super)\(\s*'([a-z_]+)'/g)].map((match) => match[1]);
    expect([...new Set(thrown)].sort()).toEqual([...runtimeErrorCodes].sort());
  });
});

describe('docs/metrics.md', () => {
  it('lists every unit', () => {
    for (const unit of metricUnits) expect(page('metrics.md')).toContain(`\`${unit}\``);
  });
});
