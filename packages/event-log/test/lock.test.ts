import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEmbeddedLog } from '../src/embedded/index.ts';
import { type Child, compileForChildren, startChild } from './child-process.ts';
import { type Closing, temporaryFolder, temporaryLog } from './helpers.ts';

let compiled: Awaited<ReturnType<typeof compileForChildren>>;
beforeAll(async () => {
  compiled = await compileForChildren();
});
afterAll(() => compiled.remove());

async function holder(context: Closing, path: string, wrapper: string[] = []): Promise<{ child: Child; said: string }> {
  const child = startChild('hold.mjs', [compiled.embedded, path], wrapper);
  context.onTestFinished(() => child.kill());
  return { child, said: String((await child.lines.next()).value) };
}

const namespaces = spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0;

describe('the data folder belongs to one process', () => {
  test('another process is refused and told who holds it', async (context) => {
    const path = await temporaryFolder(context);
    await temporaryLog(context, { path, partitions: 2 });
    const { said } = await holder(context, path);
    expect(said).toMatch(/^refused log_locked/);
    expect(said).toContain(`pid ${process.pid}`);
  });

  test('the same process is refused too, and its failed attempt does not free the folder for others', async (context) => {
    const path = await temporaryFolder(context);
    const log = await temporaryLog(context, { path, partitions: 2 });
    await expect(openEmbeddedLog({ path, partitions: 2 })).rejects.toMatchObject({ code: 'log_locked' });
    await expect(openEmbeddedLog({ path, partitions: 2 })).rejects.toThrow(`pid ${process.pid}`);
    expect((await holder(context, path)).said).toMatch(/^refused log_locked/);
    await log.append('events', [{ key: 'k', value: new Uint8Array(1) }]);
  });

  test('close frees the folder, for this process and for others', async (context) => {
    const path = await temporaryFolder(context);
    await (await openEmbeddedLog({ path, partitions: 2 })).close();
    await (await openEmbeddedLog({ path, partitions: 2 })).close();
    expect((await holder(context, path)).said).toMatch(/^held/);
  });

  test('a failed open frees the folder', async (context) => {
    const path = await temporaryFolder(context);
    const log = await openEmbeddedLog({ path, partitions: 2 });
    await log.generation('events');
    await log.close();
    await expect(openEmbeddedLog({ path, partitions: 3 })).rejects.toMatchObject({ code: 'log_incompatible' });
    expect((await holder(context, path)).said).toMatch(/^held/);
  });

  test('what a killed process held is taken over at once', async (context) => {
    const path = await temporaryFolder(context);
    for (let round = 0; round < 3; round += 1) {
      const { child, said } = await holder(context, path);
      expect(said).toBe(`held by ${child.process.pid}`);
      await child.kill();
    }
    await temporaryLog(context, { path, partitions: 2 });
  });

  test('a stopped process still holds it: time plays no part', async (context) => {
    const path = await temporaryFolder(context);
    const { child, said } = await holder(context, path);
    expect(said).toMatch(/^held/);
    child.process.kill('SIGSTOP');
    await expect(openEmbeddedLog({ path, partitions: 2 })).rejects.toMatchObject({ code: 'log_locked' });
    await expect(openEmbeddedLog({ path, partitions: 2 })).rejects.toThrow(`pid ${child.process.pid}`);
  });

  test('of several that start at once at most one gets it', async (context) => {
    for (let round = 0; round < 3; round += 1) {
      const path = await temporaryFolder(context);
      const all = await Promise.all([1, 2, 3, 4].map(() => holder(context, path)));
      expect(all.filter(({ said }) => said.startsWith('held')).length).toBeLessThanOrEqual(1);
      expect(all.every(({ said }) => /^(held|refused log_locked)/.test(said))).toBe(true);
      await Promise.all(all.map(({ child }) => child.kill()));
      await temporaryLog(context, { path, partitions: 2 });
    }
  });

  test.skipIf(!namespaces)('two containers in which both are pid 1 exclude each other', async (context) => {
    const path = await temporaryFolder(context);
    const container = ['unshare', '--pid', '--fork', '--kill-child'];
    expect((await holder(context, path, container)).said).toBe('held by 1');
    expect((await holder(context, path)).said).toMatch(/^refused log_locked .*pid 1\b/);
    expect((await holder(context, path, container)).said).toMatch(/^refused log_locked .*same pid 1/);
  });
});
