import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClickHouse, isoFromMicroseconds } from '@michinori/clickhouse';
import {
  activeDerivation,
  insertDeliveries,
  insertUnitJourneys,
  referenceUnitJourneys,
  story,
  storyHour,
  storyJourney,
  storyStage,
} from '@michinori/testing';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import { journeyText, temporaryLog } from './journey-world.ts';
import { apiOver, openStore } from './world.ts';

interface Operation {
  responses: Record<string, { content?: Record<string, unknown> }>;
}
const openapi = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
};
const operations = Object.entries(openapi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
);

const funnel = {
  steps: [{ touchpoint: 'A' }, { touchpoint: 'B' }],
  window: { value: 7, unit: 'day' },
  from: '2025-12-31T00:00:00Z',
  to: '2026-02-01T00:00:00Z',
};
const range = 'from=2025-12-31T00:00:00Z&to=2026-01-03T00:00:00Z';
const rule = (alert: string) => `alert: ${alert}\njourney: buying\nstages: [interest]\n`;
/** A midnight some days ago, since the tables of health forget what is old. */
const nightUs = (Math.floor(Date.now() / 86_400_000) - 10) * 86_400_000_000;
const atNight = { query: `asOf=${isoFromMicroseconds(nightUs)}` };
/** How each operation is asked, where its path alone isn't enough. */
const asked: Record<string, { query?: string; body?: unknown; yaml?: string }> = {
  'POST /v1/funnels/query': { body: funnel },
  'POST /v1/funnels/time-to-convert': { body: { ...funnel, fromStep: 1, toStep: 2 } },
  'POST /v1/funnels/customers': { body: { ...funnel, step: 1 } },
  'POST /v1/journeys': { yaml: journeyText('buying-2', 1) },
  'POST /v1/improvements': {
    body: { id: 'i', journey: 'buying', title: 'a, "b"', at: '2026-01-01T12:00:00Z' },
  },
  'POST /v1/alerts/rules': { yaml: rule('applied') },
  'POST /v1/alerts/backtest': {
    body: { rule: rule('replayed'), from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' },
  },
  'GET /v1/journeys/{journey}/health': atNight,
  'GET /v1/journeys/{journey}/health/customers': atNight,
  'GET /v1/journeys/{journey}/signals': { query: `${atNight.query}&state=all` },
  'GET /v1/journeys/{journey}/tasks': { query: `${atNight.query}&state=all` },
  'GET /v1/journeys/{journey}/cycle-time': { query: 'fromStage=interest&toStage=purchase' },
};

let clickhouse: ClickHouse;
beforeAll(async () => {
  clickhouse = await openStore();
  const journey = storyJourney({
    id: 'buying',
    version: 4,
    segments: ['plan'],
    stages: [storyStage('interest', ['A']), storyStage('purchase', ['B'], { terminal: true })],
  });
  const events = Array.from({ length: 40 }, (_, i) =>
    story(i % 4 === 0 ? 'A0 X2' : 'A0 B1', { customer: `c${i}`, traits: new Map([['plan', i % 2 ? 'p,"ro' : '']]) }),
  )
    .flat()
    .map((copy, logOffset) => ({ ...copy, logOffset }));
  await insertDeliveries(clickhouse, [events]);
  await insertUnitJourneys(clickhouse, 1, referenceUnitJourneys(journey, events));
  await activeDerivation(clickhouse, journey, 1, { appliedAtUs: storyHour(0) });
  await storeFindings();
});

/** A rule, and a score with a signal and a task. */
async function storeFindings(): Promise<void> {
  const insert = (table: string, row: Readonly<Record<string, unknown>>) =>
    clickhouse.insert({ table, columns: Object.keys(row), rows: [Object.values(row)] });
  const ruleRow = { alert: 'stored', version: 1, source: rule('stored'), is_deleted: 0, origin: 'file' };
  await insert('alert_rules', { ...ruleRow, changed_at: storyHour(0), changed_by: 'rules.yaml' });
  const place = { journey: 'buying', as_of: nightUs, evaluated_at: 1 };
  const who = { ...place, unit_key: 7n };
  const unit = { kind: 'customer', unit: 'c7', anonymous: '', stage: 'interest' };
  const ledger = JSON.stringify([{ line: 'start', points: 60 }]);
  const since = { entered_at: storyHour(0), cycle_at: storyHour(0), segments: new Map([['plan', 'pro']]) };
  await insert('health_scores', { ...who, ...unit, ...since, score: 60, ledger, golden: '', is_backfilled: 0 });
  await insert('health_evaluations', { ...place, version: 4, units: 1 });
  const change = { signal: 'churn', id: 's', change: 'raised', raised_at: storyHour(1), why: 'score' };
  await insert('health_signals', { ...who, ...unit, ...change, score: 30, score_before: 48, moved: '[]' });
  const text = new Map([['en', '=Call "them", now']]);
  await insert('health_tasks', { ...who, id: 't', signal_id: 's', owner: 'cs', due_at: nightUs, text });
}

/** Values of a row as CSV writes them. */
const textOf = (value: unknown) => (value === null || value === undefined ? '' : String(value));

describe('every endpoint', () => {
  it('is in the list below', () => {
    expect(operations.length).toBeGreaterThan(25);
    expect(Object.keys(asked).filter((name) => operations.every((operation) => operation.name !== name))).toEqual([]);
  });

  it.each(operations)('$name answers JSON, CSV and NDJSON with the same rows', async ({ name, operation }) => {
    const [method, path = ''] = name.split(' ') as ['GET' | 'POST' | 'DELETE', string];
    const answered = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
    for (const [, { content = {} }] of answered) {
      expect(Object.keys(content).sort()).toEqual(['application/json', 'application/x-ndjson', 'text/csv']);
    }
    const { query = '', body, yaml } = asked[name] ?? {};
    const alert = method === 'DELETE' ? 'applied' : 'stored';
    const filled = path.replace('{journey}', 'buying').replace('{customer}', 'c1').replace('{alert}', alert);
    const isJourney = path.startsWith('/v1/journeys/{journey}/') && method === 'GET';
    const log = await temporaryLog();
    const isWrite = method !== 'GET' && !/^\/v1\/(funnels|alerts\/backtest)/.test(path);
    if (isWrite) {
      const { app } = apiOver(clickhouse, {}, '127.0.0.1', log);
      const headers = { 'content-type': 'text/yaml' };
      await app.inject({ method: 'POST', url: '/v1/journeys', headers, payload: journeyText('buying', 4) });
    }
    const send = async (format: string) => {
      const { app } = apiOver(clickhouse, {}, '127.0.0.1', log);
      if (method === 'DELETE') {
        const headers = { 'content-type': 'text/yaml' };
        await app.inject({ method: 'POST', url: '/v1/alerts/rules', headers, payload: rule(alert) });
      }
      const answer = await app.inject({
        method,
        url: `${filled}?${[isJourney ? range : '', query, `format=${format}`].filter((part) => part !== '').join('&')}`,
        ...(yaml === undefined && body === undefined
          ? {}
          : {
              headers: { 'content-type': yaml === undefined ? 'application/json' : 'text/yaml' },
              payload: yaml ?? JSON.stringify(body),
            }),
      });
      expect(answer.statusCode, `${name} ${format}: ${answer.body}`).toBeLessThan(300);
      return answer;
    };
    const json = await send('json');
    const [ndjson, csv] = [await send('ndjson'), await send('csv')];
    const { rows } = json.json() as { rows: Record<string, unknown>[] };
    const stable = ({ state: _, ...row }: Record<string, unknown>) => row;
    const shown = (row: Record<string, unknown>) => (isWrite ? stable(row) : row);
    expect(ndjson.headers['content-type']).toContain('application/x-ndjson');
    const lines = ndjson.body.split('\n').filter((line) => line !== '');
    expect(lines.map((line) => shown(JSON.parse(line)))).toEqual(rows.map(shown));
    expect(csv.headers['content-type']).toContain('text/csv');
    const cells = parse(csv.body, { columns: true, relax_column_count: false }) as Record<string, string>[];
    expect(cells).toHaveLength(rows.length);
    for (const [index, row] of rows.entries()) {
      const columns = Object.keys(cells[index] ?? {});
      expect(Object.keys(row).filter((column) => !columns.includes(column))).toEqual([]);
      for (const column of columns) {
        if (isWrite && column === 'state') continue;
        expect([column, (cells[index]?.[column] ?? '').replace(/^'(?=[=+\-@])/, '')]).toEqual([
          column,
          textOf(row[column]),
        ]);
      }
    }
    expect(JSON.parse(String(csv.headers['michinori-meta']))).toBeTypeOf('object');
    if (path.startsWith('/v1/funnels/') || path === '/v1/export/events' || isJourney) {
      const mayBeEmpty = /nps|emotion|contacts|improvements|actions|paths|cycle-time|track-record|suggestions/.test(
        path,
      );
      expect(rows.length > 0 || mayBeEmpty).toBe(true);
    }
  });
});
