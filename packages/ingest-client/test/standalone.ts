import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createSilentLogger } from '@michinori/runtime';
import { createStandalone, loadStandaloneConfig, waitUntilVisible } from '@michinori/standalone';

/** A real server on an empty data folder and a free port. */
export async function startStandalone() {
  const data = mkdtempSync(join(tmpdir(), 'michinori-ingest-client-'));
  const { config } = loadStandaloneConfig({ flags: { data, port: 0 }, env: {}, file: null });
  const standalone = createStandalone({ config, logger: createSilentLogger(), nowUs: () => Date.now() * 1_000 });
  await standalone.lifecycle.start();
  const url = standalone.url();

  /** Rows of a question, when everything that was accepted is in the tables. */
  async function ask<Row>(path: string, key?: string): Promise<Row[]> {
    const { log } = standalone.stores();
    await waitUntilVisible({ log, group: config.processor.group, wait: (ms) => wait(ms) });
    const answer = await fetch(`${url}${path}`, { headers: key === undefined ? {} : { 'x-api-key': key } });
    const { rows } = (await answer.json()) as { rows: Row[] };
    return rows;
  }

  return {
    url,
    ask,
    createKey: (...scopes: ('ingest' | 'query')[]) => standalone.keys.create({ name: 'test', scopes }).key,
    async stop() {
      await standalone.lifecycle.stop('end of the test');
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Stands before a server and loses the answer of every second request after the server has given it. */
export async function startLossyProxy(target: string) {
  const statuses: number[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers;
    const headers = { 'content-type': type, 'content-encoding': encoding };
    const answer = await fetch(`${target}${request.url}`, { method: 'POST', body: Buffer.concat(chunks), headers });
    const text = await answer.text();
    if (statuses.push(answer.status) % 2 === 1) response.destroy();
    else response.writeHead(answer.status).end(text);
  });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    statuses,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
