import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { IngestFaultPoint } from '@michinori/ingest';
import type { FaultPoint } from '@michinori/processor';

const script = fileURLToPath(new URL('./service-child.mjs', import.meta.url));
const keptLogBytes = 200_000;

export type ServiceName = 'ingest' | 'processor' | 'query-api';

/** Death by its own hand at the n-th passage of a labelled step. */
export interface Plan {
  kill: FaultPoint | IngestFaultPoint;
  passage: number;
}

export interface ServiceOptions {
  service: ServiceName;
  /** `MICHINORI_…`: the whole configuration. */
  env: Readonly<Record<string, string>>;
  plans?: readonly Plan[];
  verification?: 'on' | 'off';
}

/** How a process ended. `itself`: neither told to stop nor killed by anybody. */
export type End = 'killed' | 'stopped' | 'itself';

export interface ServiceProcess {
  readonly service: ServiceName;
  /** Its address once it listens, or null if it ended before. */
  readonly listening: Promise<string | null>;
  /** True when all its parts run; false if it ended before. */
  readonly ready: Promise<boolean>;
  readonly ended: Promise<End>;
  isAlive(): boolean;
  add(plan: Plan): void;
  /** Lines of its log with this message, so far. */
  count(message: string): number;
  /** The last lines of its log, and what it wrote to standard error. */
  log(): string;
  /** SIGTERM; resolves with the end. */
  terminate(): Promise<End>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<End>;
}

const running = new Set<ServiceProcess>();

/** Kills every service that is left; for afterEach and afterAll. */
export async function killServices(): Promise<void> {
  await Promise.all([...running].map((service) => service.kill()));
}

function parsed(text: string): { msg?: string; url?: string } {
  try {
    return JSON.parse(text) as { msg?: string; url?: string };
  } catch {
    return {};
  }
}

/** Starts a service as a process of its own. */
export function startService(options: ServiceOptions): ServiceProcess {
  const { service, env, plans = [], verification = 'on' } = options;
  const child = spawn(process.execPath, [script, JSON.stringify({ service, plans, verification })], {
    stdio: 'pipe',
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  const counts = new Map<string, number>();
  let log = '';
  let wasTold = false;
  let announce: (url: string | null) => void = () => {};
  let pronounce: (isReady: boolean) => void = () => {};
  const listening = new Promise<string | null>((resolve) => {
    announce = resolve;
  });
  const ready = new Promise<boolean>((resolve) => {
    pronounce = resolve;
  });
  const keep = (text: string): void => {
    log = `${log}${text}\n`.slice(-keptLogBytes);
  };
  child.stdin.on('error', () => {});
  createInterface({ input: child.stderr }).on('line', keep);
  createInterface({ input: child.stdout }).on('line', (text) => {
    keep(text);
    const { msg = '', url } = parsed(text);
    counts.set(msg, (counts.get(msg) ?? 0) + 1);
    if (msg === 'listening' && url !== undefined) announce(url);
    if (msg === 'ready') pronounce(true);
  });
  const ended = once(child, 'close').then((): End => {
    running.delete(process_);
    announce(null);
    pronounce(false);
    if (child.signalCode === 'SIGKILL') return 'killed';
    // Told to stop before it could listen to signals.
    const isUnborn = child.signalCode === 'SIGTERM' && log === '';
    return wasTold && (child.exitCode === 0 || isUnborn) ? 'stopped' : 'itself';
  });
  const process_: ServiceProcess = {
    ...{ service, listening, ready, ended },
    isAlive: () => child.exitCode === null && child.signalCode === null,
    add: (plan) => void child.stdin.write(`${JSON.stringify(plan)}\n`),
    count: (message) => counts.get(message) ?? 0,
    log: () => log,
    terminate() {
      wasTold = true;
      child.kill('SIGTERM');
      return ended;
    },
    kill() {
      child.kill('SIGKILL');
      return ended;
    },
  };
  running.add(process_);
  return process_;
}

/** Waits until a service runs; fails with its log if it ends before. */
export async function untilReady(service: ServiceProcess): Promise<ServiceProcess> {
  if (!(await service.ready))
    throw new Error(`${service.service} did not start (${await service.ended}): ${service.log()}`);
  return service;
}
