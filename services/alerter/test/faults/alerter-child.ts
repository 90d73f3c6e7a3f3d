import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { AlertingFaultPoint } from '../../src/rules/faults.ts';

const script = fileURLToPath(new URL('./alerter-child.mjs', import.meta.url));

export interface AlerterChildOptions {
  /** Folder of the embedded store. */
  readonly data: string;
  /** Files. */
  readonly rules: string;
  readonly channels: string;
  readonly env: Readonly<Record<string, string>>;
  readonly plan?: { readonly kill: AlertingFaultPoint; readonly passage: number };
}

/** An alerter in a process of its own, killed at the end of the test. */
export interface AlerterChild {
  /** Sets its clock and lets it tick twice; false: it died meanwhile. */
  tick(nowUs: number): Promise<boolean>;
  select(sql: string): Promise<unknown[]>;
  /** SIGKILL, and its end. */
  kill(): Promise<void>;
  /** What it wrote to its log from `warn` on. */
  stderr(): string;
}

interface Line {
  readonly answer?: number;
  readonly rows?: unknown[];
}

/** Starts an alerter of compiled code; it is ready when this resolves. */
export async function startAlerter({ plan, ...options }: AlerterChildOptions): Promise<AlerterChild> {
  const argument = JSON.stringify({ ...options, plan: plan ?? null });
  const child = spawn(process.execPath, [script, argument], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const waiting = new Map<number, (line: Line | null) => void>();
  let stderr = '';
  let asked = 0;
  let ready = () => {};
  const isReady = new Promise<void>((resolve) => {
    ready = resolve;
  });
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString();
  });
  child.stdin.on('error', () => {});
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as Line;
    if (line.answer === undefined) return ready();
    waiting.get(line.answer)?.(line);
    waiting.delete(line.answer);
  });
  void ended.then(() => {
    ready();
    for (const resolve of waiting.values()) resolve(null);
  });
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  await isReady;

  function ask(command: object): Promise<Line | null> {
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(null);
    asked += 1;
    const number = asked;
    return new Promise((resolve) => {
      waiting.set(number, resolve);
      child.stdin.write(`${JSON.stringify({ ask: number, ...command })}\n`);
    });
  }

  return {
    tick: async (nowUs) => (await ask({ nowUs })) !== null,
    async select(sql) {
      const line = await ask({ sql });
      if (line === null) throw new Error(`the alerter is gone:\n${stderr}`);
      return line.rows ?? [];
    },
    kill,
    stderr: () => stderr,
  };
}
