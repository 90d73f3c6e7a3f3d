import type { ClickHouse } from '@michinori/clickhouse';
import {
  planJourney,
  runJourneyBottlenecks,
  runJourneyMap,
  runJourneyStages,
  runJourneyTouchpoints,
  runJourneyTransitions,
} from '@michinori/queries';
import {
  insertUnitJourneys,
  referenceUnitJourneys,
  story,
  storyEvent,
  storyHour,
  storyJourney,
  storyStage,
  temporaryClickHouse,
} from '@michinori/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayUs, simulatedJourney, simulatedNowUs, writeSimulation } from './journey-simulated.ts';

const closings: (() => Promise<void>)[] = [];
let clickhouse: ClickHouse;

const told = storyJourney({
  segments: ['plan'],
  stages: [
    storyStage('a', ['A'], {
      title: { en: 'First', ja: '最初' },
      touchpoints: ['A', 'mail.*', 'call'],
      goals: [{ metric: 'advanced_rate', atLeast: 0.5, atMost: null }],
    }),
    storyStage('b', ['B'], { lostAfterUs: 10 * 3600e6 }),
    storyStage('c', ['C'], { terminal: true }),
  ],
});
const simulated = { derivation: 1, journey: simulatedJourney };
const biased = { derivation: 2, journey: simulatedJourney };
const hand = { derivation: 3, journey: told };

// c0: a→b→c. c1: a, lost. c2: a→b, silent. c3: a→c over b, then a→b→c. c4: enters at b, open.
const handEvents = ['A0 mail.sent1 B2 C5', 'A0 mail.sent1 X3', 'A0 B4', 'A1 C7 A8 B9 C10', 'B20'].flatMap((text, i) =>
  story(text, { customer: `c${i}`, traits: new Map([['plan', i % 2 === 0 ? 'pro' : 'free']]) }),
);

beforeAll(async () => {
  clickhouse = await temporaryClickHouse({ onTestFinished: (close) => closings.push(close) });
  await writeSimulation(clickhouse, 1, { customers: 120_000 });
  await writeSimulation(clickhouse, 2, { customers: 60_000, proFactor: 2, touchFactor: 1.5 });
  const felt = [storyEvent('survey', 1.5, { customer: 'c0', sentiment: 0.5 })];
  const rows = referenceUnitJourneys(told, [...handEvents, ...felt]);
  await insertUnitJourneys(clickhouse, 3, rows);
});
afterAll(async () => {
  for (const close of closings) await close();
});

const handScope = (question: Parameters<typeof planJourney>[0] = {}) =>
  planJourney({ from: storyHour(0), to: storyHour(24), asOf: storyHour(26), ...question }, hand, 0);

describe('a simulated journey of which two thirds are still under way', () => {
  const scope = planJourney({ from: simulatedNowUs - 61 * dayUs }, simulated, simulatedNowUs);

  it('is estimated within a point of the truth, where counting is ten points off', async () => {
    const { rows } = await runJourneyStages(clickhouse, scope);
    const trial = rows[0];
    const advancedTrue = 0.75 * (1 - Math.exp(-0.04 * 28));
    expect(trial).toMatchObject({ stage: 'trial', n: 120_000, entered: 120_000, horizonSeconds: 28 * 86_400 });
    expect(Math.abs((trial?.estimate ?? 0) - advancedTrue)).toBeLessThan(0.01);
    expect(Math.abs((trial?.lostEstimate ?? 0) - advancedTrue / 3)).toBeLessThan(0.01);
    expect(trial?.estimateLo).toBeLessThan(advancedTrue);
    expect(trial?.estimateHi).toBeGreaterThan(advancedTrue);
    expect(Math.abs((trial?.naiveRate ?? 0) - 0.408)).toBeLessThan(0.01);
    expect(Math.abs((trial?.naiveLostRate ?? 0) - 0.136)).toBeLessThan(0.01);
  });

  it('has the median time to advance of all, which half of them never need', async () => {
    const { rows } = await runJourneyStages(clickhouse, scope);
    const medianTrue = -Math.log(1 - 0.5 / 0.75) / 0.04;
    expect(Math.abs((rows[0]?.secondsP50 ?? 0) / 86_400 - medianTrue)).toBeLessThan(0.7);
    expect(rows[0]?.naiveSecondsMean).toBeLessThan(16 * 86_400);
  });

  it('is judged at another horizon on demand', async () => {
    const { rows } = await runJourneyStages(clickhouse, scope, { horizonUs: 7 * dayUs });
    expect(rows[0]?.horizonSeconds).toBe(7 * 86_400);
    expect(Math.abs((rows[0]?.estimate ?? 0) - 0.75 * (1 - Math.exp(-0.28)))).toBeLessThan(0.01);
  });

  it('knows nothing of times that nobody was watched for', async () => {
    const young = planJourney({ from: simulatedNowUs - 10 * dayUs }, simulated, simulatedNowUs);
    const { rows } = await runJourneyStages(clickhouse, young);
    expect(rows[0]).toMatchObject({ estimate: null, estimateHi: 1, state: 'immature' });
    expect(rows[0]?.estimateLo).toBeGreaterThan(0.2);
  });
});

describe('segments that differ, and a touch that helps', () => {
  const scope = (question: Parameters<typeof planJourney>[0] = {}) =>
    planJourney({ from: simulatedNowUs - 61 * dayUs, ...question }, biased, simulatedNowUs);

  it('shows the difference, each against the rest', async () => {
    const { rows } = await runJourneyStages(clickhouse, scope({ by: 'plan' }));
    const trials = rows.filter(({ stage }) => stage === 'trial');
    expect(trials.map(({ segment }) => segment)).toEqual(['pro', 'free']);
    for (const { pValue, qValue } of trials) {
      expect(pValue).toBeLessThan(1e-9);
      expect(qValue).toBeGreaterThanOrEqual(pValue ?? 1);
    }
  });

  it('finds the rate ratio of the touch, though who stays longer is touched more', async () => {
    const { rows } = await runJourneyTouchpoints(clickhouse, scope({ segment: 'plan:free' }));
    const webinar = rows.find(({ touchpoint }) => touchpoint === 'webinar');
    expect(webinar?.effectState).toBe('ok');
    expect(Math.abs((webinar?.effect ?? 0) - 1.5)).toBeLessThan(0.12);
    expect(webinar?.effectLo).toBeLessThan(1.5);
    expect(webinar?.effectHi).toBeGreaterThan(1.5);
    expect(webinar?.pValue).toBeLessThan(0.001);
    const entry = rows.find(({ touchpoint, stage }) => touchpoint === 'A' && stage === 'trial');
    expect(entry).toMatchObject({ touchedShare: 1, effect: null, effectState: 'no_unexposed_time' });
  });

  it('finds no effect where there is none', async () => {
    const plain = planJourney({ from: simulatedNowUs - 61 * dayUs }, simulated, simulatedNowUs);
    const { rows } = await runJourneyTouchpoints(clickhouse, plain);
    const webinar = rows.find(({ touchpoint }) => touchpoint === 'webinar');
    expect(webinar?.effectLo).toBeLessThan(1.02);
    expect(webinar?.effectHi).toBeGreaterThan(0.98);
  });

  it('says what the stage would gain', async () => {
    const rows = await runJourneyBottlenecks(clickhouse, scope());
    expect(rows).toHaveLength(1);
    const [row] = rows;
    expect(row).toMatchObject({
      stage: 'trial',
      by: 'plan',
      bestSegment: 'pro',
      state: 'ok',
      reason: null,
      completionShare: 1,
    });
    const expected = (row?.enteredPerMonth ?? 0) * ((row?.bestRate ?? 0) - (row?.rate ?? 0));
    expect(row?.gain).toBeCloseTo(expected, -1);
    expect(row?.gainLo).toBeGreaterThan(0);
    expect(row?.priority).toBeCloseTo((row?.gain ?? 0) / 3, 6);
  });

  it('compares nothing where there is one segment only', async () => {
    const rows = await runJourneyBottlenecks(clickhouse, scope({ segment: 'plan:pro' }));
    expect(rows[0]).toMatchObject({ gain: null, priority: null, state: 'insufficient', reason: 'segments' });
  });
});

describe('a told journey', () => {
  it('has stages with their outcomes', async () => {
    const { rows } = await runJourneyStages(clickhouse, handScope(), { language: 'ja' });
    expect(rows).toMatchObject([
      {
        stage: 'a',
        title: '最初',
        entered: 4,
        advanced: 3,
        lostExit: 1,
        open: 0,
        k: 3,
        goal: 'advanced_rate ≥ 0.5',
        goalMet: null,
      },
      { stage: 'b', title: 'b', entered: 4, advanced: 2, lostSilent: 1, lost: 1, open: 1, state: 'insufficient' },
      { stage: 'c', entered: 2, completed: 2, k: 2, rate: 1, secondsP50: null },
    ]);
  });

  it('lists empty buckets in the time zone', async () => {
    const scope = handScope({ interval: 'day', timezone: 'Asia/Tokyo' });
    const { rows } = await runJourneyStages(clickhouse, scope);
    expect(rows.map(({ bucket, stage, entered }) => [((bucket ?? 0) - storyHour(0)) / 3600e6, stage, entered])).toEqual(
      [
        [-9, 'a', 4],
        [-9, 'b', 3],
        [-9, 'c', 2],
        [15, 'a', 0],
        [15, 'b', 1],
        [15, 'c', 0],
      ],
    );
  });

  it('has transitions, with those who come from outside', async () => {
    const { rows } = await runJourneyTransitions(clickhouse, handScope());
    expect(rows.map(({ from, to, customers, n }) => `${from} ${to} ${customers}/${n}`)).toEqual([
      'null a 4/5',
      'a b 2/4',
      'a c 1/4',
      'a lost 1/4',
      'null b 1/5',
      'b c 2/4',
      'b silent 1/4',
      'b open 1/4',
    ]);
    const onward = rows.find(({ from, to }) => from === 'a' && to === 'b');
    expect(onward).toMatchObject({ naiveSecondsP25: 2.5 * 3600, naiveSecondsP50: 3 * 3600, secondsP50: 4 * 3600 });
    expect(rows.find(({ to }) => to === 'open')).toMatchObject({ naiveSecondsP50: null, secondsP50: null });
  });

  it('has touchpoints in the order of the definition, with those that were never seen', async () => {
    const { rows } = await runJourneyTouchpoints(clickhouse, handScope());
    const first = rows.filter(({ stage }) => stage === 'a');
    expect(first).toMatchObject([
      { touchpoint: 'A', touched: 4, touchedShare: 1, advanced: 3, lost: 1, lastBeforeLoss: 0, lastBeforeLossShare: 0 },
      { touchpoint: 'mail.sent', touched: 2, touchedShare: 0.5, lastBeforeLoss: 1, lastBeforeLossShare: 1, k: 1 },
      { touchpoint: 'call', touched: 0, touchedShare: 0, dropOffRate: null, effect: null, effectState: 'insufficient' },
      { touchpoint: 'survey', touched: 1 },
    ]);
    expect(first[1]?.secondsTouchToAdvanceP50).toBe(3600);
  });

  it('does not know touches that are yet to come', async () => {
    const { rows } = await runJourneyTouchpoints(clickhouse, handScope({ asOf: storyHour(0.5) }));
    expect(rows.map(({ touchpoint, touched }) => `${touchpoint} ${touched}`)).toEqual(['A 3', 'mail.* 0', 'call 0']);
  });

  it('judges a touched visit from the touch, not from the entry', async () => {
    const day = storyHour(24) - storyHour(0);
    const short = { ...told, stages: told.stages.map((stage) => ({ ...stage, horizonUs: day / 16 })) };
    const scope = planJourney({ from: storyHour(0), asOf: storyHour(26) }, { derivation: 3, journey: short }, 0);
    const { rows } = await runJourneyTouchpoints(clickhouse, scope);
    expect(rows[0]).toMatchObject({ touchpoint: 'A', n: 4, k: 0 });
    expect(rows[1]).toMatchObject({ touchpoint: 'mail.sent', n: 2, k: 1 });
  });

  it('is drawn', async () => {
    const { rows } = await runJourneyMap(clickhouse, handScope(), { detail: 'overview' });
    expect(rows.map(({ kind, stage, to, entered }) => `${kind} ${stage} ${to} ${entered}`)).toEqual([
      'stage a null 4',
      'stage b null 4',
      'stage c null 2',
      'edge null a 4',
      'edge a b 2',
      'edge a c 1',
      'edge a lost 1',
      'edge null b 1',
      'edge b c 2',
      'edge b silent 1',
      'edge b open 1',
    ]);
    expect(rows[0]).toMatchObject({
      title: 'First',
      position: 1,
      sentiment: 0.5,
      rate: 0.75,
      goal: 'advanced_rate ≥ 0.5',
    });
    expect(rows[4]).toMatchObject({ position: 1, share: 0.5, title: 'a → b' });
    const { rows: full } = await runJourneyMap(clickhouse, handScope());
    const touchpoints = full.filter(({ kind, stage }) => kind === 'touchpoint' && stage === 'a');
    expect(touchpoints.map(({ touchpoint, position, sentiment }) => [touchpoint, position, sentiment])).toEqual([
      ['A', 1, null],
      ['mail.sent', 2, null],
      ['call', 3, null],
      ['survey', 4, 0.5],
    ]);
  });
});
