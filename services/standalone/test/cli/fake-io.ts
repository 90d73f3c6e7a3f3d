import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { runCommandLine } from '../../src/cli/run.ts';

export interface Ran {
  exitCode: number;
  out: string;
  err: string;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'michinori-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An outside that writes down what it was told. `stop` is ^C. */
export function fakeIo(changes: Partial<Io> = {}) {
  const told = { out: '', err: '' };
  const listeners: (() => void)[] = [];
  const io: Io = {
    out: (text) => {
      told.out += text;
    },
    err: (text) => {
      told.err += text;
    },
    columns: 100,
    isInteractive: false,
    env: {},
    onStop: (listener) => listeners.push(listener),
    nowUs: () => Date.UTC(2026, 10, 21) * 1000,
    wait: () => new Promise((resolve) => setImmediate(resolve)),
    ...changes,
  };
  return {
    io,
    told,
    stop: () => {
      for (const listener of listeners) listener();
    },
  };
}

/** Runs one command inside this process. */
export async function run(argv: readonly string[], changes: Partial<Io> = {}): Promise<Ran> {
  const { io, told } = fakeIo(changes);
  const exitCode = await runCommandLine(io, argv);
  return { exitCode, ...told };
}
