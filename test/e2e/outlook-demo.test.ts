import type { ClickHouse } from '@michinori/clickhouse';
import { eventFromObject } from '@michinori/events';
import {
  type ActiveDerivation,
  runJourneyLosses,
  runJourneyOutlook,
  runJourneyStages,
  runOutlookTrackRecord,
} from '@michinori/queries';
import { simulate } from '@michinori/standalone';
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
