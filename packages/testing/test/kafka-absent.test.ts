import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { startKafka } from '../src/kafka.ts';
import { withLockFile } from '../src/lock-file.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'michinori-testing-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function machineWithJava(version: string | null): Promise<void> {
  const folder = await temporaryFolder();
  if (version !== null) {
    await writeFile(join(folder, 'java'), `#!/bin/sh\necho 'openjdk version "${version}"' >&2\n`);
    await chmod(join(folder, 'java'), 0o755);
  }
  vi.stubEnv('PATH', folder);
  vi.stubEnv('JAVA_HOME', undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
}

function witness() {
  const notes: string[] = [];
  return {
    notes,
    onTestFinished: () => {},
    skip(note = ''): never {
      notes.push(note);
      throw new Error('skipped');
    },
  };
}

beforeEach(() => {
  vi.stubEnv('KAFKA_BROKERS', undefined);
  vi.stubEnv('REQUIRE_KAFKA', undefined);
});

it.each([
  [null, "no Kafka: Java 17 or newer isn't installed"],
  ['1.8.0_402', 'no Kafka: Java is 8, 17 is needed'],
  ['11.0.22', 'no Kafka: Java is 11, 17 is needed'],
])('with Java %s a test is skipped with the reason and the remedy', async (version, reason) => {
  await machineWithJava(version);
  const context = witness();
  await expect(startKafka(context, { controlled: true })).rejects.toThrow('skipped');
  expect(context.notes).toEqual([`${reason} (set KAFKA_BROKERS, or install Java 17 and Maven)`]);
});

it('with REQUIRE_KAFKA=1 the same is a failure', async () => {
  await machineWithJava(null);
  vi.stubEnv('REQUIRE_KAFKA', '1');
  const context = witness();
  await expect(startKafka(context, { controlled: true })).rejects.toThrow("Java 17 or newer isn't installed");
  expect(context.notes).toEqual([]);
});

it('a lock file lets one work at a time, and is gone afterwards', async () => {
  const lock = join(await temporaryFolder(), 'lock');
  let working = 0;
  let most = 0;
  const work = () =>
    withLockFile(lock, 60_000, async () => {
      working += 1;
      most = Math.max(most, working);
      await new Promise((resolve) => setImmediate(resolve));
      working -= 1;
    });
  await Promise.all([work(), work(), work()]);
  expect(most).toBe(1);
  expect(existsSync(lock)).toBe(false);
});

it('the lock of a process that died is taken over', async () => {
  const lock = join(await temporaryFolder(), 'lock');
  await writeFile(lock, String(2 ** 22 + 1));
  expect(await withLockFile(lock, 60_000, async () => 'worked')).toBe('worked');
});
