import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig, printConfig } from '@michinori/runtime';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { expectCode, record } from '../../testing/src/event-log-harness.ts';
import { sharedKafka } from '../../testing/src/kafka.ts';
import { connectEventLog, eventLogSettings } from '../src/index.ts';
import { kafkaOptions } from '../src/kafka/index.ts';
import { temporaryFolder } from './helpers.ts';
import { uniqueName } from './kafka-helpers.ts';

const kafka = sharedKafka();
const schema = z.object({ log: eventLogSettings.prefault({}) });
const load = (env: Record<string, string>, readFile?: (path: string) => string) =>
  loadConfig(schema, { env, ...(readFile && { readFile }) });
const settings = (env: Record<string, string> = {}) => load(env).config.log;

test('without brokers the log is in the folder, with retention and topics as the settings say', async (context) => {
  const folder = await temporaryFolder(context);
  const log = await connectEventLog(settings({ MICHINORI_LOG_PARTITIONS: '3' }), folder, {
    topics: { definitions: { partitions: 1, isKept: true } },
  });
  context.onTestFinished(() => log.close());
  expect([(await log.positions('events')).length, (await log.positions('definitions')).length]).toEqual([3, 1]);
  await expectCode(connectEventLog(settings(), folder), 'log_locked');
});

test('with brokers the log is on Kafka', async (context) => {
  const server = kafka(context);
  const env = {
    MICHINORI_LOG_KAFKA_BROKERS: server.brokers.join(','),
    MICHINORI_LOG_KAFKA_PARTITIONS: '2',
    MICHINORI_LOG_KAFKA_TOPIC_PREFIX: `${uniqueName('prefix')}.`,
  };
  const log = await connectEventLog(settings(env), 'not-used', {
    topics: { definitions: { partitions: 1, isKept: true } },
  });
  context.onTestFinished(() => log.close());
  expect(await log.append('events', [record('k', 'v')])).toHaveLength(1);
  expect([(await log.positions('events')).length, (await log.positions('definitions')).length]).toEqual([2, 1]);
});

test('settings become options: PEM texts or files, no retention for 0, no TLS unless it is switched on', async (context) => {
  const file = join(await temporaryFolder(context), 'ca.pem');
  await writeFile(file, '-----BEGIN CERTIFICATE-----\nfile\n');
  const env = {
    MICHINORI_LOG_KAFKA_BROKERS: 'a:9092, b:9093',
    MICHINORI_LOG_KAFKA_REPLICATION: '3',
    MICHINORI_LOG_KAFKA_RETENTION_AGE_MS_MAX: '0',
    MICHINORI_LOG_KAFKA_SASL_MECHANISM: 'scram-sha-512',
    MICHINORI_LOG_KAFKA_SASL_USERNAME: 'user',
    MICHINORI_LOG_KAFKA_SASL_PASSWORD: 'hidden-password',
    MICHINORI_LOG_KAFKA_TLS_CA: file,
    MICHINORI_LOG_KAFKA_TLS_KEY: '-----BEGIN PRIVATE KEY-----\nhidden-key',
  };
  const plain = await kafkaOptions(settings(env).kafka);
  expect(plain).toMatchObject({ brokers: ['a:9092', 'b:9093'], replication: 3, sasl: { mechanism: 'scram-sha-512' } });
  expect([plain.tls, plain.retentionAgeMsMax, plain.retentionBytesMax]).toEqual([undefined, undefined, undefined]);
  const secured = await kafkaOptions(settings({ ...env, MICHINORI_LOG_KAFKA_TLS_IS_ENABLED: 'yes' }).kafka);
  expect(secured.tls).toEqual({
    ca: '-----BEGIN CERTIFICATE-----\nfile\n',
    key: '-----BEGIN PRIVATE KEY-----\nhidden-key',
  });
  expect(printConfig(load(env))).not.toMatch(/hidden/);
});

test('half a user, an address without a port and a wrong mechanism are refused', () => {
  expect(() => settings({ MICHINORI_LOG_KAFKA_BROKERS: 'localhost' })).toThrow(/host:port/);
  expect(() => settings({ MICHINORI_LOG_KAFKA_SASL_USERNAME: 'user' })).toThrow(/sasl/);
  expect(() => settings({ MICHINORI_LOG_KAFKA_REPLICATION: 'many' })).toThrow(/replication/);
  expect(settings().kafka).toMatchObject({
    brokers: [],
    partitions: 16,
    replication: 'auto',
    topicPrefix: 'michinori.',
  });
});
