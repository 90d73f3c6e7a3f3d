import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FaultPoint } from '@michinori/processor';

const script = fileURLToPath(new URL('./standalone-child.mjs', import.meta.url));
const standaloneFolder = fileURLToPath(new URL('../../services/standalone', import.meta.url));
const testingFolder = fileURLToPath(new URL('../../packages/testing', import.meta.url));

/** What is to happen at the n-th passage of a step of the sink, counted from when the child hears of it. */
export type Plan = { kill: FaultPoint; passage: number } | { lose: FaultPoint; passage: number };

export interface ChildOptions {
  data: string;
  batchRecordsMax: number;
  partitions: number;
  verification?: 'on' | 'off';
  plans?: readonly Plan[];
}

export interface Child {
  /** Its address once it listens, or null if it died before. */
  started: Promise<string | null>;
  /** Settles when the process is gone. */
  ended: Promise<void>;
  isAlive(): boolean;
  /** Ids of the rows that a `lose` plan deleted. */
  lost: readonly string[];
  /** The signal that ended it; null while it lives, or if it ended by itself. */
  signal(): NodeJS.Signals | null;
  add(plan: Plan): void;
  select(sql: string): Promise<unknown[]>;
  /** What it wrote to standard error: its log from the level `warn` on. */
  stderr(): string;
  /** Sends SIGKILL and waits for the end. */
  kill(): Promise<void>;
}

interface Line {
  url?: string;
  lost?: string;
  answer?: number;
  rows?: unknown[];
}

/** Children run compiled code: fails with a clear sentence if `npm run build` has to come first. */
export function assertBuilt(): void {
  const typescript = dirname(
    createRequire(import.meta.url).resolve('typescript/package.json', { paths: [standaloneFolder] }),
  );
  const compiler = join(typescript, 'bin', 'tsc');
  const report = execFileSync(process.execPath, [compiler, '-b', '--dry', standaloneFolder, testingFolder], {
    encoding: 'utf8',
  });
  const stale = report.split('\n').filter((line) => line.includes('would build'));
  if (stale.length > 0) throw new Error(`These tests run the compiled process. Run "npm run build" first.\n${report}`);
}

const running = new Set<Child>();

/** Ends every child that is left; for afterEach. */
export async function killChildren(): Promise<void> {
  await Promise.all([...running].map((child) => child.kill()));
}

/** Starts the standalone process on a data folder. */
export function startChild(options: ChildOptions): Child {
  const process_: ChildProcess = spawn(process.execPath, [script, JSON.stringify(options)], { stdio: 'pipe' });
  const { stdin, stdout, stderr } = process_;
  if (stdin === null || stdout === null || stderr === null) throw new Error('a child without pipes');
  stdin.on('error', () => {});
  const lost: string[] = [];
  const answers = new Map<number, (rows: unknown[]) => void>();
  let asked = 0;
  let log = '';
  let announce: (url: string | null) => void = () => {};
  const started = new Promise<string | null>((resolve) => {
    announce = resolve;
  });
  stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-20_000);
  });
  createInterface({ input: stdout }).on('line', (text) => {
    if (!text.endsWith('}')) return;
    const line = JSON.parse(text) as Line;
    if (line.url !== undefined) announce(line.url);
    if (line.lost !== undefined) lost.push(line.lost);
    if (line.answer !== undefined) answers.get(line.answer)?.(line.rows ?? []);
  });
  const write = (command: object): unknown => stdin.write(`${JSON.stringify(command)}\n`);
  const isAlive = (): boolean => process_.exitCode === null && process_.signalCode === null;
  const ended = once(process_, 'close').then(() => {
    running.delete(child);
    announce(null);
  });
  const child: Child = {
    started,
    ended,
    isAlive,
    lost,
    signal: () => process_.signalCode,
    add: write,
    stderr: () => log,
    async select(sql) {
      asked += 1;
      const ask = asked;
      const rows = new Promise<unknown[]>((resolve) => answers.set(ask, resolve));
      write({ ask, sql });
      const died = ended.then(() => Promise.reject(new Error(`the child died over a question: ${log}`)));
      return Promise.race([rows, died]);
    },
    async kill() {
      process_.kill('SIGKILL');
      await ended;
    },
  };
  running.add(child);
  return child;
}

/** The address of a child that has to start; fails with its log otherwise. */
export async function addressOf(child: Child): Promise<string> {
  const url = await child.started;
  if (url === null) throw new Error(`the child did not start (${child.signal() ?? 'exit'}): ${child.stderr()}`);
  return url;
}
