import { type ClickHouse, isoFromMicroseconds } from '@michinori/clickhouse';
import { healthDefault } from '@michinori/journey';
import {
  activeDerivation,
  cityHashes,
  insertDeliveries,
  insertUnitJourneys,
  referenceUnitJourneys,
  storyEvent,
  storyJourney,
  storyStage,
} from '@michinori/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { apiOver, openStore } from './world.ts';

const dayUs = 86_400_000_000;
/** Some days ago: the tables forget what is old. */
const nightUs = (Math.floor(Date.now() / 86_400_000) - 10) * dayUs;
const iso = (us: number) => isoFromMicroseconds(us);

const journey = storyJourney({
  id: 'using',
  segments: ['plan'],
  stages: [
    storyStage('trial', ['A'], { title: { en: 'Trial', ja: '試用' } }),
    storyStage('paid', ['B']),
    storyStage('done', ['C'], { terminal: true }),
  ],
  health: healthDefault,
});

const names = Array.from({ length: 40 }, (_, i) => `c${String(i).padStart(2, '0')}`);
const copies = names.map((customer) =>
  storyEvent('A', 0, { id: `a ${customer}`, customer, occurredAtUs: nightUs - 30 * dayUs, receivedAtUs: nightUs }),
);

let clickhouse: ClickHouse;
const keys = new Map<string, bigint>();
beforeAll(async () => {
  clickhouse = await openStore();
  await insertDeliveries(clickhouse, [copies]);
  await insertUnitJourneys(clickhouse, 1, referenceUnitJourneys(journey, copies));
  await activeDerivation(clickhouse, journey, 1);
  for (const [name, key] of await cityHashes(clickhouse, names)) keys.set(name, key);
  // Three evaluations; of the second night one was broken off, with other scores.
  await evaluation(nightUs - dayUs, 1, (i) => 40 + i);
  await evaluation(nightUs, 1, () => 0, false);
  await evaluation(nightUs, 2, (i) => 2 * i);
  await evaluation(nightUs + dayUs, 3, () => 100);
  await clickhouse.insert({
    table: 'health_signals',
    columns: [
      ...head,
      'signal',
      'id',
      'change',
      'raised_at',
      'why',
      ...whose,
      'score',
      'score_before',
      'moved',
      'is_backfilled',
    ],
    rows: [
      signal(nightUs - dayUs, 1, 'c00', 'expansion', 'raised', nightUs - dayUs),
      signal(nightUs, 1, 'c05', 'churn', 'raised', nightUs),
      signal(nightUs, 2, 'c00', 'expansion', 'cleared', nightUs - dayUs),
      signal(nightUs, 2, 'c01', 'churn', 'raised', nightUs),
      signal(nightUs + dayUs, 3, 'c01', 'churn', 'cleared', nightUs),
    ],
  });
  await clickhouse.insert({
    table: 'health_tasks',
    columns: [...head, 'id', 'signal_id', 'owner', 'due_at', 'text'],
    rows: [
      ['using', nightUs, 2, keys.get('c01'), 't1', `c01 churn raised ${nightUs}`, 'cs', nightUs + 3600e6, texts],
      ['using', nightUs, 1, keys.get('c05'), 't2', `c05 churn raised ${nightUs}`, 'cs', nightUs + 3600e6, texts],
    ],
  });
});

const head = ['journey', 'as_of', 'evaluated_at', 'unit_key'];
const whose = ['kind', 'unit', 'anonymous', 'stage'];
const texts = new Map([
  ['en', 'Call'],
  ['ja', '電話'],
]);

async function evaluation(asOfUs: number, evaluatedUs: number, scoreAt: (i: number) => number, isFinished = true) {
  await clickhouse.insert({
    table: 'health_scores',
    columns: [...head, ...whose, 'entered_at', 'cycle_at', 'segments', 'score', 'ledger', 'golden', 'is_backfilled'],
    rows: names.map((name, i) => {
      const points = scoreAt(i);
      const ledger = [
        { line: 'start', points: 60 },
        { line: 'rule', rule: 'quiet', points: points - 60, evidence: { kind: 'count', count: 1 } },
      ];
      const who = ['using', asOfUs, evaluatedUs, keys.get(name), 'customer', name, '', i < 35 ? 'trial' : 'paid'];
      const segments = new Map([['plan', i % 2 === 0 ? 'pro' : 'free']]);
      return [...who, nightUs - 30 * dayUs, nightUs - 30 * dayUs, segments, points, JSON.stringify(ledger), '', 0];
    }),
  });
  if (!isFinished) return;
  await clickhouse.insert({
    table: 'health_evaluations',
    columns: ['journey', 'as_of', 'evaluated_at', 'version', 'units'],
    rows: [['using', asOfUs, evaluatedUs, 1, names.length]],
  });
  // Told twice, as after a write whose answer was lost.
  await clickhouse.insert({
    table: 'health_evaluations',
    columns: ['journey', 'as_of', 'evaluated_at', 'version', 'units'],
    rows: [['using', asOfUs, evaluatedUs + 5, 1, names.length]],
  });
}

function signal(asOfUs: number, evaluatedUs: number, name: string, kind: string, change: string, raisedUs: number) {
  const moved = JSON.stringify([
    { line: 'rule', rule: 'quiet', from: 0, to: -18 },
    { line: 'clamp', rule: null, from: 0, to: 3 },
  ]);
  const id = `${name} ${kind} ${change} ${asOfUs}`;
  const facts = [kind, id, change, raisedUs, 'score', 'customer', name, '', 'trial', 30, 48, moved, 0];
  return ['using', asOfUs, evaluatedUs, keys.get(name), ...facts];
}

const get = async (path: string) => (await apiOver(clickhouse).app.inject(`/v1/${path}`)).json();
const asOf = `asOf=${iso(nightUs + 3 * 3600e6)}`;

describe('/v1/journeys/{journey}/health', () => {
  it('has a row per stage, of the last evaluation that was finished by asOf', async () => {
    const { rows, meta } = await get(`journeys/using/health?${asOf}&language=ja`);
    expect(meta).toMatchObject({ evaluatedAt: iso(nightUs), truncated: false });
    expect(rows.map(({ stage, customers }: { stage: string; customers: number }) => [stage, customers])).toEqual([
      ['trial', 35],
      ['paid', 5],
    ]);
    // Scores 0, 2, …, 68 of mean 34; 20 of them are below 40.
    expect(rows[0]).toMatchObject({
      title: '試用',
      position: 1,
      segment: null,
      score: 34,
      k: 20,
      n: 35,
      rate: 20 / 35,
    });
    expect(rows[0].scoreLo).toBeLessThan(34);
    expect(rows[0].lo).toBeGreaterThan(0.38);
    expect([rows[0].from0, rows[0].from20, rows[0].from40, rows[0].from60, rows[0].from80]).toEqual([10, 10, 10, 5, 0]);
  });

  it('splits by a segment and takes filters', async () => {
    const { rows } = await get(`journeys/using/health?${asOf}&by=plan`);
    expect(rows.map(({ segment, n }: { segment: string; n: number }) => `${segment} ${n}`)).toEqual([
      ...['free 17', 'free 3', 'pro 18', 'pro 2'],
    ]);
    const pro = await get(`journeys/using/health?${asOf}&segment=plan:pro`);
    expect(pro.rows[0]).toMatchObject({ n: 18, segment: null });
  });

  it('is empty before the first evaluation', async () => {
    const { rows, meta } = await get(`journeys/using/health?asOf=${iso(nightUs - 2 * dayUs)}`);
    expect([rows, meta.evaluatedAt]).toEqual([[], null]);
  });
});

describe('/v1/journeys/{journey}/health/customers', () => {
  it('gives everybody once, by score, page by page, of one evaluation', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { rows: { customer: string; score: number; ledger: string }[]; meta: { cursor: string | null } } =
        await get(`journeys/using/health/customers?${asOf}&limit=9${cursor === null ? '' : `&cursor=${cursor}`}`);
      for (const { customer, score, ledger } of page.rows) {
        const points = (JSON.parse(ledger) as { points: number }[]).map((line) => line.points);
        expect(points.reduce((sum, each) => sum + each)).toBe(score);
        seen.push(customer);
      }
      cursor = page.meta.cursor;
    } while (cursor !== null);
    expect(seen).toEqual(names);
    const best = await get(`journeys/using/health/customers?${asOf}&order=highest&limit=1&stage=trial`);
    expect(best.rows).toMatchObject([{ customer: 'c34', account: null, score: 68, segment: 'plan:pro' }]);
    expect((await get('journeys/using/health/customers?cursor=x')).status).toBe(400);
    expect((await get('journeys/using/health/customers?stage=trail')).status).toBe(400);
  });
});

describe('/v1/journeys/{journey}/signals and /tasks', () => {
  it('say what stands as of asOf, and what stood', async () => {
    const open = await get(`journeys/using/signals?${asOf}`);
    expect(open.rows).toEqual([
      {
        ...{ signal: 'churn', customer: 'c01', account: null, anonymous: null, stage: 'trial', score: 30 },
        ...{ scoreBefore: 48, moved: 'quiet −18', raisedAt: iso(nightUs), clearedAt: null, backfilled: false },
        id: `c01 churn raised ${nightUs}`,
      },
    ]);
    const past = await get(`journeys/using/signals?${asOf}&state=past`);
    expect(past.rows).toMatchObject([{ customer: 'c00', signal: 'expansion', clearedAt: iso(nightUs) }]);
    const later = await get(`journeys/using/signals?state=all&asOf=${iso(nightUs + 2 * dayUs)}`);
    expect(later.rows.map(({ customer, clearedAt }: Record<string, string>) => [customer, clearedAt])).toEqual([
      ['c01', iso(nightUs + dayUs)],
      ['c00', iso(nightUs)],
    ]);
    expect((await get(`journeys/using/signals?${asOf}&signal=expansion`)).rows).toEqual([]);
    expect((await get(`journeys/using/signals?${asOf}&state=all&to=${iso(nightUs)}`)).rows).toHaveLength(1);
  });

  it('name who is to do what until when', async () => {
    const { rows } = await get(`journeys/using/tasks?${asOf}&language=ja`);
    expect(rows).toMatchObject([
      {
        id: 't1',
        owner: 'cs',
        text: '電話',
        state: 'overdue',
        customer: 'c01',
        signal: 'churn',
        dueAt: iso(nightUs + 3600e6),
      },
    ]);
    const early = await get(`journeys/using/tasks?asOf=${iso(nightUs + 1800e6)}`);
    expect(early.rows).toMatchObject([{ state: 'open', settledAt: null }]);
    const settled = await get(`journeys/using/tasks?state=settled&asOf=${iso(nightUs + 2 * dayUs)}`);
    expect(settled.rows).toMatchObject([{ state: 'settled', settledAt: iso(nightUs + dayUs) }]);
    expect((await get(`journeys/using/tasks?${asOf}&owner=nobody`)).rows).toEqual([]);
  });
});

describe('health elsewhere', () => {
  it('stands with the journeys of a customer, with its course', async () => {
    const { meta } = await get(`customers/c10?${asOf}`);
    expect(meta.journeys[0].health).toEqual({
      ...{ score: 20, at: iso(nightUs), stage: 'trial' },
      ledger: [
        { line: 'start', rule: null, points: 60, evidence: null },
        { line: 'rule', rule: 'quiet', points: -40, evidence: { kind: 'count', count: 1 } },
      ],
      history: [
        { at: iso(nightUs - dayUs), score: 50 },
        { at: iso(nightUs), score: 20 },
      ],
    });
  });

  it('colours the stages of the map', async () => {
    const { rows } = await get(`journeys/using/map?${asOf}`);
    const stages = rows.filter(({ kind }: { kind: string }) => kind === 'stage');
    expect(stages.map(({ stage, health }: { stage: string; health: number }) => [stage, health])).toEqual([
      ...[
        ['trial', 34],
        ['paid', 74],
        ['done', null],
      ],
    ]);
  });
});
