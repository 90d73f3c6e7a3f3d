import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ingestSettings, problems } from '../src/index.ts';
import { setup } from './helpers.ts';

const read = (...path: string[]) => readFileSync(join(import.meta.dirname, '..', ...path), 'utf8');

describe('docs/errors.md', () => {
  it('lists exactly the problems that exist, with their status', () => {
    const rows = [...read('docs', 'errors.md').matchAll(/^\| `([a-z_0-9]+)` +\| (\d{3}) /gm)];
    const listed = Object.fromEntries(rows.map(([, code, status]) => [code, Number(status)]));
    const existing = Object.fromEntries(Object.entries(problems.kinds).map(([code, { status }]) => [code, status]));
    expect(listed).toEqual(existing);
  });
});

describe('docs/configuration.md', () => {
  it('lists exactly the settings that exist, with their defaults', () => {
    const rows = [...read('docs', 'configuration.md').matchAll(/^\| `([a-zA-Z]+)` +\| `([^`]+)` /gm)];
    const listed = Object.fromEntries(rows.map(([, name, text]) => [name, text]));
    const defaults = Object.entries(ingestSettings.parse({})).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    expect(listed).toEqual(Object.fromEntries(defaults));
  });
});

describe('README.md', () => {
  it('lists exactly the metrics that exist', async () => {
    const { app } = setup();
    const { body } = await app.inject('/metrics');
    const existing = [...body.matchAll(/^# TYPE (michinori_ingest_\w+) /gm)].map((match) => match[1]);
    const listed = [...read('README.md').matchAll(/`(michinori_ingest_\w+)/g)].map((match) => match[1]);
    expect(listed.sort()).toEqual(existing.sort());
  });
});

const hasCurl =
  spawnSync('curl', ['--version']).status === 0 && spawnSync('bash', ['-c', 'gzip --version']).status === 0;

function matches(expected: unknown, actual: unknown): void {
  if (expected === '…') expect(actual).toEqual(expect.any(String));
  else if (typeof expected !== 'object' || expected === null) expect(actual).toBe(expected);
  else {
    expect(Object.keys(actual as object)).toEqual(Object.keys(expected));
    for (const [name, value] of Object.entries(expected)) matches(value, (actual as Record<string, unknown>)[name]);
  }
}

function shell(command: string, env: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', command], { env: { ...process.env, ...env, NO_PROXY: '*' } });
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => {
      output += bytes.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`exit ${code}`))));
  });
}

describe.skipIf(!hasCurl)('docs/http.md (needs curl, bash and gzip)', () => {
  const examples = [...read('docs', 'http.md').matchAll(/```sh\n([\s\S]*?)```\n\n```json\n([\s\S]*?)```/g)];

  it('has an answer for every example', () => {
    expect(examples).toHaveLength(read('docs', 'http.md').split('```sh').length - 1);
    expect(examples.length).toBeGreaterThan(5);
  });

  it.each(examples.map(([, command = '', answer = '']) => ({ command, answer })))(
    '$command',
    async ({ command, answer }) => {
      const { listen, key } = setup();
      const { port } = await listen();
      const output = await shell(command, { URL: `http://127.0.0.1:${port}`, KEY: key });
      matches(JSON.parse(answer), JSON.parse(output));
    },
  );
});
