import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClickHouse } from '@michinori/clickhouse';
import { beforeAll, describe, expect, it } from 'vitest';
import { problems, queryApiSettings } from '../src/index.ts';
import { temporaryLog } from './journey-world.ts';
import { apiOver, fill, openStore, sixtyCustomers } from './world.ts';

const read = (...path: string[]) => readFileSync(join(import.meta.dirname, '..', ...path), 'utf8');

describe('docs/errors.md', () => {
  it('lists exactly the problems that exist, with their status', () => {
    const rows = [...read('docs', 'errors.md').matchAll(/^\| `([a-z_0-9]+)` +\| (\d{3}) /gm)];
    const listed = Object.fromEntries(rows.map(([, code, status]) => [code, Number(status)]));
    const existing = Object.fromEntries(Object.entries(problems.kinds).map(([code, { status }]) => [code, status]));
    expect(listed).toEqual(existing);
  });
});

describe('README.md', () => {
  it('lists exactly the settings that exist, with their defaults', () => {
    const rows = [...read('README.md').matchAll(/^\| `([a-zA-Z]+)` +\| `([^`]+)` /gm)];
    const defaults = Object.entries(queryApiSettings.parse({})).map(([name, value]) => [name, String(value)]);
    expect(Object.fromEntries(rows.map(([, name, text]) => [name, text]))).toEqual(Object.fromEntries(defaults));
  });
});

const hasCurl = spawnSync('curl', ['--version']).status === 0 && spawnSync('bash', ['--version']).status === 0;

function shell(command: string, env: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', command], { env: { ...process.env, ...env, NO_PROXY: '*' } });
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => {
      output += bytes.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`exit ${code}: ${command}`))));
  });
}

/** `…` in an example stands for any text, `0` as generatedInMs for any number. */
function withoutChance(text: string): string {
  return text
    .replace(/"generatedInMs": ?\d+/g, '"generatedInMs":0')
    .replace(/"asOf": ?"[^"]*"/g, '"asOf":"…"')
    .replace(/\r\n/g, '\n')
    .replace(/\s+$/g, '');
}

describe.skipIf(!hasCurl)('docs/http.md (needs curl and bash)', () => {
  let clickhouse: ClickHouse;
  beforeAll(async () => {
    clickhouse = await openStore();
    await fill(clickhouse, sixtyCustomers);
  });

  it('shows what curl really gets', async () => {
    const api = apiOver(clickhouse, {}, '127.0.0.1', await temporaryLog());
    const API = await api.app.listen({ host: '127.0.0.1', port: 0 });
    const examples = [
      ...read('docs', 'http.md').matchAll(/```sh\n([\s\S]*?)```\n\n```(json|csv|text)\n([\s\S]*?)```/g),
    ];
    expect(examples.length).toBeGreaterThanOrEqual(6);
    for (const [, command = '', kind = '', expected = ''] of examples) {
      const output = withoutChance(await shell(command, { API }));
      if (kind === 'json') expect(JSON.parse(output), command).toEqual(JSON.parse(withoutChance(expected)));
      else expect(output, command).toBe(withoutChance(expected));
    }
  });
});
