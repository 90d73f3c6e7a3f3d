import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { classifyCommitFailure } from '../src/embedded/store.ts';
import { compileForChildren } from './child-process.ts';
import { temporaryFolder, temporaryLog } from './helpers.ts';

let compiled: Awaited<ReturnType<typeof compileForChildren>>;
beforeAll(async () => {
  compiled = await compileForChildren();
});
afterAll(() => compiled.remove());

const scriptOf = (name: string) => fileURLToPath(new URL(`./children/${name}`, import.meta.url));
const canTrace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;
const canLimit = process.platform !== 'win32';

describe('durability', () => {
  test.skipIf(!canTrace)('between two acknowledgements the data and the meta page reach the disk', async (context) => {
    const folder = await temporaryFolder(context);
    const trace = join(folder, 'trace');
    const options = JSON.stringify({ writers: 1, batchesMax: 20 });
    const calls = [
      '-f',
      '-y',
      '-e',
      'trace=openat,pwrite64,pwritev,writev,fdatasync,fsync,write',
      '-s',
      '40',
      '-o',
      trace,
    ];
    const child = [process.execPath, scriptOf('append.mjs'), compiled.embedded, join(folder, 'log'), 'run', options];
    expect(spawnSync('strace', [...calls, ...child]).status).toBe(0);

    const lines = (await readFile(trace, 'utf8')).split('\n');
    const opened = lines.flatMap((line) => /openat\(.*log\.lmdb", [^)]*O_DSYNC.*= (\d+)/.exec(line)?.[1] ?? []);
    expect(opened).toHaveLength(1);
    const isAcknowledgement = (line: string) => /write\(1<.*positions/.test(line);
    const isDataSync = (line: string) => /fdatasync\(\d+<.*log\.lmdb>/.test(line) && !line.includes('unfinished');
    const isSyncResumed = (line: string) => /fdatasync resumed/.test(line);
    const isMetaWrite = (line: string) => new RegExp(`pwrite64\\(${opened[0]}<.*log\\.lmdb>`).test(line);
    let acknowledgements = 0;
    let since: string[] = [];
    for (const line of lines) {
      if (isAcknowledgement(line)) {
        acknowledgements += 1;
        const synced = since.findLastIndex((earlier) => isDataSync(earlier) || isSyncResumed(earlier));
        expect(synced).toBeGreaterThanOrEqual(0);
        expect(since.findLastIndex(isMetaWrite)).toBeGreaterThan(synced);
        since = [];
      } else since.push(line);
    }
    expect(acknowledgements).toBe(20);
  });

  test.skipIf(!canLimit)(
    'a file that cannot grow: the append is refused, the process lives, what was acknowledged stays',
    async (context) => {
      const path = join(await temporaryFolder(context), 'log');
      const limited = spawnSync('bash', [
        '-c',
        `ulimit -f 2048 && exec "$0" "$@"`,
        process.execPath,
        scriptOf('fill.mjs'),
        compiled.embedded,
        path,
      ]);
      expect(limited.status).toBe(0);
      const outcome = JSON.parse(limited.stdout.toString().trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
      expect(outcome).toMatchObject({
        failure: { code: 'log_write_failed', canRetry: false },
        next: 'log_write_failed',
      });
      expect(outcome.readable).toBe(outcome.acknowledged);
      const log = await temporaryLog(context, { path, partitions: 1 });
      expect((await log.positions('events'))[0]?.next).toBe(outcome.acknowledged);
      expect(await log.append('events', [{ key: 'k', value: new Uint8Array(9) }])).toEqual([
        { partition: 0, offset: outcome.acknowledged },
      ]);
    },
  );

  test('a commit failure is a full disk by its code, or by a short write when there is no room', () => {
    const room = { freeBytes: 1e12, neededBytes: 1000 };
    const tight = { freeBytes: 1000, neededBytes: 1000 };
    const classify = (code: number, space: typeof room) =>
      classifyCommitFailure(Object.assign(new Error('x'), { code }), space).code;
    for (const code of [27, 28, 122, -30792]) expect(classify(code, room)).toBe('log_disk_full');
    expect(classify(5, tight)).toBe('log_disk_full');
    expect(classify(5, room)).toBe('log_write_failed');
    expect(classify(-30795, tight)).toBe('log_write_failed');
    expect(classifyCommitFailure(undefined, room).code).toBe('log_write_failed');
  });
});
