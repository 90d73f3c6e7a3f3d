import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient, journeys } from '@michinori/client';
import { createSilentLogger } from '@michinori/runtime';
import {
  createStandalone,
  loadStandaloneConfig,
  type Standalone,
  type StandaloneOptions,
  simulate,
  waitUntilVisible,
} from '@michinori/standalone';
import { expect, vi } from 'vitest';

const root = join(import.meta.dirname, '../../../..');
/** The end of the demo data, which is the clock of the server and of the browser. */
export const endMs = Date.UTC(2026, 10, 20, 15);

export interface Server {
  url: string;
  standalone: Standalone;
  stop(): Promise<void>;
}

/** A real server on an empty data folder and a free port, at the end of the demo data for ever unless `options` say otherwise. */
export async function startServer(
  options: Partial<Pick<StandaloneOptions, 'nowUs' | 'alertingFiles'>> = {},
  flags: Record<string, string | number | boolean> = {},
): Promise<Server> {
  const data = mkdtempSync(join(tmpdir(), 'michinori-board-'));
  const { config } = loadStandaloneConfig({ flags: { data, port: 0, ...flags }, env: {}, file: null });
  const standalone = createStandalone({
    ...{ config, logger: createSilentLogger(), nowUs: () => endMs * 1000 },
    ...options,
  });
  await standalone.lifecycle.start();
  return {
    url: standalone.url(),
    standalone,
    async stop() {
      await standalone.lifecycle.stop('end of the test');
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Fills a server with a small demo, one event that is refused, and a journey. */
export async function fillDemo({ url, standalone }: Server, customers = 300): Promise<void> {
  const { events } = simulate({ seed: 7, endUs: endMs * 1000, customers });
  const lines = Array.from(events, ({ event }) => JSON.stringify(event));
  for (let i = 0; i < lines.length; i += 4_000) {
    const body = lines.slice(i, i + 4_000).join('\n');
    const headers = { 'content-type': 'application/x-ndjson' };
    await fetch(`${url}/v1/events`, { method: 'POST', body, headers });
  }
  const refused = JSON.stringify({ touchpoint: 'nps.answered', customer: 'c', nps: 11 });
  await fetch(`${url}/v1/events`, { method: 'POST', body: refused, headers: { 'content-type': 'application/json' } });
  const { config } = loadStandaloneConfig({ flags: {}, env: {}, file: null });
  const { log } = standalone.stores();
  await waitUntilVisible({ log, group: config.processor.group, wait: (ms) => wait(ms) });
  const client = createClient({ url });
  await client.ask(journeys.apply(readFileSync(join(root, 'infra/journeys/customer-success.yaml'), 'utf8')));
  const states = async () => (await client.ask(journeys.list())).rows.map(({ state }) => state);
  await vi.waitFor(async () => expect(await states()).toEqual(['active']), { timeout: 100_000, interval: 100 });
}
