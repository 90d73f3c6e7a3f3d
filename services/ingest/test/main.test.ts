import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedLog } from '@michinori/event-log/embedded';
import { topics } from '@michinori/events';
import { createKeyStore } from '@michinori/runtime';
import { describe, expect, it, onTestFinished } from 'vitest';
import { touch } from './helpers.ts';

const main = join(import.meta.dirname, '..', 'dist', 'main.js');

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'michinori-ingest-main-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function start(args: readonly string[], env: Record<string, string> = {}, cwd = temporaryFolder()) {
  const child: ChildProcess = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  let wake = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (bytes: Buffer) => {
      output += bytes.toString();
      wake();
    });
  }
  const ended = once(child, 'close').then(([code]) => {
    wake();
    return code as number | null;
  });
  return {
    child,
    ended,
    output: () => output,
    async url(): Promise<string> {
      for (;;) {
        const found = /"url":"([^"]+)"/.exec(output)?.[1];
        if (found !== undefined && output.includes('"msg":"ready"')) return found;
        if (child.exitCode !== null) throw new Error(output);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

describe.skipIf(!existsSync(main))('the process (needs a build)', () => {
  it('serves until SIGTERM, and keeps everything that it accepted', async () => {
    const data = temporaryFolder();
    const process = start(['--data', data, '--port', '0']);
    const url = await process.url();
    const accepted: string[] = [];
    let isStopped = false;
    const clients = Array.from({ length: 8 }, async (_, client) => {
      for (let number = 0; !isStopped; number++) {
        const customer = `c${client}-${number}`;
        const answer = await fetch(`${url}/v1/events`, { method: 'POST', body: JSON.stringify(touch(customer)) }).catch(
          () => null,
        );
        if (answer === null) return;
        await answer.arrayBuffer().catch(() => {});
        if (answer.status === 202) accepted.push(customer);
        if (accepted.length === 100) process.child.kill('SIGTERM');
      }
    });
    expect(await process.ended).toBe(0);
    isStopped = true;
    await Promise.all(clients);
    const log = await openEmbeddedLog({ path: join(data, 'log'), partitions: 1 });
    onTestFinished(() => log.close());
    const stored = (await log.positions(topics.events)).reduce((sum, { next }) => sum + next, 0);
    expect(accepted.length).toBeGreaterThanOrEqual(100);
    expect(stored).toBe(accepted.length);
  });

  it('keeps everything that it accepted when it is killed', async () => {
    const data = temporaryFolder();
    const process = start(['--data', data, '--port', '0']);
    const url = await process.url();
    let accepted = 0;
    const clients = Array.from({ length: 8 }, async (_, client) => {
      for (let number = 0; ; number++) {
        const body = JSON.stringify(touch(`c${client}-${number}`));
        const answer = await fetch(`${url}/v1/events`, { method: 'POST', body }).catch(() => null);
        if (answer === null) return;
        if (answer.status === 202) accepted += 1;
        if (accepted === 100) process.child.kill('SIGKILL');
      }
    });
    await Promise.all([process.ended, ...clients]);
    const log = await openEmbeddedLog({ path: join(data, 'log'), partitions: 1 });
    onTestFinished(() => log.close());
    const stored = (await log.positions(topics.events)).reduce((sum, { next }) => sum + next, 0);
    expect(stored).toBeGreaterThanOrEqual(accepted);
    expect(stored).toBeLessThanOrEqual(accepted + clients.length);
  });

  it('refuses to serve the network without keys, and serves it with one', async () => {
    const data = temporaryFolder();
    const args = ['--data', data, '--host', '0.0.0.0', '--port', '0'];
    const refused = start(args);
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toContain('Refusing to listen on 0.0.0.0');
    const { key } = createKeyStore({ file: join(data, 'keys.json') }).create({ name: 'x', scopes: ['ingest'] });
    const { port } = new URL(await start(args).url());
    const post = (headers: Record<string, string>) =>
      fetch(`http://127.0.0.1:${port}/v1/events`, { method: 'POST', headers, body: JSON.stringify(touch('a')) });
    expect((await post({})).status).toBe(401);
    expect((await post({ authorization: `Bearer ${key}` })).status).toBe(202);
  });

  it('ends with 78 and the places when the configuration is wrong', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'michinori.yaml'), 'ingest:\n  prot: 1\n');
    const process = start(['--hots=x'], { MICHINORI_INGEST_PORT: 'many' }, cwd);
    expect(await process.ended).toBe(78);
    expect(process.output()).toContain('michinori.yaml:2:3: ingest.prot is not a known setting. Did you mean "port"?');
    expect(process.output()).toContain('flag --hots: is not a known flag. Did you mean "host"?');
    expect(process.output()).toContain('environment MICHINORI_INGEST_PORT: ingest.port must be a number');
  });

  it('prints its configuration and where it is from', async () => {
    const process = start(['--print-config', '--port=9'], { MICHINORI_DATA: './here' });
    expect(await process.ended).toBe(0);
    expect(process.output()).toContain('# ingest.port: flag --port');
    expect(process.output()).toContain('data: ./here');
  });

  it('refuses a data folder that another process has', async () => {
    const data = temporaryFolder();
    await start(['--data', data, '--port', '0']).url();
    const second = start(['--data', data, '--port', '0']);
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain('start_failed');
  });
});
