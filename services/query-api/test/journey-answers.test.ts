import type { ClickHouse } from '@michinori/clickhouse';
import {
  activeDerivation,
  insertUnitJourneys,
  referenceUnitJourneys,
  story,
  storyHour,
  storyJourney,
  storyStage,
} from '@michinori/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { journeyEndpoints } from '../src/routes/journeys/index-of-endpoints.ts';
import { apiOver, openStore } from './world.ts';

let clickhouse: ClickHouse;

const journey = storyJourney({
  id: 'buying',
  version: 4,
  segments: ['plan'],
  timezone: 'Asia/Tokyo',
  stages: [
    storyStage('interest', ['A'], { title: { en: 'Interest', ja: '興味' }, touchpoints: ['A', '=call'] }),
    storyStage('purchase', ['B'], { terminal: true }),
  ],
});

// 40 customers, three of four buy an hour later, the others leave.
const events = Array.from({ length: 40 }, (_, i) =>
  story(i % 4 === 0 ? 'A0 X2' : 'A0 B1', {
    customer: `c${i}`,
    traits: new Map([['plan', i % 2 === 0 ? 'pro' : 'free']]),
  }),
).flat();

beforeAll(async () => {
  clickhouse = await openStore();
  await insertUnitJourneys(clickhouse, 1, referenceUnitJourneys(journey, events));
  await activeDerivation(clickhouse, journey, 1, { appliedAtUs: storyHour(0) });
});

const range = 'from=2025-12-31T00:00:00Z&to=2026-01-02T00:00:00Z';
const get = (path: string, headers: Record<string, string> = {}) =>
  apiOver(clickhouse).app.inject({ method: 'GET', url: `/v1/journeys/${path}`, headers });

/** Endpoints whose rows have no other forms, or were asked for in their first. */
const documented = [
  ...['map', 'stages', 'transitions', 'touchpoints', 'bottlenecks'],
  ...['losses', 'outlook', 'outlook/track-record'],
];

describe('a question about a journey', () => {
  it('is answered with flat rows and meta', async () => {
    const answer = await get(`buying/stages?${range}&language=ja`);
    expect(answer.statusCode).toBe(200);
    const { rows, meta } = answer.json();
    expect(rows).toEqual([
      {
        stage: 'interest',
        title: '興味',
        position: 1,
        segment: null,
        bucket: null,
        entered: 40,
        advanced: 30,
        lost: 10,
        lostSilent: 0,
        lostExit: 10,
        returned: 0,
        open: 0,
        completed: 0,
        k: 30,
        n: 40,
        rate: 0.75,
        lo: expect.closeTo(0.5981, 4),
        hi: expect.closeTo(0.8581, 4),
        dropOffRate: 0.25,
        dropOffLo: expect.closeTo(0.1419, 4),
        dropOffHi: expect.closeTo(0.4019, 4),
        state: 'ok',
        matureShare: 1,
        estimate: 0.75,
        estimateLo: expect.closeTo(0.6099, 4),
        estimateHi: expect.closeTo(0.8702, 4),
        lostEstimate: 0.25,
        lostEstimateLo: expect.closeTo(0.142, 2),
        lostEstimateHi: expect.closeTo(0.412, 2),
        naiveRate: 0.75,
        naiveLostRate: 0.25,
        horizonSeconds: 86_400,
        secondsP50: 3600,
        naiveSecondsMean: 3600,
        expectedSeconds: null,
        pValue: null,
        qValue: null,
        goal: null,
        goalMet: null,
      },
      expect.objectContaining({ stage: 'purchase', completed: 30, k: 30, n: 30, rate: 1 }),
    ]);
    expect(meta).toEqual({
      asOf: '2026-03-01T00:00:00.000000Z',
      watermark: null,
      timezone: 'Asia/Tokyo',
      journeyVersion: 4,
      generatedInMs: expect.any(Number),
      truncated: false,
    });
  });

  it('has exactly the documented columns, in every endpoint', async () => {
    for (const { path, row } of journeyEndpoints) {
      const answer = await get(`buying/${path}?${range}`);
      expect(answer.statusCode, path).toBe(200);
      for (const one of answer.json().rows) {
        if (documented.includes(path)) {
          expect(Object.keys(one).sort(), path).toEqual(Object.keys(row.shape).sort());
          expect(row.safeParse(one).error, path).toBeUndefined();
        }
      }
    }
  });

  it('is answered as CSV, by segment and bucket', async () => {
    const answer = await get(`buying/transitions?${range}&by=plan&interval=day&format=csv`);
    expect(answer.headers['content-type']).toContain('text/csv');
    const lines = answer.body.split('\r\n').map((line) => line.split(',').slice(0, 7).join(','));
    expect(lines.slice(0, 5)).toEqual([
      'segment,bucket,from,to,kind,customers,n',
      'free,2025-12-30T15:00:00.000000Z,,interest,entry,0,0',
      'free,2025-12-30T15:00:00.000000Z,interest,purchase,stage,0,0',
      'free,2025-12-30T15:00:00.000000Z,interest,lost,lost,0,0',
      'free,2025-12-31T15:00:00.000000Z,,interest,entry,20,20',
    ]);
  });

  it('keeps formulas out of spreadsheets', async () => {
    const answer = await get(`buying/touchpoints?${range}&format=csv`);
    expect(answer.body).toContain("interest,1,'=call,");
  });

  it('takes another horizon', async () => {
    const { rows } = (await get(`buying/stages?${range}&horizon=30m`)).json();
    expect(rows[0]).toMatchObject({ horizonSeconds: 1800, k: 0, estimate: 0 });
    const refused = await get(`buying/stages?${range}&horizon=1mo`);
    expect(refused.statusCode).toBe(400);
    expect(refused.json().errors).toEqual([{ pointer: '/horizon', message: expect.stringContaining('whole number') }]);
  });

  it('tells of losses by silence and by reason, and of what is likely to come', async () => {
    const losses = (await get(`buying/losses?${range}&by=plan`)).json().rows;
    expect(losses.filter(({ segment }: { segment: string }) => segment === 'pro')).toMatchObject([
      { stage: 'interest', segment: 'pro', kind: 'all', lost: 10, entered: 20, k: 10, n: 10, share: 1 },
      { kind: 'silent', lost: 0, k: 0, share: 0, secondsP50: null },
      { kind: 'exit', reason: '', lost: 10, secondsP50: 7200, silenceSecondsP50: 7200, state: 'insufficient' },
    ]);
    const outlook = (await get(`buying/outlook?${range}`)).json().rows;
    expect(outlook[0]).toMatchObject({ advanced: 0.75, lost: 0.25, staying: 0, atRisk: 40, weight: null, open: 0 });
    const record = await get(`buying/outlook/track-record?${range}&detail=calibration&format=csv`);
    expect(record.body).toBe('stage,position,outcome,from,to,n,k,forecast,rate,lo,hi\r\n');
  });

  it('draws an overview without touchpoints', async () => {
    const kinds = async (query: string) =>
      new Set((await get(`buying/map?${range}${query}`)).json().rows.map(({ kind }: { kind: string }) => kind));
    expect(await kinds('&detail=overview')).toEqual(new Set(['stage', 'edge']));
    expect(await kinds('')).toEqual(new Set(['stage', 'edge', 'touchpoint']));
  });

  it('that names what is not there is refused with what is', async () => {
    const segment = await get(`buying/bottlenecks?${range}&by=plann`);
    expect(segment.statusCode).toBe(400);
    expect(segment.json().errors).toEqual([{ pointer: '/by', message: expect.stringContaining('"plan"') }]);
    const parameter = await get(`buying/stages?${range}&langage=ja`);
    expect(parameter.json().errors).toEqual([
      { pointer: '/langage', message: expect.stringContaining('Did you mean "language"?') },
    ]);
    const missing = await get('buyin/map');
    expect(missing.statusCode).toBe(404);
    expect(missing.json()).toMatchObject({ code: 'unknown_journey', detail: expect.stringContaining('"buying"') });
    const endpoint = await get('buying/stage');
    expect(endpoint.statusCode).toBe(404);
  });
});
