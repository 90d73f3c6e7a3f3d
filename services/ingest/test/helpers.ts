import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventLog, EventLogError, type LogRecord, type Position } from '@michinori/event-log';
import { decodeEnvelope, topics } from '@michinori/events';
import { createKeyStore, createMetrics, createSilentLogger, type KeyScope } from '@michinori/runtime';
import { onTestFinished } from 'vitest';
import { createIngest, type IngestConfig, type IngestFaults, ingestSettings } from '../src/index.ts';

/** A log in memory that can be told to fail or to wait. */
export function createMemoryLog() {
  const stored = new Map<string, LogRecord[]>();
  const calls: string[] = [];
  let gate: Promise<void> | null = null;
  let openGate = () => {};
  const failures = new Map<string, Error>();
  const unused = () => Promise.reject(new EventLogError('log_closed', 'not part of this log'));
  const log: EventLog = {
    async append(topic, records) {
      calls.push(topic);
      if (gate !== null) await gate;
      const failure = failures.get(topic);
      if (failure !== undefined) throw failure;
      const all = stored.get(topic) ?? [];
      stored.set(topic, all);
      return records.map((record): Position => ({ partition: 0, offset: all.push(record) - 1 }));
    },
    positions: async (topic) => {
      const failure = failures.get(topic);
      if (failure !== undefined) throw failure;
      return [{ partition: 0, earliest: 0, next: stored.get(topic)?.length ?? 0 }];
    },
    read: unused,
    generation: unused,
    consume: unused,
    committed: unused,
    lag: unused,
    close: async () => {},
  };
  const decoded = (topic: string) => (stored.get(topic) ?? []).map(({ value }) => decodeEnvelope(value));
  return {
    log,
    calls,
    records: (topic: string) => stored.get(topic) ?? [],
    events: () => decoded(topics.events).flatMap((envelope) => (envelope.kind === 'event' ? [envelope.event] : [])),
    deadLetters: () =>
      decoded(topics.deadLetters).flatMap((envelope) => (envelope.kind === 'rejected' ? [envelope] : [])),
    fail: (topic: string, error: Error) => void failures.set(topic, error),
    mend: () => failures.clear(),
    hold() {
      gate = new Promise((resolve) => {
        openGate = resolve;
      });
    },
    release() {
      gate = null;
      openGate();
    },
  };
}

export const startUs = Date.UTC(2026, 10, 21, 9) * 1000;

export interface SetupOptions {
  config?: Partial<IngestConfig>;
  scopes?: readonly KeyScope[];
  log?: EventLog;
  faults?: IngestFaults;
}

/** An ingest on a memory log, with a key for `ingest` (none for empty `scopes`); removed when the test ends. */
export function setup({ config = {}, scopes = ['ingest'], log, faults }: SetupOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'michinori-ingest-'));
  const keys = createKeyStore({ file: join(folder, 'keys.json'), checkIntervalMs: 0 });
  const key = scopes.length === 0 ? '' : keys.create({ name: 'test', scopes }).key;
  const memory = createMemoryLog();
  const metrics = createMetrics({ service: 'ingest', version: '0.0.0', withProcessMetrics: false });
  const clock = { us: startUs, nowUs: () => clock.us };
  let ids = 0;
  const ingest = createIngest({
    log: log ?? memory.log,
    keys,
    metrics,
    logger: createSilentLogger(),
    config: ingestSettings.parse(config),
    clock,
    newId: () => `new-${++ids}`,
    ...(faults === undefined ? {} : { faults }),
  });
  onTestFinished(async () => {
    memory.release();
    await ingest.app.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const bearer = { authorization: `Bearer ${key}` };

  return {
    ...ingest,
    memory,
    keys,
    key,
    clock,
    bearer,
    async post(body: unknown, headers: Record<string, string> = {}) {
      const payload = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
      return ingest.app.inject({
        method: 'POST',
        url: '/v1/events',
        payload,
        headers: { ...bearer, 'content-type': 'application/json', ...headers },
      });
    },
    metric: async (line: string) =>
      Number(
        new RegExp(`^${line.replace(/[{}]/g, '\\$&')} (.*)$`, 'm').exec((await metrics.exposition()).text)?.[1] ?? 0,
      ),
    async listen() {
      await ingest.app.listen({ port: 0, host: '127.0.0.1' });
      const { port } = ingest.app.server.address() as AddressInfo;
      return { port, url: `http://127.0.0.1:${port}/v1/events` };
    },
  };
}

export function touch(customer: string, more: Record<string, unknown> = {}) {
  return { id: `evt-${customer}`, customer, touchpoint: 'app.login', ...more };
}

/** A bare connection: what is written and what came back, as text. */
export async function rawConnection(port: number) {
  const socket: Socket = connect({ port, host: '127.0.0.1' });
  let received = '';
  let wake = () => {};
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1');
    wake();
  });
  socket.on('error', () => {});
  socket.once('close', () => wake());
  onTestFinished(() => void socket.destroy());
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return {
    socket,
    closed,
    received: () => received,
    async until(condition: (text: string) => boolean): Promise<string> {
      while (!condition(received)) {
        if (socket.closed) throw new Error(`closed before the condition held; received: ${received}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return received;
    },
  };
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
