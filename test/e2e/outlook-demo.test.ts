import { alerterSettings, loadAlertingFiles, openAlerting } from '@michinori/alerter';
import type { ClickHouse } from '@michinori/clickhouse';
import { eventFromObject } from '@michinori/events';
import {
  type ActiveDerivation,
  runHealthBands,
  runHealthRecord,
  runJourneyLosses,
  runJourneyOutlook,
  runJourneyStages,
  runOutlookTrackRecord,
  runPointSuggestions,
} from '@michinori/queries';
import { createMetrics, createSilentLogger } from '@michinori/runtime';
import { simulate } from '@michinori/standalone';
import { activeDerivation } from '@michinori/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayUs, demoScope, endUs, plans } from './journeys/demo-world.ts';
import { deriveAll, openTables, shippedJourney, storeEvents } from './journeys/tables.ts';
import { report } from './journeys/told.ts';

const { truth, events } = simulate({ seed: 7, endUs, customers: 1_500 });
const success: ActiveDerivation = { derivation: 1, journey: shippedJourney('customer-success') };
let clickhouse: ClickHouse;
let close = async () => {};

function* accepted() {
  for (const { event, receivedAtUs } of events) {
    const verdict = eventFromObject(event, { receivedAtUs });
    if (!verdict.accepted) throw new Error(verdict.rejected.rejection.message);
    yield verdict.event;
  }
}

beforeAll(async () => {
  ({ clickhouse, close } = await openTables());
  await storeEvents(clickhouse, accepted());
  await deriveAll(clickhouse, { id: success.derivation, journey: success.journey });
  await activeDerivation(clickhouse, success.journey, success.derivation);
}, 600_000);

afterAll(() => close());

describe('losses', () => {
  it('add up to those of the stages and of the truth, by silence and by exits, in every plan', async () => {
    const { rows } = await runJourneyLosses(clickhouse, demoScope(success));
    const sum = (stage: string, ...kinds: string[]) =>
      rows
        .filter((row) => row.stage === stage && kinds.includes(row.kind))
        .reduce((total, { lost }) => total + lost, 0);
    const stages = await runJourneyStages(clickhouse, demoScope(success));
    const known: Readonly<Record<string, { lostByExit: number; lostBySilence: number }>> =
      truth.visits['customer-success'];
    let losses = 0;
    for (const { stage, lost, lostSilent, lostExit } of stages.rows.filter(({ completed }) => completed === 0)) {
      expect([stage, sum(stage, 'all'), sum(stage, 'silent'), sum(stage, 'exit')]).toEqual([
        ...[stage, lost, lostSilent, lostExit],
      ]);
      expect([lostExit, lostSilent]).toEqual([known[stage]?.lostByExit, known[stage]?.lostBySilence]);
      losses += lost;
    }
    expect(losses).toBeGreaterThan(300);
    const split = await runJourneyLosses(clickhouse, demoScope(success, { by: 'plan', interval: 'month' }));
    const all = split.rows.filter(({ kind }) => kind === 'all');
    expect(all.reduce((total, { lost }) => total + lost, 0)).toBe(losses);
    expect(new Set(all.map(({ segment }) => segment))).toEqual(new Set(plans));
  });
});

describe('the outlook', () => {
  it('shows every open visit once, and is learnt from last year by default', async () => {
    const stages = await runJourneyStages(clickhouse, demoScope(success));
    for (const by of [{}, { by: 'plan' }]) {
      const { rows } = await runJourneyOutlook(clickhouse, demoScope(success, by));
      for (const { stage, open } of stages.rows) {
        const shown = rows.filter((row) => row.stage === stage).reduce((sum, row) => sum + row.open, 0);
        expect([stage, shown]).toEqual([stage, open]);
      }
      for (const row of rows.filter(({ state }) => state === 'ok')) {
        expect((row.advanced ?? 0) + (row.lost ?? 0) + (row.staying ?? 0) + (row.returned ?? 0)).toBeCloseTo(1, 9);
      }
    }
  });

  it('of sixty days has a verdict at every stage, and what it said of past moments is what happened as often', async () => {
    const horizonUs = 60 * dayUs;
    const { rows, calibration } = await runOutlookTrackRecord(clickhouse, demoScope(success, { by: 'plan' }), {
      horizonUs,
    });
    expect(rows.map(({ stage }) => stage)).toEqual(['onboarding', 'adoption', 'value']);
    for (const { stage, skill, lo, hi, verdict, cuts, visits, sampledShare } of rows) {
      report(`${stage}, ${visits} visits: ${verdict}, skill`, { value: skill, lo, hi });
      expect(verdict).not.toBe('insufficient');
      expect([cuts, sampledShare]).toEqual([8, 1]);
      expect(visits).toBeGreaterThan(100);
    }
    const inside = (bins: typeof calibration, said: (bin: (typeof calibration)[number]) => number) =>
      bins.filter((bin) => bin.lo <= said(bin) && said(bin) <= bin.hi).length / bins.length;
    expect(calibration.length).toBeGreaterThan(50);
    expect(inside(calibration, ({ forecast }) => forecast)).toBeGreaterThan(0.85);
    // The other way round it would have been wrong: the bins can tell.
    const losses = calibration.filter(({ outcome }) => outcome === 'lost');
    expect(inside(losses, ({ forecast }) => 1 - forecast)).toBeLessThan(0.5);
  });
});

describe('the track record of health', () => {
  it('is there after the first night of an alerter, from a history that was made up for', async () => {
    let nowUs = endUs;
    const alerting = openAlerting({
      ...{
        clickhouse,
        log: null,
        logger: createSilentLogger(),
        nowUs: () => nowUs,
      },
      metrics: createMetrics({ service: 'alerter', version: '0', withProcessMetrics: false }),
      ...{ config: alerterSettings.parse({}), files: loadAlertingFiles({}, {}) },
    });
    // One look to see how many events there are, one to see that there are no more.
    for (let minute = 0; minute < 2; minute += 1) {
      await alerting.tick();
      nowUs += 60_000_000;
    }
    await alerting.stop();
    const scope = demoScope(success, { asOf: nowUs });
    const rows = await runHealthRecord(clickhouse, scope, { isHistory: false });
    expect(rows.map(({ stage }) => stage)).toEqual([null, 'onboarding', 'adoption', 'value']);
    const [whole] = rows;
    report(`scores of thirty days ago, ${whole?.n} customers, ${whole?.lost} lost: AUC`, {
      ...{ value: whole?.auc, lo: whole?.aucLo, hi: whole?.aucHi },
    });
    expect(whole).toMatchObject({ state: 'ok', horizonSeconds: 30 * 86_400 });
    expect(whole?.aucLo).toBeGreaterThan(0.5);
    expect(whole?.leadSecondsP50).toBeGreaterThan(0);
    const bands = (await runHealthBands(clickhouse, scope)).filter(({ stage }) => stage === null);
    expect(bands.reduce((sum, { n }) => sum + n, 0)).toBe(whole?.n);
    expect(bands.reduce((sum, { lost }) => sum + lost, 0)).toBe(whole?.lost);
    const suggestions = await runPointSuggestions(clickhouse, scope, { language: 'ja' });
    const ids = [success.journey.health?.rules ?? [], ...success.journey.stages.map(({ health }) => health ?? [])];
    expect(suggestions.map(({ rule }) => rule)).toEqual(ids.flat().map(({ id }) => id));
    for (const { sentence } of suggestions) expect(sentence).toMatch(/。$/);
  }, 300_000);
});
