import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickHouse, defineQuery } from '@michinori/clickhouse';
import type { EventLog } from '@michinori/event-log';
import { openEmbeddedLog } from '@michinori/event-log/embedded';
import { encodeEnvelope, partitionKey, type TouchpointEvent, topicSettings, topics } from '@michinori/events';
import { createMetrics, createSilentLogger, type Metrics } from '@michinori/runtime';
import { temporaryClickHouse } from '@michinori/testing';
import { afterAll, expect, vi } from 'vitest';
import { z } from 'zod';
import { consumedTopics } from '../src/consumed-topics.ts';
import {
  createProcessor,
  type FaultPoint,
  type Processor,
  type ProcessorConfig,
  type ProcessorOptions,
  processorSettings,
} from '../src/index.ts';

export const receivedAtUs = Date.UTC(2026, 0, 1) * 1000;

let nextId = 0;

/** An event with an id that no other has; `fields` replace what matters to the test. */
export function touchpoint(fields: Partial<TouchpointEvent> = {}): TouchpointEvent {
  nextId += 1;
  return {
    id: `event-${process.pid}-${nextId}`,
    customer: `customer-${nextId % 7}`,
    anonymous: null,
    account: null,
    touchpoint: 'app.opened',
    channel: null,
    team: null,
    direction: null,
    topic: null,
    occurredAtUs: receivedAtUs - 3_600_000_000 + nextId,
    receivedAtUs: receivedAtUs + nextId,
    sequence: null,
    sentiment: null,
    nps: null,
    amount: null,
    properties: new Map(),
    traits: new Map(),
    ...fields,
  };
}

export const recordOf = (event: TouchpointEvent) => ({
  key: partitionKey(event),
  value: encodeEnvelope(event, { dialect: 'native' }),
});

export async function append(log: EventLog, events: readonly TouchpointEvent[]): Promise<void> {
  await log.append(topics.events, events.map(recordOf));
}

/** One ClickHouse for a whole test file: one process can hold one data folder. */
export function clickhouseOfFile(): () => Promise<ClickHouse> {
  const closers: (() => Promise<void>)[] = [];
  let opened: Promise<ClickHouse> | undefined;
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });
  return () => {
    opened ??= temporaryClickHouse({ onTestFinished: (close) => closers.push(close) });
    return opened;
  };
}

export interface Context {
  onTestFinished(close: () => Promise<void>): void;
}

/** A log of its own: its generation keeps its rows apart from those of other tests in the same ClickHouse. */
export async function temporaryLog(context: Context, { partitions = 1 } = {}): Promise<EventLog> {
  const path = await mkdtemp(join(tmpdir(), 'michinori-processor-'));
  const log = await openEmbeddedLog({ path, partitions, topics: topicSettings });
  context.onTestFinished(async () => {
    await log.close();
    await rm(path, { recursive: true, force: true });
  });
  return log;
}

export function configOf(overrides: Partial<ProcessorConfig> = {}): ProcessorConfig {
  return processorSettings.parse({
    lingerMs: 0,
    projectLingerMs: 0,
    retryDelayMsMin: 1,
    retryDelayMsMax: 5,
    auditShareMax: 0,
    ...overrides,
  });
}

export function testMetrics(): Metrics {
  return createMetrics({ service: 'processor', version: 'test', withProcessMetrics: false });
}

export type TestProcessorOptions = Pick<ProcessorOptions, 'log' | 'clickhouse'> &
  Partial<Omit<ProcessorOptions, 'config'>> & { config?: Partial<ProcessorConfig> };

export function buildProcessor({ config, ...options }: TestProcessorOptions): Processor {
  return createProcessor({
    metrics: testMetrics(),
    logger: createSilentLogger(),
    ...options,
    config: configOf(config),
  });
}

/** For how long something may take on a busy machine; nothing depends on it. */
const patience = { timeout: 110_000, interval: 20 };

async function lagOf(log: EventLog, group = 'michinori-sink'): Promise<number> {
  const lags = await Promise.all(consumedTopics.map((topic) => log.lag(group, topic)));
  return lags.flat().reduce((sum, { lag }) => sum + lag, 0);
}

/** Waits until the group has committed everything that the log holds. */
export async function settled(log: EventLog, group?: string): Promise<void> {
  await vi.waitFor(async () => expect(await lagOf(log, group)).toBe(0), patience);
}

/** Runs a processor until everything in the log is committed. */
export async function drain(options: TestProcessorOptions): Promise<void> {
  const processor = buildProcessor(options);
  await processor.start();
  try {
    await settled(options.log, options.config?.group);
  } finally {
    await processor.stop();
  }
}

const visibleRows = defineQuery({
  name: 'test_visible',
  sql: `
    SELECT event_id AS id, touchpoint, toString(content_hash) AS contentHash, count() AS copies
    FROM events
    WHERE log = {log:String} AND content_hash NOT IN (SELECT content_hash FROM superseded_events)
    GROUP BY id, touchpoint, contentHash, customer_key, occurred_at
    ORDER BY id, touchpoint`,
  params: z.object({ log: z.string() }),
  row: z.object({ id: z.string(), touchpoint: z.string(), contentHash: z.string(), copies: z.coerce.number() }),
});

/** What readers see of a log: one row per event that counts, with the number of un-merged copies. */
export async function visible(clickhouse: ClickHouse, log: EventLog) {
  return clickhouse.queryOnWriter(visibleRows, { log: await logNameOf(log) });
}

export async function logNameOf(log: EventLog, topic: string = topics.events): Promise<string> {
  return `${topic}@${await log.generation(topic)}`;
}

const letterRows = defineQuery({
  name: 'test_letters',
  sql: `SELECT DISTINCT toFloat64(log_offset) AS offset, code, message, event_id AS eventId, raw, source FROM dead_letters WHERE log = {log:String} ORDER BY offset`,
  params: z.object({ log: z.string() }),
  row: z.object({
    offset: z.number(),
    code: z.string(),
    message: z.string(),
    eventId: z.string(),
    raw: z.string(),
    source: z.string(),
  }),
});

export async function letters(clickhouse: ClickHouse, log: EventLog, topic?: string) {
  return clickhouse.queryOnWriter(letterRows, { log: await logNameOf(log, topic) });
}

/** The healthy answer of an audit that mends nothing. */
export async function expectConserved(log: EventLog, clickhouse: ClickHouse): Promise<void> {
  const report = await buildProcessor({ log, clickhouse }).auditOnce({ repair: false });
  expect(report).toMatchObject({ missingEvents: 0, extraRows: 0, missingPlaces: [], sharedCustomerKeys: [] });
}

/** Dies at the given passage of a point: from then on nothing is done any more, only refused. */
export function crashAt(point: FaultPoint, passage = 1) {
  let left = passage;
  let isDead = false;
  return {
    isDead: () => isDead,
    faults: {
      at(passed: FaultPoint) {
        if (passed === point) left -= 1;
        if (left > 0 && !isDead) return;
        isDead = true;
        throw new Error(`crashed at ${point}`);
      },
    },
  };
}

/** Runs a worker until it dies at a point, or until it has done everything without ever passing there. */
export async function runUntilCrash(options: TestProcessorOptions, point: FaultPoint, passage = 1): Promise<void> {
  const { isDead, faults } = crashAt(point, passage);
  const processor = buildProcessor({ ...options, faults });
  await processor.start();
  await vi.waitFor(async () => {
    if (!isDead() && (await lagOf(options.log, options.config?.group)) > 0) throw new Error('neither dead nor done');
  }, patience);
  await processor.stop();
}
