import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyStore } from '@michinori/runtime';
import { describe, expect, it, onTestFinished } from 'vitest';

const main = join(import.meta.dirname, '..', 'dist', 'main.js');

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'michinori-query-api-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function start(args: string[], env: Record<string, string> = {}) {
  const child: ChildProcess = spawn(process.execPath, [main, ...args], { env: { PATH: process.env.PATH, ...env } });
  let output = '';
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const url = new Promise<string>((resolve) => {
    const read = (bytes: Buffer) => {
      output += bytes.toString();
      const found = /"url":"(http[^"]+)"/.exec(output)?.[1];
      if (found !== undefined && output.includes('"msg":"ready"')) resolve(found);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
  });
  return { child, ended, url, output: () => output };
}

describe('a query API of its own', () => {
  it('answers from a data folder of its own, asks for keys, and ends in order', async () => {
    const data = temporaryFolder();
    const api = start(['--data', data, '--port', '0']);
    const url = await Promise.race([api.url, api.ended.then(() => Promise.reject(new Error(api.output())))]);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const empty = await (await fetch(`${url}/v1/touchpoints`)).json();
    expect(empty).toMatchObject({ rows: [], meta: { watermark: null } });
    createKeyStore({ file: join(data, 'keys.json') }).create({ name: 'x', scopes: ['query'] });
    const until401 = async (): Promise<number> => {
      const { status } = await fetch(`${url}/v1/touchpoints`);
      return status === 401 ? status : until401();
    };
    expect(await until401()).toBe(401);
    api.child.kill('SIGTERM');
    expect(await api.ended).toBe(0);
  });

  it('refuses to serve the network without keys', async () => {
    const api = start(['--data', temporaryFolder(), '--port', '0', '--host', '0.0.0.0']);
    expect(await api.ended).toBe(1);
    expect(api.output()).toContain('Refusing to listen on 0.0.0.0');
  });

  it('prints its configuration, masked, and ends with 78 when it is wrong', async () => {
    const env = { MICHINORI_CLICKHOUSE_PASSWORD: 'hush', MICHINORI_CLICKHOUSE_URL: 'http://u:hush@localhost:8123' };
    const print = start(['--print-config', '--port=9'], env);
    expect(await print.ended).toBe(0);
    expect(print.output()).toContain('# queryApi.port: flag --port');
    expect(print.output()).not.toContain('hush');
    const wrong = start(['--prot=9']);
    expect(await wrong.ended).toBe(78);
    expect(wrong.output()).toContain('Did you mean "port"?');
  });
});
