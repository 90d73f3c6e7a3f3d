import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../bin/native-clickhouse.mjs', import.meta.url));
const startMsMax = 180_000;

/** A running server process. */
export interface NativeProcess {
  /** Closes its standard input, upon which it ends. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/ping`, { signal: AbortSignal.timeout(2_000) });
    return (await answer.text()) === 'Ok.\n';
  } catch {
    return false;
  }
}

/** Starts the server and waits until it answers at `url`. Rejects with the end of its output when it doesn't. */
export async function startNativeProcess(
  configFile: string,
  dataFolder: string,
  logFile: string,
  url: string,
  environment: Readonly<Record<string, string>>,
): Promise<NativeProcess> {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [main, configFile, dataFolder], {
    stdio: ['pipe', log, log],
    env: { ...process.env, ...environment },
  });
  closeSync(log);
  child.stdin?.on('error', () => undefined);
  const exited = once(child, 'exit');
  const running = () => child.exitCode === null && child.signalCode === null;
  const end = async (act: () => unknown): Promise<void> => {
    if (running()) act();
    await exited;
  };
  const deadline = Date.now() + startMsMax;
  while (!(await answers(url))) {
    if (!running() || Date.now() > deadline) {
      await end(() => child.kill('SIGKILL'));
      throw new Error(`ClickHouse did not start: ${(await readFile(logFile, 'utf8')).slice(-2_000)}`);
    }
    await delay(50);
  }
  return { stop: () => end(() => child.stdin?.end()), kill: () => end(() => child.kill('SIGKILL')) };
}
