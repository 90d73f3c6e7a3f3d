import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { rejectionCodes } from '@michinori/events';
import { afterEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/run.ts';
import { exportErrorCodes } from '../../src/export/export-error.ts';
import { importErrorCodes } from '../../src/import/import-error.ts';
import { rowErrorCodes } from '../../src/import/judge-item.ts';
import { temporaryFolder } from './helpers.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');
const home = process.cwd();

afterEach(() => process.chdir(home));

async function michinori(args: readonly string[]): Promise<string> {
  let out = '';
  await runCommandLine(
    {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        out += text;
      },
      columns: 100,
      isInteractive: false,
      env: {},
      onStop: () => {},
      nowUs: () => Date.UTC(2026, 0, 1) * 1_000,
      wait: (ms) => wait(ms),
    },
    args,
  );
  return out;
}

describe('docs/errors.md', () => {
  const text = readFileSync(join(docs, 'errors.md'), 'utf8');
  const documented = (from: string, to?: string): string[] => {
    const section = text.slice(text.indexOf(from), to === undefined ? undefined : text.indexOf(to));
    return [...section.matchAll(/^\| `(\w+)`/gm)].map(([, code = '']) => code);
  };

  it('names every code that stops an import, and no other', () => {
    expect(documented('## What stops', '## Why a row').sort()).toEqual([...importErrorCodes].sort());
  });

  it('names every code that stops an export, and no other', () => {
    expect(documented('## What stops an export').sort()).toEqual([...exportErrorCodes].sort());
  });

  it('names every code of a rejected row that is not one of an event, and no other', () => {
    expect(documented('## Why a row', '## What stops an export').sort()).toEqual([...rowErrorCodes].sort());
    const known: readonly string[] = rejectionCodes;
    expect(rowErrorCodes.filter((code) => known.includes(code))).toEqual([]);
  });
});

describe('docs/import.md', () => {
  it('shows what the commands do', async () => {
    const text = readFileSync(join(docs, 'import.md'), 'utf8');
    const blocks = [...text.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(([, kind, name, body = '']) => ({
      kind,
      name,
      body,
    }));
    const folder = temporaryFolder();
    process.chdir(folder);
    let commands = 0;
    for (const [index, { kind, name, body }] of blocks.entries()) {
      if (name !== undefined) writeFileSync(name, body);
      if (kind !== 'sh' || body.includes('.parquet')) continue;
      commands += 1;
      const data = join(folder, 'data');
      const out = await michinori(['--data', data, ...body.trim().split(' ').slice(1)]);
      const shown = out
        .replaceAll(data, 'DATA')
        .replace(/\.[0-9a-f]{24}\./, '.ID.')
        .replace(/ +$/gm, '')
        .trimEnd();
      const next = blocks[index + 1];
      expect([next?.kind, next?.body.trimEnd()]).toEqual(['text', shown]);
    }
    expect(commands).toBe(5);
  });
});
