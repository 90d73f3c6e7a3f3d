import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClickHouse } from '@michinori/clickhouse';
import type { EventLog } from '@michinori/event-log';
import {
  createAccess,
  createHealth,
  createKeyStore,
  createMetrics,
  createSilentLogger,
  type KeyStore,
} from '@michinori/runtime';
import { type EventCopy, insertDeliveries, temporaryClickHouse } from '@michinori/testing';
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, onTestFinished } from 'vitest';
import { createQueryApi, type QueryApi, type QueryApiConfig, queryApiSettings } from '../src/index.ts';

/** The moment at which every question of these tests is asked: 2026-03-01. */
export const nowUs = Date.UTC(2026, 2, 1) * 1000;
const hourUs = 3_600_000_000;

/** A migrated store for one test file. */
export async function openStore(): Promise<ClickHouse> {
  const closings: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of closings) await close();
  });
  return temporaryClickHouse({ onTestFinished: (close) => closings.push(close) });
}

interface Touch {
  customer: string;
  touchpoint: string;
  /** Hours after 2026-01-05T00:00Z, a Monday. */
  hour: number;
  traits?: Record<string, string>;
}

/** An event of the tests, received one second after it occurred. */
export function copyOf({ customer, touchpoint, hour, traits = {} }: Touch, index: number): EventCopy {
  const occurredAtUs = Date.UTC(2026, 0, 5) * 1000 + Math.round(hour * hourUs);
  return {
    event: {
      id: `e${index}`,
      customer,
      anonymous: null,
      account: null,
      touchpoint,
      channel: 'web',
      team: null,
      direction: null,
      topic: null,
      occurredAtUs,
      receivedAtUs: occurredAtUs + 1_000_000,
      sequence: null,
      sentiment: null,
      nps: null,
      amount: null,
      properties: new Map(),
      traits: new Map(Object.entries(traits)),
    },
    log: 'events@test',
    logPartition: 0,
    logOffset: index,
  };
}

export async function fill(clickhouse: ClickHouse, touches: readonly Touch[]): Promise<void> {
  await insertDeliveries(clickhouse, [touches.map(copyOf)]);
}

/** 60 customers sign up, two an hour; every second one buys a day later, the plan changes every ten. */
export const sixtyCustomers: Touch[] = Array.from({ length: 60 }, (_, i) => i).flatMap((i) => {
  const customer = `c${String(i).padStart(2, '0')}`;
  const traits = { plan: i < 30 ? 'pro' : i < 50 ? '=1+1' : '' };
  const signUp = { customer, touchpoint: 'sign up', hour: Math.floor(i / 2), ...(i < 50 ? { traits } : {}) };
  return i % 2 === 0 ? [signUp, { customer, touchpoint: 'purchase', hour: Math.floor(i / 2) + 24 }] : [signUp];
});

/** The funnel over them: 30 of 60. */
export const twoSteps = {
  steps: [{ touchpoint: 'sign up' }, { touchpoint: 'purchase' }],
  window: { value: 7, unit: 'day' },
  from: '2026-01-01T00:00:00Z',
  to: '2026-02-01T00:00:00Z',
};

export interface TestApi extends QueryApi {
  keys: KeyStore;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
}

/** A query API over a store; closed at the end of the test. */
export function apiOver(
  clickhouse: ClickHouse,
  config: Partial<QueryApiConfig> = {},
  host = '127.0.0.1',
  log?: EventLog,
  board?: string,
): TestApi {
  const folder = mkdtempSync(join(tmpdir(), 'michinori-keys-'));
  const keys = createKeyStore({ file: join(folder, 'keys.json'), checkIntervalMs: 0 });
  const api = createQueryApi({
    clickhouse,
    ...(log === undefined ? {} : { log }),
    ...(board === undefined ? {} : { board }),
    authorize: createAccess({ keys, host }),
    health: createHealth(),
    metrics: createMetrics({ service: 'test', version: '0', withProcessMetrics: false }),
    logger: createSilentLogger(),
    config: queryApiSettings.parse(config),
    nowUs: () => nowUs,
  });
  onTestFinished(async () => {
    await api.app.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    ...api,
    keys,
    post: (path, body, headers = {}) =>
      api.app.inject({
        method: 'POST',
        url: path,
        headers: { 'content-type': 'application/json', ...headers },
        payload: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}
