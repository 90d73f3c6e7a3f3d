import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type WatchedChild, watchChild } from '../watch-child.ts';

const binary = join(import.meta.dirname, '../../bin/michinori.mjs');

export interface Michinori extends WatchedChild {
  /** Address that `dev` listens on. */
  url(): Promise<string>;
}

/** Starts the built command line as a process; killed at the end of the test. */
export function michinori(...argv: string[]): Michinori {
  const child = spawn(process.execPath, [binary, ...argv], { env: { PATH: process.env.PATH, NO_PROXY: '*' } });
  const watched = watchChild(child);
  const url = async () => {
    await watched.found(/is running/);
    return /POST (http:\S+)\/v1\/events/.exec(watched.out())?.[1] ?? '';
  };
  return { ...watched, url };
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
