import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { type ClickHouse, connectServer, defineQuery, defineStatement, migrate } from '@michinori/clickhouse';
import type { EventLog } from '@michinori/event-log';
import { type KafkaLogOptions, openKafkaLog } from '@michinori/event-log/kafka';
import { definitionsTopic, topicSettings, topics } from '@michinori/events';
import { createLogger, createSilentLogger, type Logger, type Metrics } from '@michinori/runtime';
import { type ClickHouseServer, startClickHouse } from '@michinori/testing';
import {
  connectAdmin,
  type KafkaOptions,
  type KafkaServer,
  type Skipping,
  sharedKafka,
} from '@michinori/testing/kafka';
import { afterAll, expect, vi } from 'vitest';
import { z } from 'zod';
import type { Processor } from '../../src/index.ts';
import { buildProcessor, type Context, type TestProcessorOptions, testMetrics } from '../world.ts';

export const group = 'michinori-sink';

/** How soon a member that says nothing is taken for dead: short where a test waits for it, long where a busy machine must not look dead. */
const sessionTimeouts = { short: 3_000, long: 20_000 };

export const longPatience = { timeout: 120_000, interval: 50 };

let membersStarted = 0;

/** What a member has to say: into the file that `MICHINORI_TEST_LOG` names, else nowhere. */
function memberLogger(): Logger {
  const file = process.env.MICHINORI_TEST_LOG;
  membersStarted += 1;
  if (file === undefined) return createSilentLogger();
  return createLogger({
    service: `member ${membersStarted}`,
    destination: { write: (line) => appendFileSync(file, line) },
  });
}

/** A processor of its own: with its own connections to Kafka, its own place in the groups. */
export interface Member {
  processor: Processor;
  metrics: Metrics;
  log: EventLog;
  /** Errors that end a process. */
  fatal: Error[];
  /** How often it was given partitions of the events, and which. */
  assignments: (readonly number[])[];
  stop(): Promise<void>;
}

/** Topics and tables of one test, on the servers of its file. */
export interface Deployment {
  kafka: KafkaServer;
  server: ClickHouseServer;
  database: string;
  logOptions: KafkaLogOptions;
  /** For the test itself: appends, asks, takes no part in a group. */
  log: EventLog;
  clickhouse: ClickHouse;
  start(options?: Partial<TestProcessorOptions>): Promise<Member>;
}

/** One Kafka and one ClickHouse for a file. Without Kafka its tests are skipped. */
export function deploymentsOfFile(options: KafkaOptions = {}) {
  const kafkaOf = sharedKafka(options);
  const closers: (() => Promise<void> | void)[] = [];
  let starting: Promise<ClickHouseServer> | undefined;
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  }, 60_000);

  return async function deploy(
    context: Context & Skipping,
    { partitions = 3, session = 'long' }: { partitions?: number; session?: keyof typeof sessionTimeouts } = {},
  ): Promise<Deployment> {
    const kafka = kafkaOf(context);
    starting ??= startClickHouse(
      { onTestFinished: (close) => void closers.push(close as () => Promise<void>) },
      { controlled: true },
    );
    const server = await starting;
    const name = randomUUID().slice(0, 8);
    const logOptions: KafkaLogOptions = {
      ...{ brokers: kafka.brokers, partitions, sessionTimeoutMs: sessionTimeouts[session], topics: topicSettings },
      topicPrefix: `t${name}.`,
    };
    const database = `t${name}`;
    const { url, username, password } = server;
    const clickhouse = await connectServer({ url, username, password, database });
    context.onTestFinished(() => clickhouse.close());
    await migrate(clickhouse);
    const log = await openKafkaLog(logOptions);
    context.onTestFinished(() => log.close());

    async function start(given: Partial<TestProcessorOptions> = {}): Promise<Member> {
      const [fatal, assignments]: [Error[], (readonly number[])[]] = [[], []];
      const logger = memberLogger();
      const own = await openKafkaLog({
        ...logOptions,
        observe(observation) {
          if (observation.what !== 'joined') return;
          logger.info(observation, 'joined');
          if (observation.topic === topics.events) assignments.push(observation.partitions);
        },
      });
      const metrics = testMetrics();
      const processor = buildProcessor({
        ...{ log: own, clickhouse, metrics, logger, onFatal: (error) => fatal.push(error) },
        ...given,
        config: { retryDelayMsMax: 50, buildPollMs: 250, retireAfterMs: 600_000, ...given.config },
      });
      let stopping: Promise<void> | undefined;
      const stop = () => {
        stopping ??= processor.stop().then(() => own.close());
        return stopping;
      };
      context.onTestFinished(stop);
      await processor.start();
      return { processor, metrics, log: own, fatal, assignments, stop };
    }
    return { kafka, server, database, logOptions, log, clickhouse, start };
  };
}

/** Waits until the group has committed everything that the log holds. */
export async function caughtUp(
  log: EventLog,
  { of = group, patience = longPatience }: { of?: string; patience?: typeof longPatience } = {},
): Promise<void> {
  await vi.waitFor(async () => {
    const lags = await Promise.all(
      [topics.events, topics.deadLetters, definitionsTopic].map((topic) => log.lag(of, topic)),
    );
    expect(lags.flat().reduce((sum, { lag }) => sum + lag, 0)).toBe(0);
  }, patience);
}

/** Does something as an administrator of the brokers. */
export async function asAdmin<T>(
  kafka: KafkaServer,
  work: (admin: Awaited<ReturnType<typeof connectAdmin>>) => Promise<T>,
): Promise<T> {
  const admin = await connectAdmin(kafka.client);
  try {
    await admin.fetchTopicMetadata();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

const rowCount = defineQuery({
  name: 'test_row_count',
  sql: 'SELECT toFloat64(count()) AS rows, toFloat64(uniqExact(log_partition, log_offset)) AS places FROM events',
  params: z.object({}),
  row: z.object({ rows: z.number(), places: z.number() }),
});

const stopMerges = defineStatement({ name: 'test_stop_merges', sql: 'SYSTEM STOP MERGES events' });

/** From now on copies of a row stay where they are, for `storedRows` to count. */
export function keepCopies(clickhouse: ClickHouse): Promise<void> {
  return clickhouse.command(stopMerges);
}

/** Rows as they are stored, copies that a merge would take away included. */
export async function storedRows(clickhouse: ClickHouse): Promise<{ rows: number; places: number }> {
  const [row] = await clickhouse.queryOnWriter(rowCount, {});
  return row ?? { rows: 0, places: 0 };
}

/** Counts the rows that are inserted into `events` through a connection. */
export function countingInserts(clickhouse: ClickHouse): { clickhouse: ClickHouse; inserted: () => number } {
  let rows = 0;
  return {
    inserted: () => rows,
    clickhouse: {
      ...clickhouse,
      async insert(batch) {
        await clickhouse.insert(batch);
        if (batch.table === 'events') rows += batch.rows.length;
      },
    },
  };
}
