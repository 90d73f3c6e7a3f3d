import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createSilentLogger } from '@michinori/runtime';
import {
  createStandalone,
  type Io,
  loadStandaloneConfig,
  runCommandLine,
  type Standalone,
  waitUntilVisible,
} from '@michinori/standalone';

/** A folder that is removed after the tests of the file. */
export function temporaryFolder(context: { onCleanup(remove: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'michinori-e2e-'));
  context.onCleanup(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs a command as the process would, with what it wrote. */
export async function runCommand(
  args: readonly string[],
  nowUs = () => Date.now() * 1_000,
): Promise<{ exitCode: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const io: Io = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    columns: 100,
    isInteractive: false,
    env: {},
    onStop: () => {},
    nowUs,
    wait: (ms) => wait(ms),
  };
  const exitCode = await runCommandLine(io, args);
  return { exitCode, out, err };
}

/** Starts everything on a data folder, on a free port. */
export async function startStandalone(data: string, nowUs = () => Date.now() * 1_000): Promise<Standalone> {
  const { config } = loadStandaloneConfig({ flags: { data, port: 0 }, env: {}, file: null });
  const standalone = createStandalone({ config, logger: createSilentLogger(), nowUs });
  await standalone.lifecycle.start();
  return standalone;
}

/** Resolves when everything that was accepted is in the tables. */
export function allVisible(standalone: Standalone): Promise<void> {
  const { config } = loadStandaloneConfig({ flags: {}, env: {}, file: null });
  return waitUntilVisible({ log: standalone.stores().log, group: config.processor.group, wait: (ms) => wait(ms) });
}

export interface Answer<Row, Meta = Record<string, unknown>> {
  rows: Row[];
  meta: Meta;
}

/** Asks a question over HTTP; anything but 200 is an error. */
export async function ask<Row, Meta = Record<string, unknown>>(
  url: string,
  path: string,
  body?: unknown,
): Promise<Answer<Row, Meta>> {
  const response = await fetch(`${url}${path}`, {
    ...(body === undefined
      ? {}
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Answer<Row, Meta>;
}
