import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const binary = join(import.meta.dirname, '../../bin/michinori.mjs');

export interface Michinori {
  child: ChildProcess;
  out(): string;
  err(): string;
  /** Resolves when standard output or error contains the text; rejects when the process ends before. */
  until(text: string): Promise<void>;
  /** Address that `dev` listens on. */
  url(): Promise<string>;
  /** Exit code; negative number of a signal. */
  ended: Promise<number>;
}

/** Starts the built command line as a process; killed at the end of the test. */
export function michinori(...argv: string[]): Michinori {
  const child = spawn(process.execPath, [binary, ...argv], { env: { PATH: process.env.PATH, NO_PROXY: '*' } });
  let out = '';
  let err = '';
  const looks = new Set<() => void>();
  const look = () => {
    for (const each of looks) each();
  };
  child.stdout.on('data', (bytes: Buffer) => {
    out += bytes.toString();
    look();
  });
  child.stderr.on('data', (bytes: Buffer) => {
    err += bytes.toString();
    look();
  });
  let hasEnded = false;
  const ended = new Promise<number>((resolve) => {
    child.once('close', (code) => {
      hasEnded = true;
      resolve(code ?? -1);
      look();
    });
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const until = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const attempt = () => {
        if (`${out}${err}`.includes(text)) resolve();
        else if (hasEnded) reject(new Error(`ended without "${text}":\n${out}\n${err}`));
        else return;
        looks.delete(attempt);
      };
      looks.add(attempt);
      attempt();
    });
  return {
    child,
    out: () => out,
    err: () => err,
    until,
    async url() {
      await until('is running');
      return /POST (http:\S+)\/v1\/events/.exec(out)?.[1] ?? '';
    },
    ended,
  };
}

/** Runs a command to its end. */
export async function finish(...argv: string[]): Promise<{ exitCode: number; out: string; err: string }> {
  const process = michinori(...argv);
  const exitCode = await process.ended;
  return { exitCode, out: process.out(), err: process.err() };
}

/** Asks again and again until the answer is the wanted one; the test's own deadline ends it. */
export function eventually<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  return new Promise((resolve, reject) => {
    const attempt = () => {
      ask().then((answer) => (isWanted(answer) ? resolve(answer) : setTimeout(attempt, 20)), reject);
    };
    attempt();
  });
}
