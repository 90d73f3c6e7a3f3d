import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { watchChild } from '../watch-child.ts';

export const serviceNames = ['ingest', 'processor', 'query-api', 'alerter'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** The JSON of an answer. */
export async function jsonOf<T = { code: string }>(answer: Response): Promise<T> {
  return (await answer.json()) as T;
}

export interface Readiness {
  status: number;
  /** Checks that aren't ok, with their reasons. */
  reasons: Record<string, string>;
}

/** A service as a process of its own, from its build. */
export interface ServiceProcess {
  child: ChildProcess;
  /** Everything that it wrote. */
  output(): string;
  /** Where it listens; rejects when it ends before. */
  url(): Promise<string>;
  get(path: string): Promise<Response>;
  readiness(): Promise<Readiness>;
  /** Resolves when it says that it is ready; rejects when it ends before. */
  ready(): Promise<void>;
  /** Exit code; −1 for a signal. */
  ended: Promise<number>;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'michinori-services-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts the program of a service on a free port and in a data folder of its own; killed at the end of the test. */
export function startService(
  name: ServiceName,
  env: Record<string, string> = {},
  argv: readonly string[] = [],
): ServiceProcess {
  const main = join(import.meta.dirname, '../../..', name, 'dist/main.js');
  return watch(
    spawn(process.execPath, [main, '--data', temporaryFolder(), '--port', '0', ...argv], { env: environment(env) }),
  );
}

/** The same through the command line. */
export function startCommand(name: ServiceName, env: Record<string, string>, argv: readonly string[]): ServiceProcess {
  const binary = join(import.meta.dirname, '../../bin/michinori.mjs');
  return watch(spawn(process.execPath, [binary, name, ...argv], { env: environment(env) }));
}

const environment = (env: Record<string, string>) => ({ PATH: process.env.PATH, NO_PROXY: '*', ...env });

function watch(spawned: ChildProcess): ServiceProcess {
  const { child, out, err, found, ended } = watchChild(spawned);
  const url = async () => (await found(/"url":"(http[^"]+)"/))[1] ?? '';
  const get = async (path: string) => fetch(new URL(path, await url()));
  return {
    child,
    ended,
    url,
    get,
    output: () => `${out()}${err()}`,
    async ready() {
      await found(/"msg":"ready"/);
    },
    async readiness() {
      const answer = await get('/readyz');
      const { checks } = (await answer.json()) as { checks: { name: string; ok: boolean; reason: string | null }[] };
      const broken = checks.filter(({ ok }) => !ok);
      return {
        status: answer.status,
        reasons: Object.fromEntries(broken.map(({ name, reason }) => [name, reason ?? ''])),
      };
    },
  };
}
