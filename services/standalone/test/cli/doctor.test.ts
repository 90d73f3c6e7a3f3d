import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { judgeDisk } from '../../src/cli/doctor/disk.ts';
import type { Finding } from '../../src/cli/doctor/finding.ts';
import { checkNode } from '../../src/cli/doctor/node.ts';
import { run, temporaryFolder } from './fake-io.ts';

async function doctor(...argv: string[]): Promise<{ exitCode: number; findings: Record<string, Finding> }> {
  const { exitCode, out } = await run(['doctor', '--json', ...argv]);
  const findings: Finding[] = JSON.parse(out);
  return { exitCode, findings: Object.fromEntries(findings.map((finding) => [finding.check, finding])) };
}

const gibibyte = 1024 ** 3;

describe('doctor', () => {
  it('finds nothing wrong with a folder that does not exist yet, and does not make it', async () => {
    const data = join(temporaryFolder(), 'new', 'data');
    const { exitCode, findings } = await doctor('--data', data, '--port', '0');
    expect(exitCode).toBe(0);
    expect(findings['data folder']).toMatchObject({ state: 'ok', detail: expect.stringContaining('can be made') });
    expect(findings.stores?.state).toBe('ok');
    expect((await run(['doctor', '--data', data, '--port', '0'])).out).toContain('✓ data folder');
    expect((await doctor('--data', data, '--port', '0')).findings['data folder']?.detail).toContain('does not exist');
  });

  it('opens stores, compares log and tables, and leaves everything free for the next', async () => {
    const data = temporaryFolder();
    expect((await run(['migrate', '--data', data])).out).toContain('Applied 0001');
    expect(JSON.parse((await run(['migrate', '--data', data, '--json'])).out)).toEqual({ applied: [] });
    for (let times = 0; times < 2; times += 1) {
      const { exitCode, findings } = await doctor('--data', data, '--port', '0');
      expect(exitCode).toBe(0);
      expect(Object.keys(findings)).toEqual([
        'node',
        'data folder',
        'disk',
        'keys',
        'event log',
        'clickhouse',
        'conservation',
        'port',
      ]);
    }
  });

  it.each([
    ['a file in the place of the folder', 'data folder', (data: string) => writeFileSync(data, '')],
    [
      'a key file that is none',
      'keys',
      (data: string) => {
        mkdirSync(data);
        writeFileSync(join(data, 'keys.json'), '{');
      },
    ],
    [
      'a file in the place of the tables',
      'stores',
      (data: string) => {
        mkdirSync(join(data, 'log'), { recursive: true });
        writeFileSync(join(data, 'clickhouse'), 'x');
      },
    ],
  ])('%s: error, with what to do', async (_name, check, destroy) => {
    const data = join(temporaryFolder(), 'data');
    destroy(data);
    const { exitCode, findings } = await doctor('--data', data, '--port', '0');
    expect(findings[check]).toMatchObject({ state: 'error', mend: expect.stringMatching(/\w/) });
    expect(exitCode).toBe(1);
  });

  it('asks for keys on an address that others can reach', async () => {
    const { exitCode, findings } = await doctor('--data', temporaryFolder(), '--host', '0.0.0.0', '--port', '0');
    expect([exitCode, findings.keys?.state, findings.keys?.mend]).toEqual([
      1,
      'error',
      'michinori keys create --scope admin',
    ]);
  });

  it('warns of a port that is taken, and of a demo that was broken off', async () => {
    const data = temporaryFolder();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    writeFileSync(join(data, 'demo-loading.json'), '{"seed":7,"endUs":1000,"customers":5}');
    const { exitCode, findings } = await doctor('--data', data, '--port', port);
    expect([exitCode, findings.port?.state, findings.demo?.state]).toEqual([0, 'warning', 'warning']);
    const dev = await run(['dev', '--data', data, '--port', port]);
    expect(dev.exitCode).toBe(1);
    expect(dev.err).toContain(`Port ${port} of 127.0.0.1 is taken by another program`);
    expect(dev.err).toContain(`--port ${Number(port) + 1}`);
    expect(dev.err.split('\n')).toHaveLength(2);
  });

  it.each([
    ['20.18.3', 'error'],
    ['18.20.0', 'error'],
    ['20.19.0', 'ok'],
    ['22.1.0', 'ok'],
  ])('Node %s is %s', (version, state) => expect(checkNode(version).state).toBe(state));

  it.each([
    [0.5, 20, 'error'],
    [1.5, 0, 'warning'],
    [39, 20, 'warning'],
    [40, 20, 'ok'],
    [2, 0, 'ok'],
  ])('%d GiB free with a log of at most %d GiB is %s', (free, log, state) => {
    expect(judgeDisk(free * gibibyte, log * gibibyte).state).toBe(state);
  });
});
