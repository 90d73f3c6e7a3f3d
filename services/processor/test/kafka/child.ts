import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import type { FaultPoint, ProcessorConfig } from '../../src/index.ts';
import type { Context } from '../world.ts';
import { type Deployment, longPatience } from './deployment.ts';

const main = fileURLToPath(new URL('./child.mjs', import.meta.url));
const compiled = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

export interface ChildOptions {
  config?: Partial<ProcessorConfig>;
  /** Sends itself a signal when it passes a point for the nth time. */
  signal?: 'SIGKILL' | 'SIGSTOP';
  at?: FaultPoint;
  passage?: number;
}

/** What a child has told so far. */
export interface ChildReport {
  points: Partial<Record<FaultPoint, number>>;
  /** Which partitions of the events it was given, time after time. */
  assignments: number[][];
  /** Of the events, since it began. */
  fetchedBytes: number;
  /** What it held in memory whenever it was asked. */
  heldBytes: number[];
}

/** A processor in a process of its own, which can be killed or stopped at any instruction. */
export interface Child {
  process: ChildProcess;
  report(): ChildReport;
  /** Bytes that it holds in memory, after a collection of garbage. */
  heldBytes(): Promise<number>;
  /** Resolves when it has ended, however. */
  exited: Promise<unknown>;
  /** Ends it in order. */
  stop(): Promise<void>;
}

/** Starts the compiled processor on a deployment; killed at the end of the test. */
export function startChild(context: Context, deployment: Deployment, options: ChildOptions = {}): Child {
  if (!existsSync(compiled)) throw new Error('this test runs the compiled processor: tsc -b first');
  const { server, database, logOptions } = deployment;
  const { url, username, password } = server;
  const orders = { ...options, logOptions, clickhouse: { url, username, password, database } };
  const child = fork(main, [JSON.stringify(orders)], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  let last: ChildReport = { points: {}, assignments: [], fetchedBytes: 0, heldBytes: [] };
  child.on('message', (message) => {
    last = message as ChildReport;
  });
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await exited;
  }
  context.onTestFinished(() => end('SIGKILL'));
  async function heldBytes(): Promise<number> {
    const { length } = last.heldBytes;
    child.send('measure');
    return vi.waitFor(() => {
      expect(last.heldBytes.length).toBeGreaterThan(length);
      return last.heldBytes.at(-1) ?? 0;
    }, longPatience);
  }
  return { process: child, report: () => last, heldBytes, exited, stop: () => end('SIGTERM') };
}
