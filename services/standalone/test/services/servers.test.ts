import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createKeyStore, createSilentLogger } from '@michinori/runtime';
import { startClickHouseHttpServer } from '@michinori/testing';
import { startKafka } from '@michinori/testing/kafka';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createStandalone, loadStandaloneConfig } from '../../src/index.ts';
import { run } from '../cli/fake-io.ts';
import { eventually } from '../cli/michinori.ts';
import {
  jsonOf,
  type ServiceName,
  type ServiceProcess,
  serviceNames,
  startService,
  temporaryFolder,
} from './service-process.ts';

interface StageRow {
  stage: string;
  entered: number;
  dropOffRate: number;
}

/** The first stage of the journey as an answer has it, once so many customers have entered it. */
async function stageEnteredBy(customers: number, ask: () => Promise<Response>): Promise<StageRow> {
  const rows = await eventually(
    async () => {
      const answer = await ask();
      return answer.ok ? (await jsonOf<{ rows: StageRow[] }>(answer)).rows : [];
    },
    (found) => found[0]?.entered === customers,
  );
  return rows[0] as StageRow;
}

const gaugeOf = ({ stage, dropOffRate }: StageRow): string =>
  `michinori_stage_dropoff_ratio{journey="buying",stage="${stage}",segment=""} ${dropOffRate}\n`;

/** So many customers who enter the journey; every fourth one goes on to its next stage an hour later. */
function visitsOf(customers: number): object[] {
  const at = (hoursAgo: number) => new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
  return Array.from({ length: customers }, (_, i) => [
    { id: `in${i}`, customer: `c${i}`, touchpoint: 'ad.clicked', occurredAt: at(3) },
    ...(i % 4 === 0 ? [{ id: `on${i}`, customer: `c${i}`, touchpoint: 'webinar.attended', occurredAt: at(2) }] : []),
  ]).flat();
}

const minutes = (count: number) => count * 60_000;
const journey = readFileSync(join(import.meta.dirname, '../../../../infra/journeys/buying.yaml'), 'utf8');

describe('four processes on Kafka and a ClickHouse server', () => {
  it(
    'wait for their servers, carry events to answers and gauges, and end in order',
    async (context) => {
      const kafka = await startKafka(context, { controlled: true });
      const clickhouse = await startClickHouseHttpServer(context, { child: true });
      await Promise.all([kafka.stop(), clickhouse.stop()]);
      const keysFile = join(temporaryFolder(), 'keys.json');
      const { key } = createKeyStore({ file: keysFile }).create({ name: 'all', scopes: ['ingest', 'admin'] });
      const env = {
        MICHINORI_LOG_KAFKA_BROKERS: kafka.brokers.join(','),
        MICHINORI_LOG_KAFKA_PARTITIONS: '2',
        MICHINORI_CLICKHOUSE_URL: clickhouse.url,
        MICHINORI_KEYS_FILE: keysFile,
        MICHINORI_ALERTER_SCHEDULE: '* * * * * *',
      };
      const services = Object.fromEntries(serviceNames.map((name) => [name, startService(name, env)])) as Record<
        ServiceName,
        ServiceProcess
      >;
      const all = Object.values(services);
      const headers = { authorization: `Bearer ${key}` };
      const call = async (name: ServiceName, path: string, init: RequestInit = {}) =>
        fetch(new URL(path, await services[name].url()), { ...init, headers: { ...headers, ...init.headers } });

      for (const service of all) {
        const { status, reasons } = await eventually(
          () => service.readiness(),
          (found) => found.reasons.start !== 'starting',
        );
        expect([status, reasons.start]).toEqual([
          503,
          expect.stringMatching(/^waiting for (the event log|ClickHouse): ./),
        ]);
        expect((await service.get('/livez')).status).toBe(200);
      }
      const event = { customer: 'c1', touchpoint: 'page.home' };
      const early = await call('ingest', '/v1/events', { method: 'POST', body: JSON.stringify(event) });
      expect([early.status, early.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
      expect((await jsonOf(early)).code).toBe('log_unavailable');
      const question = await call('query-api', '/v1/touchpoints');
      expect([question.status, (await jsonOf(question)).code]).toEqual([503, 'starting']);

      await Promise.all([kafka.restart(), clickhouse.restart()]);
      await Promise.all(all.map((service) => service.ready()));
      for (const service of all) {
        await eventually(
          () => service.readiness(),
          ({ status }) => status === 200,
        );
      }

      const yaml = { 'content-type': 'text/yaml' };
      const applied = await eventually(
        () => call('query-api', '/v1/journeys', { method: 'POST', body: journey, headers: yaml }),
        ({ status }) => status !== 503,
      );
      expect(applied.status).toBe(202);
      const body = JSON.stringify(visitsOf(40));
      const stored = await call('ingest', '/v1/events', { method: 'POST', body });
      expect([stored.status, (await jsonOf<{ accepted: number }>(stored)).accepted]).toEqual([202, 50]);
      const stage = await stageEnteredBy(40, () => call('query-api', '/v1/journeys/buying/stages'));
      expect(stage.dropOffRate).toBe(0.75);
      await eventually(
        async () => (await services.alerter.get('/metrics')).text(),
        (text) => text.includes(gaugeOf(stage)),
      );

      const addresses = Object.fromEntries(
        await Promise.all(
          all.map(async (service, i) => {
            const name = serviceNames[i]?.replace('-', '_').toUpperCase() ?? '';
            return [`MICHINORI_${name}_PORT`, new URL(await service.url()).port];
          }),
        ),
      );
      const doctor = await run(['doctor', '--json', '--data', temporaryFolder()], { env: { ...env, ...addresses } });
      const findings = JSON.parse(doctor.out) as { check: string; state: string; detail: string }[];
      expect(findings.filter(({ state }) => state !== 'ok')).toEqual([]);
      expect(findings.map(({ check }) => check)).toEqual([
        ...['node', 'data folder', 'keys', 'event log', 'clickhouse', 'rights', 'tables'],
        ...serviceNames,
      ]);
      expect(doctor.exitCode).toBe(0);

      for (const service of all) service.child.kill('SIGTERM');
      expect(await Promise.all(all.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
    },
    minutes(5),
  );

  it(
    'are as well one process, which shows the same drop-off as a gauge and as an answer',
    async (context) => {
      const kafka = await startKafka(context);
      const clickhouse = await startClickHouseHttpServer(context, { child: true });
      const env = {
        MICHINORI_LOG_KAFKA_BROKERS: kafka.brokers.join(','),
        MICHINORI_LOG_KAFKA_TOPIC_PREFIX: `one-${process.pid}.`,
        MICHINORI_LOG_KAFKA_PARTITIONS: '2',
        MICHINORI_CLICKHOUSE_URL: clickhouse.url,
        MICHINORI_ALERTER_SCHEDULE: '* * * * * *',
      };
      const made = await run(['topics', '--data', temporaryFolder()], { env });
      expect(made.out).toContain(`one-${process.pid}.definitions`);
      const different = { ...env, MICHINORI_LOG_KAFKA_PARTITIONS: '3' };
      const refused = await run(['topics', '--data', temporaryFolder()], { env: different });
      expect([refused.exitCode, refused.err]).toEqual([
        1,
        expect.stringMatching(/can't be used: partitions is 2, wanted 3/),
      ]);
      const processor = startService('processor', different);
      expect(await processor.ended).toBe(1);
      expect(processor.output()).toMatch(/can't be used: partitions is 2, wanted 3/);

      const flags = { data: temporaryFolder(), port: 0 };
      const { config } = loadStandaloneConfig({ flags, env, file: null });
      const standalone = createStandalone({ config, logger: createSilentLogger(), nowUs: () => Date.now() * 1000 });
      await standalone.lifecycle.start();
      onTestFinished(() => standalone.lifecycle.stop('the test is over'));
      const call = (path: string, init?: RequestInit) => fetch(new URL(path, standalone.url()), init);
      const headers = { 'content-type': 'text/yaml' };
      expect((await call('/v1/journeys', { method: 'POST', body: journey, headers })).status).toBe(202);
      const body = JSON.stringify(visitsOf(40));
      expect((await call('/v1/events', { method: 'POST', body })).status).toBe(202);
      const stage = await stageEnteredBy(40, () => call('/v1/journeys/buying/stages'));
      expect(stage.dropOffRate).toBe(0.75);
      await eventually(
        async () => (await call('/metrics')).text(),
        (text) => text.includes(gaugeOf(stage)),
      );
    },
    minutes(5),
  );

  it(
    'end at once with a sentence where time mends nothing',
    async (context) => {
      const clickhouse = await startClickHouseHttpServer(context, { child: true, username: 'me', password: 'right' });
      const env = { MICHINORI_CLICKHOUSE_URL: clickhouse.url, MICHINORI_CLICKHOUSE_USERNAME: 'me' };
      for (const name of ['processor', 'query-api', 'alerter'] as const) {
        const service = startService(name, { ...env, MICHINORI_CLICKHOUSE_PASSWORD: 'wrong' });
        expect(await service.ended).toBe(1);
        expect(service.output()).toMatch(/"msg":"could not start"/);
        expect(service.output()).toMatch(/Authentication failed/i);
      }
    },
    minutes(3),
  );
});

describe('commands on servers', () => {
  it(
    'migrate makes the tables of a server; a query API waits for them until then',
    async (context) => {
      const clickhouse = await startClickHouseHttpServer(context, { child: true });
      const env = { MICHINORI_CLICKHOUSE_URL: clickhouse.url };
      const api = startService('query-api', env);
      const { reasons } = await eventually(
        () => api.readiness(),
        (found) => found.reasons.start !== 'starting',
      );
      expect(reasons.start).toContain('lacks');
      expect(reasons.start).toContain('0001');
      expect((await run(['migrate', '--data', temporaryFolder()], { env })).out).toContain('Applied 0001');
      expect((await run(['migrate', '--data', temporaryFolder()], { env })).out).toContain('up to date');
      await api.ready();
      expect((await api.get('/v1/touchpoints')).status).toBe(200);
    },
    minutes(3),
  );

  it(
    'doctor says what is missing, and how to mend it',
    async (context) => {
      const clickhouse = await startClickHouseHttpServer(context, { child: true });
      const settings = { MICHINORI_CLICKHOUSE_URL: clickhouse.url, MICHINORI_LOG_KAFKA_BROKERS: '127.0.0.1:1' };
      const doctor = async (env: Record<string, string>) => {
        const { exitCode, out } = await run(['doctor', '--json', '--data', temporaryFolder()], { env });
        const findings = JSON.parse(out) as { check: string; state: string; detail: string; mend: string }[];
        return { exitCode, ...Object.fromEntries(findings.map((finding) => [finding.check, finding])) };
      };
      const found = await doctor({ ...settings, MICHINORI_INGEST_HOST: '0.0.0.0' });
      expect(found).toMatchObject({
        exitCode: 1,
        keys: { state: 'error', detail: expect.stringContaining('0.0.0.0 and 127.0.0.1') },
        'event log': {
          state: 'error',
          detail: expect.stringContaining('127.0.0.1:1'),
          mend: expect.stringContaining('brokers'),
        },
        clickhouse: { state: 'ok', detail: expect.stringMatching(/^server \d+\./) },
        rights: { state: 'ok' },
        tables: {
          state: 'warning',
          detail: expect.stringContaining('0001'),
          mend: 'michinori migrate, or start the processor',
        },
      });
      const away = await doctor({ MICHINORI_CLICKHOUSE_URL: 'http://127.0.0.1:1' });
      expect(away).toMatchObject({
        'event log': { state: 'warning', mend: expect.stringContaining('log.kafka.brokers') },
        clickhouse: { state: 'error', mend: expect.stringContaining('clickhouse.url') },
      });
    },
    minutes(3),
  );
});
