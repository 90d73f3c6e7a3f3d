import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startKept } from '../src/kept-process.ts';

const patience = { timeout: 50_000, interval: 10 };
const idle = 'process.stdout.write(String(process.pid)); setInterval(() => {}, 1000);';

async function folders() {
  const kept = await mkdtemp(join(tmpdir(), 'michinori-testing-'));
  const temporary = await mkdtemp(join(tmpdir(), 'michinori-testing-'));
  onTestFinished(async () => {
    for (const folder of [kept, temporary]) await rm(folder, { recursive: true, force: true });
  });
  return { logFile: join(kept, 'log'), temporary };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function pidIn(logFile: string): Promise<number> {
  const text = await vi.waitFor(async () => {
    const content = await readFile(logFile, 'utf8');
    expect(content).toMatch(/^\d+$/);
    return content;
  }, patience);
  return Number(text);
}

it('a kept process dies with the one that started it, even by kill -9, and its folder is removed', async () => {
  const { logFile, temporary } = await folders();
  const command = { command: process.execPath, args: ['-e', idle], logFile, temporaryFolder: temporary };
  const module = new URL('../dist/kept-process.js', import.meta.url).href;
  const starter = `const { startKept } = await import(${JSON.stringify(module)});
    startKept(${JSON.stringify(command)}); setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', starter], { stdio: 'inherit' });
  const pid = await pidIn(logFile);
  expect(isAlive(pid)).toBe(true);
  const ended = once(parent, 'exit');
  parent.kill('SIGKILL');
  await ended;
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), patience);
  await vi.waitFor(() => expect(existsSync(temporary)).toBe(false), patience);
});

it('hears signals, and tells when it has ended', async () => {
  const { logFile, temporary } = await folders();
  const process_ = startKept({
    command: process.execPath,
    args: ['-e', `process.on('SIGTERM', () => process.exit(7)); ${idle}`],
    logFile,
    temporaryFolder: temporary,
  });
  const pid = await pidIn(logFile);
  expect(process_.hasExited()).toBe(false);
  process_.signal('SIGTERM');
  expect(await process_.exited).toBe(7);
  expect(process_.hasExited()).toBe(true);
  expect(isAlive(pid)).toBe(false);
  expect(existsSync(temporary)).toBe(true);
  process_.signal('SIGTERM');
});

it('a command that does not exist is an end, with a word in the log', async () => {
  const { logFile } = await folders();
  const process_ = startKept({ command: 'michinori-no-such-command', args: [], logFile });
  await process_.exited;
  expect(await readFile(logFile, 'utf8')).toContain('ENOENT');
});
