import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type KeptProcess, startKept } from './kept-process.ts';

const pollMs = 20;
const readyMsMax = 180_000;

/** The processes of a deployment. */
export const serviceNames = ['ingest', 'processor', 'query-api', 'alerter'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** How a service is started. */
export interface ServiceOptions {
  readonly name: ServiceName;
  /** Where it listens; the environment has to say so too. */
  readonly port: number;
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder of its log. */
  readonly folder: string;
  /** What to remove should this process die. */
  readonly temporaryFolder: string;
}

/** One compiled service in a process of its own. */
export interface TopologyService {
  readonly name: ServiceName;
  /** The same after every restart. */
  readonly url: string;
  isAlive(): boolean;
  /** Starts it if it isn't running; it isn't ready yet. */
  start(): void;
  /** Resolves when `/readyz` answers 200; rejects, with its log, if it ends before. */
  ready(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Frozen: its sockets stay open, nothing moves. */
  suspend(): void;
  resume(): void;
  /** `stop`, unless it has ended, then `start` and `ready`. */
  restart(): Promise<void>;
  /** Everything it has written, of all its lives. */
  log(): Promise<string>;
  /** What `/metrics` says: name with labels → value. */
  metrics(): Promise<Map<string, number>>;
}

function parseMetrics(text: string): Map<string, number> {
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

/** Makes a service that runs `dist/main.js`; nothing is started. */
export function createService({ name, port, env, folder, temporaryFolder }: ServiceOptions): TopologyService {
  const main = fileURLToPath(new URL(`../../../services/${name}/dist/main.js`, import.meta.url));
  const logFile = join(folder, `${name}-${port}.log`);
  const url = `http://127.0.0.1:${port}`;
  let running: KeptProcess | null = null;
  const log = () => readFile(logFile, 'utf8').catch(() => '');
  const isAlive = () => running !== null && !running.hasExited();

  async function end(signal: NodeJS.Signals): Promise<number> {
    const ending = running;
    running = null;
    if (ending === null) return 0;
    if (signal !== 'SIGKILL') ending.signal('SIGCONT');
    ending.signal(signal);
    return ending.exited;
  }

  function start(): void {
    if (isAlive()) return;
    if (!existsSync(main)) throw new Error(`services/${name} is not compiled: run tsc -b`);
    running = startKept({ command: process.execPath, args: [main], logFile, env, temporaryFolder });
  }

  async function ready(): Promise<void> {
    const until = Date.now() + readyMsMax;
    for (;;) {
      if (!isAlive()) throw new Error(`${name} has ended:\n${(await log()).slice(-4000)}`);
      const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5000) }).catch(() => null);
      const text = (await answer?.text().catch(() => '')) ?? '';
      if (answer?.status === 200) return;
      if (Date.now() > until) throw new Error(`${name} is not ready: ${text}\n${(await log()).slice(-4000)}`);
      await delay(pollMs);
    }
  }

  return {
    ...{ name, url, isAlive, start, ready, log },
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
    suspend: () => running?.signal('SIGSTOP'),
    resume: () => running?.signal('SIGCONT'),
    async restart() {
      if (isAlive()) await end('SIGTERM');
      start();
      await ready();
    },
    metrics: async () => parseMetrics(await (await fetch(`${url}/metrics`)).text()),
  };
}
