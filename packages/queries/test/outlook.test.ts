import type { ClickHouse } from '@michinori/clickhouse';
import { type Duration, outlook, riskTable, touchpointModel } from '@michinori/statistics';
import {
  insertUnitJourneys,
  referenceUnitJourneys,
  story,
  storyHour,
  storyJourney,
  storyStage,
  temporaryClickHouse,
} from '@michinori/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readUnitVisits, wholeScope } from '../src/customer/unit-visits.ts';
import { readVisitOutlook } from '../src/customer/visit-outlook.ts';
import { planJourney } from '../src/journey/scope.ts';
import { stageForecaster } from '../src/outlook/forecaster.ts';
import { tickSeconds } from '../src/outlook/outlook-scope.ts';
import { pastCutsUs, runOutlookTrackRecord } from '../src/outlook/outlook-track-record.ts';
import { runJourneyOutlook } from '../src/outlook/run-outlook.ts';
import { dayUs, simulatedJourney, simulatedNowUs, writeSimulation } from './journey-simulated.ts';

const closings: (() => Promise<void>)[] = [];
let clickhouse: ClickHouse;

const journey = storyJourney({
  segments: ['plan'],
  stages: [storyStage('a', ['A']), storyStage('b', ['B']), storyStage('c', ['C'], { terminal: true })],
});
const hand = { derivation: 1, journey };
const alike = { derivation: 2, journey: simulatedJourney };
const unlike = { derivation: 3, journey: simulatedJourney };

// Of 100 in stage a, 60 advance after 2 hours, 20 are lost after 4, 20 are still there after 40, at the end. Plan pro: c0 … c49.
const events = Array.from({ length: 100 }, (_, i) => {
  const plan = i < 50 ? 'pro' : 'free';
  const way = i % 5 < 3 ? 'A0 M1 B2' : i % 5 === 3 ? 'A0 M1 M3 X4' : 'A0 M1';
  return story(way, { customer: `c${i}`, traits: new Map([['plan', plan]]) });
}).flat();
const scope = (question: Parameters<typeof planJourney>[0] = {}) =>
  planJourney({ asOf: storyHour(40), ...question }, hand, 0);

beforeAll(async () => {
  clickhouse = await temporaryClickHouse({ onTestFinished: (close) => closings.push(close) });
  await insertUnitJourneys(clickhouse, 1, referenceUnitJourneys(journey, events));
  await writeSimulation(clickhouse, 2, { customers: 30_000 });
  await writeSimulation(clickhouse, 3, { customers: 6_000, proFactor: 3 });
});
afterAll(async () => {
  for (const close of closings) await close();
});

describe('a told journey', () => {
  it('has the shares of who had lasted as long', async () => {
    const { rows } = await runJourneyOutlook(clickhouse, scope());
    const ofA = rows.filter(({ stage }) => stage === 'a');
    expect(ofA.map(({ spentFromSeconds }) => spentFromSeconds / 3600)).toEqual([0, 3, 6, 12, 18, 24, 36, 48]);
    expect(ofA[0]).toMatchObject({ advanced: 0.6, lost: 0.2, landmarkSeconds: 0, atRisk: 100, weight: null, open: 0 });
    expect(ofA[0]?.staying).toBeCloseTo(0.2, 12);
    // After three hours the sixty are gone: half of the forty are lost at four.
    expect(ofA[1]).toMatchObject({ state: 'ok', advanced: 0, landmarkSeconds: 3 * 3600, atRisk: 40, returned: 0 });
    expect(ofA[1]?.lost).toBeCloseTo(0.5, 12);
    // Twenty are too few: the forecast is that of the forty who were left after two hours.
    expect(ofA[2]).toMatchObject({ landmarkSeconds: 2 * 3600, atRisk: 40 });
    expect(ofA[6]).toMatchObject({ open: 20, spentToSeconds: 48 * 3600, expectedAdvanced: 0 });
    expect(ofA[6]?.expectedLost).toBeCloseTo(10, 9);
    expect(ofA[7]).toMatchObject({ spentToSeconds: null, open: 0, expectedLost: 0 });
    // In stage b sixty are open there, for 38 hours, and nothing ever happened to any.
    const ofB = rows.filter(({ stage }) => stage === 'b');
    expect(ofB.reduce((sum, { open }) => sum + open, 0)).toBe(60);
    expect(ofB[0]).toMatchObject({ advanced: 0, lost: 0, staying: 1, position: 2 });
    expect(rows.some(({ stage }) => stage === 'c')).toBe(false);
  });

  it('has intervals of the pure function', async () => {
    const { rows } = await runJourneyOutlook(clickhouse, scope());
    const times = (count: number, hours: number, outcome: Duration['outcome']) =>
      Array.from({ length: count }, () => ({ seconds: hours * 3600, outcome }));
    const durations = [...times(60, 2, 'advanced'), ...times(20, 4, 'lost'), ...times(20, 40, 'open')];
    const plain = outlook(riskTable(durations), { spentSeconds: 3 * 3600, horizonSeconds: 24 * 3600 });
    expect(rows[1]).toMatchObject({
      advancedLo: plain.advanced.lo,
      advancedHi: plain.advanced.hi,
      lostLo: plain.lost.lo,
      lostHi: plain.lost.hi,
      stayingLo: plain.staying.lo,
      stayingHi: plain.staying.hi,
    });
    expect(plain.staying.lo).toBeCloseTo(1 - plain.lost.hi, 9);
  });

  it('splits by a segment, and draws segments that are alike to each other', async () => {
    const { rows } = await runJourneyOutlook(clickhouse, scope({ by: 'plan' }));
    const pro = rows.filter(({ stage, segment }) => stage === 'a' && segment === 'pro');
    expect(pro[0]).toMatchObject({ atRisk: 50, state: 'ok' });
    expect(pro[0]?.weight).toBeCloseTo(50 / 80, 9);
    expect(pro[6]?.open).toBe(10);
    const filtered = await runJourneyOutlook(clickhouse, scope({ segment: 'plan:pro' }));
    expect(filtered.rows[0]).toMatchObject({ segment: null, atRisk: 50 });
  });

  it('knows nothing where too few were watched for as long as the horizon', async () => {
    const { rows } = await runJourneyOutlook(clickhouse, scope({ asOf: storyHour(10) }));
    expect(rows[0]).toMatchObject({ state: 'insufficient', advanced: null, lostHi: null, landmarkSeconds: null });
    const band = rows.find(({ stage, open }) => stage === 'a' && open > 0);
    expect(band).toMatchObject({ open: 20, spentFromSeconds: 6 * 3600, expectedLost: null });
  });

  it('tells of one customer what it tells of all who stand there', async () => {
    const whole = wholeScope(hand, storyHour(40));
    const unit = { id: 'c4', isAnonymous: false };
    const [visit] = await readUnitVisits(clickhouse, whole, unit);
    if (visit === undefined) throw new Error('no visit');
    const told = await readVisitOutlook(clickhouse, whole, unit, visit);
    expect(told).toMatchObject({
      segment: 'plan:pro',
      spentSeconds: 40 * 3600,
      horizonSeconds: 24 * 3600,
      lastTouchpoint: 'M',
      landmarkSeconds: 2 * 3600,
      state: 'ok',
    });
    const { rows } = await runJourneyOutlook(clickhouse, scope({ by: 'plan' }));
    const alikeRow = rows.find(({ stage, segment, open }) => stage === 'a' && segment === 'pro' && open > 0);
    expect(told).toMatchObject({ lost: alikeRow?.lost, lostLo: alikeRow?.lostLo, weight: alikeRow?.weight });
    // A is followed by M a hundred times, M by M twenty times; entering is nothing that follows.
    const model = touchpointModel([
      { from: 'A', to: 'M', count: 100 },
      { from: 'M', to: 'M', count: 20 },
    ]);
    expect(told?.nextTouchpoints).toEqual(model.next('M', { limit: 5 }).rows);
    expect(told?.nextTouchpoints[0]).toMatchObject({ touchpoint: 'M', count: 20, probability: 1 });
  });
});

describe('journeys with a way back', () => {
  it('has shares that add up, with returning beside them', () => {
    const counts = [
      { tick: 1, advanced: 40, returned: 20, lost: 10, open: 0 },
      { tick: 100_000, advanced: 0, returned: 0, lost: 0, open: 30 },
    ];
    const forecast = stageForecaster([{ stage: 1, segment: '', counts }], dayUs, false).of(null, 0);
    expect(forecast.advanced).toBeCloseTo(0.4, 12);
    expect(forecast.lost).toBeCloseTo(0.1, 12);
    expect(forecast.returned).toBeCloseTo(0.2, 12);
    expect(forecast.staying).toBeCloseTo(0.3, 12);
  });
});

describe('ticks and cuts', () => {
  it('takes ten minutes of thirty days, and never less than a second', () => {
    expect(tickSeconds(30 * dayUs)).toBe(600);
    expect(tickSeconds(dayUs)).toBe(15);
    expect(tickSeconds(60e6)).toBe(1);
  });

  it('cuts where a horizon fits before and after', () => {
    expect(pastCutsUs(0, 100, 20)).toEqual([20, 40, 60, 80]);
    expect(pastCutsUs(0, 1200, 10)).toHaveLength(12);
    expect(pastCutsUs(0, 1200, 10).at(-2)).toBe(1090);
    expect(pastCutsUs(0, 30, 20)).toEqual([]);
  });
});

describe('simulated customers', () => {
  const trial = 0.75 * (1 - Math.exp(-0.04 * 28));

  it('is near the truth, however long somebody has stayed', async () => {
    const asked = planJourney({}, alike, simulatedNowUs);
    const { rows } = await runJourneyOutlook(clickhouse, asked);
    for (const row of rows.slice(0, 5)) {
      expect(Math.abs((row.advanced ?? 0) - trial)).toBeLessThan(0.03);
      expect(Math.abs((row.lost ?? 0) - trial / 3)).toBeLessThan(0.03);
    }
    expect(rows.reduce((sum, { open }) => sum + open, 0)).toBeGreaterThan(5000);
  });

  it('claims no skill where nothing tells customers apart, and finds it where something does', async () => {
    const question = { from: simulatedNowUs - 60 * dayUs };
    const horizon = { horizonUs: 10 * dayUs };
    const none = await runOutlookTrackRecord(clickhouse, planJourney(question, alike, simulatedNowUs), horizon);
    expect(none.rows).toHaveLength(1);
    expect(none.rows[0]).toMatchObject({ stage: 'trial', verdict: 'no_skill', cuts: 5 });
    expect(none.rows[0]?.sampledShare).toBeCloseTo(10_000 / 30_000, 9);
    const by = planJourney({ ...question, by: 'plan' }, unlike, simulatedNowUs);
    const some = await runOutlookTrackRecord(clickhouse, by, horizon);
    expect(some.rows[0]).toMatchObject({ verdict: 'skill', sampledShare: 1 });
    expect(some.rows[0]?.lo).toBeGreaterThan(0);
    expect(some.rows[0]?.advancedAucLo).toBeGreaterThan(0.5);
    for (const { forecast, lo, hi } of some.calibration.filter(({ outcome }) => outcome === 'advanced'))
      expect(forecast > lo - 0.03 && forecast < hi + 0.03).toBe(true);
  });
});
