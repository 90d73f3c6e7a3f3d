import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OpenApi } from '../generator/document.ts';
import { format } from '../generator/format.ts';
import { generate, generateTable } from '../generator/generate.ts';

const root = join(import.meta.dirname, '../../..');
const folder = join(import.meta.dirname, '../src/generated');
const page = join(import.meta.dirname, '../docs/questions.md');
const document = JSON.parse(readFileSync(join(root, 'services/query-api/openapi.json'), 'utf8')) as OpenApi;

function committed(): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return new Map(names.map((name) => [name.replaceAll('\\', '/'), readFileSync(join(folder, name), 'utf8')]));
}

describe('src/generated', () => {
  it('is what openapi.json says (pnpm --filter @michinori/client generate writes it)', () => {
    const files = format(generate(document), root);
    if (process.env.MICHINORI_UPDATE === '1') {
      rmSync(folder, { recursive: true, force: true });
      for (const [name, text] of files) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
    }
    expect(Object.fromEntries(committed())).toEqual(Object.fromEntries(files));
  });

  it('and so is docs/questions.md', () => {
    const table = generateTable(document);
    if (process.env.MICHINORI_UPDATE === '1') writeFileSync(page, table);
    expect(readFileSync(page, 'utf8')).toBe(table);
  });
});
