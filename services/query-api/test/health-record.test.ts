import type { ClickHouse } from '@michinori/clickhouse';
import { type HealthRecord, healthRecordColumns, healthRecordRow } from '@michinori/queries';
import { activeDerivation, storyJourney, storyStage } from '@michinori/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { apiOver, openStore } from './world.ts';

let clickhouse: ClickHouse;

/** A midnight some weeks ago, since the table forgets what is old. */
const startUs = (Math.floor(Date.now() / 86_400_000) - 40) * 86_400e6;
const hourUs = (hours: number) => startUs + hours * 3600e6;

const nps = { kind: 'nps', class: 'detractor', withinUs: null } as const;
const journey = storyJourney({
  id: 'buying',
  title: { en: 'Buying', ja: '購入' },
  stages: [
    storyStage('interest', ['A'], {
      title: { en: 'Interest', ja: '興味' },
      health: [{ id: 'stuck', title: { en: 'Stuck', ja: '停滞' }, points: -10, test: nps }],
    }),
    storyStage('purchase', ['B'], { terminal: true }),
  ],
  health: {
    ...{ start: 60, churn: { below: 40, margin: 5 }, expansion: { above: 85, margin: 5 } },
    ...{ goldenTime: null, actions: [] },
    rules: [{ id: 'quiet', title: { en: 'No use', ja: '利用なし' }, points: -18, test: nps }],
  },
});

function recordOf(night: number, auc: number): HealthRecord {
  const figures = {
    ...{ horizonSeconds: 86_400, scoresAsOfUs: hourUs(night - 24), state: 'ok' as const, n: 120, lost: 42, auc },
    ...{ brier: 0.17, brierBase: 0.23, skill: 0.26, skillLo: 0.1, skillHi: 0.42 },
    ...{ aucLo: 0.7, aucHi: 0.9, losses: 43, neverFlagged: 23, neverFlaggedShare: 23 / 43, neverFlaggedLo: 0.39 },
    ...{ neverFlaggedHi: 0.67, leadSecondsP25: 1, leadSecondsP50: 2, leadSecondsP50Lo: null, leadSecondsP50Hi: null },
    leadSecondsP75: 3,
  };
  const counts = { units: 120, losses: 42, sameAs: null };
  return {
    ...{ journey: 'buying', asOfUs: hourUs(night), version: 1 },
    stages: [
      { stage: null, ...figures },
      { stage: 'interest', ...figures, scoresAsOfUs: null, auc: null, state: 'no_scores' },
    ],
    bands: [{ stage: null, from: 30, to: 30, n: 40, lost: 32, rate: 0.8, lo: 0.65, hi: 0.9 }],
    suggestions: [
      {
        rule: 'quiet',
        stage: null,
        points: -18,
        suggested: -47,
        lo: -60,
        hi: -34,
        held: 40,
        heldLost: 32,
        state: 'clear',
        ...counts,
      },
      {
        rule: 'stuck',
        stage: 'interest',
        points: -10,
        suggested: null,
        lo: null,
        hi: null,
        held: 12,
        heldLost: 3,
        state: 'insufficient',
        ...counts,
      },
    ],
  };
}

beforeAll(async () => {
  clickhouse = await openStore();
  await activeDerivation(clickhouse, journey, 1, { appliedAtUs: hourUs(0) });
  const rows = [healthRecordRow(recordOf(100, 0.6), 1), healthRecordRow(recordOf(124, 0.8), 1)];
  await clickhouse.insert({ table: 'health_track_records', columns: healthRecordColumns, rows });
});

const isoOf = (hour: number) => new Date(hourUs(hour) / 1000).toISOString().replace('Z', '000Z');

const ask = async (path: string) => {
  const asOf = path.includes('asOf=') ? '' : `${path.includes('?') ? '&' : '?'}asOf=${isoOf(200)}`;
  const url = `/v1/journeys/buying/health/${path}${asOf}`;
  const answer = await apiOver(clickhouse).app.inject({ method: 'GET', url });
  expect(answer.statusCode, path).toBe(200);
  return `${answer.headers['content-type']}`.includes('json') ? answer.json().rows : answer.body;
};

describe('the track record of health', () => {
  it('is that of the newest night up to asOf', async () => {
    const rows = await ask('track-record?language=ja');
    expect(rows).toMatchObject([
      {
        asOf: isoOf(124),
        stage: null,
        title: '購入',
        position: 0,
        auc: 0.8,
        skill: 0.26,
        scoresAsOf: isoOf(100),
        neverFlagged: 23,
      },
      {
        asOf: isoOf(124),
        stage: 'interest',
        title: '興味',
        position: 1,
        auc: null,
        scoresAsOf: null,
        state: 'no_scores',
      },
    ]);
    expect(Object.keys(rows[0])).not.toContain('asOfUs');
    expect(await ask(`track-record?asOf=${isoOf(123)}`)).toMatchObject([{ auc: 0.6 }, {}]);
    expect(await ask(`track-record?asOf=${isoOf(99)}`)).toEqual([]);
  });

  it('has a history, the newest night first', async () => {
    const nights = async (query: string) =>
      (await ask(`track-record?detail=history${query}`)).map(({ asOf }: { asOf: string }) => asOf);
    expect(await nights('')).toEqual([isoOf(124), isoOf(124), isoOf(100), isoOf(100)]);
    expect(await nights(`&from=${isoOf(100)}&to=${isoOf(124)}`)).toEqual([isoOf(100), isoOf(100)]);
    expect(await nights(`&from=${isoOf(101)}`)).toEqual([isoOf(124), isoOf(124)]);
  });

  it('says what scores meant, as CSV too', async () => {
    const text = await ask('track-record?detail=bands&format=csv');
    expect(text).toBe(
      `asOf,stage,title,position,from,to,n,lost,rate,lo,hi\r\n${isoOf(124)},,Buying,0,30,30,40,32,0.8,0.65,0.9\r\n`,
    );
  });
});

describe('suggestions of points', () => {
  it('say why, in both languages', async () => {
    expect(await ask('suggestions')).toMatchObject([
      {
        ...{ rule: 'quiet', title: 'No use', stage: null, points: -18, suggested: -47, lo: -60, hi: -34 },
        sentence:
          '“No use” held for 40 of 120 customers, of whom 80 % were lost, against 13 % of the others. ' +
          'With all other rules taken into account that is worth −47 points (−60 to −34) instead of −18.',
      },
      {
        ...{ rule: 'stuck', title: 'Stuck', stage: 'interest', suggested: null, held: 12 },
        sentence: '“Stuck” held for 12 of 120 customers: too few, or too few without it, to judge it.',
      },
    ]);
    const [quiet] = await ask('suggestions?language=ja');
    expect(quiet.sentence).toBe(
      '「利用なし」は顧客120件中40件に該当し、離脱率は80 %（その他は13 %）。他のルールを考慮すると、現在の−18点ではなく−47点に相当します（−60～−34）。',
    );
  });
});
