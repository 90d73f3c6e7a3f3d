import {
  aalenJohansen,
  advanceQuantile,
  betaQuantile,
  landmarked,
  outlook,
  riskTable,
  segmentOutlooks,
  touchpointModel,
} from '@michinori/statistics';
import { describe, expect, it } from 'vitest';
import { expectNear } from '../near.ts';
import { goldenTable, tableOf } from '../survival/helpers.ts';
import chainGolden from './chain.golden.json' with { type: 'json' };
import landmarkGolden from './landmark.golden.json' with { type: 'json' };

describe('an outlook', () => {
  it('is the incidence of the cohort that is left', () => {
    for (const { cohort, spent, horizon, ...row } of landmarkGolden.rows) {
      const table = goldenTable(cohort);
      const result = outlook(table, { spentSeconds: spent, horizonSeconds: horizon, atRiskMin: 1 });
      expect([result.state, result.landmarkSeconds, result.atRisk]).toEqual(['ok', spent, row.atRisk]);
      const left = aalenJohansen(landmarked(table, spent));
      for (const outcome of ['advanced', 'lost'] as const) {
        expectNear(result.shares?.[outcome] ?? null, row[outcome], 1e-12, 1e-14);
        const { lo, hi } = left[outcome].at(horizon);
        expect(result[outcome]).toEqual({ lo, hi });
        expect(lo <= row[outcome] + 1e-12 && row[outcome] <= hi + 1e-12).toBe(true);
      }
      expectNear(result.shares?.staying ?? null, row.staying, 1e-12, 1e-14);
    }
  });

  it('of who stays has the interval of who is gone either way', () => {
    const table = tableOf([10, 40, 0, 0], [20, 20, 10, 0], [50, 0, 0, 30]);
    const { staying, shares } = outlook(table, { spentSeconds: 10, horizonSeconds: 20 });
    const { lo, hi } = aalenJohansen(tableOf([10, 30, 0, 0], [40, 0, 0, 30])).advanced.at(20);
    expect([staying.lo, staying.hi, shares?.staying]).toEqual([1 - hi, 1 - lo, 0.5]);
    const split = segmentOutlooks(new Map([['', table]]), { horizonSeconds: 20 }).of('', 10).staying;
    expect(split.lo < 0.5 && split.hi > 0.5 && split.hi - split.lo < 0.4).toBe(true);
  });

  it('falls back to an earlier landmark where too few stayed as long, or too short ago', () => {
    const table = tableOf([10, 40, 0, 0], [20, 20, 0, 0], [30, 9, 1, 0], [50, 0, 0, 5]);
    const at = (spentSeconds: number, horizonSeconds: number, atRiskMin = 30) => {
      const { landmarkSeconds, state, atRisk } = outlook(table, { spentSeconds, horizonSeconds, atRiskMin });
      return [state, landmarkSeconds, atRisk];
    };
    expect(at(0, 10)).toEqual(['ok', 0, 75]);
    expect(at(9, 10)).toEqual(['ok', 9, 75]);
    expect(at(10, 10)).toEqual(['ok', 10, 35]);
    expect(at(25, 10)).toEqual(['ok', 10, 35]);
    expect(at(25, 10, 15)).toEqual(['ok', 25, 15]);
    expect(at(25, 45)).toEqual(['ok', 5, 75]);
    expect(at(0, 50)).toEqual(['ok', 0, 75]);
    expect(at(0, 51)).toEqual(['insufficient', null, 0]);
    expect(at(0, 10, 76)).toEqual(['insufficient', null, 0]);
    const settled = tableOf([10, 40, 10, 0]);
    expect(outlook(settled, { spentSeconds: 5, horizonSeconds: 99 }).shares).toEqual({
      advanced: 0.8,
      lost: 0.2,
      staying: 0,
    });
    expect(outlook([], { spentSeconds: 0, horizonSeconds: 1 }).state).toBe('insufficient');
    expect(() => outlook(settled, { spentSeconds: -1, horizonSeconds: 1 })).toThrow(RangeError);
    expect(() => outlook(settled, { spentSeconds: 0, horizonSeconds: 0 })).toThrow(RangeError);
  });
});

describe('the quantile of those who advance', () => {
  it('is the time at which their share has', () => {
    for (const row of landmarkGolden.rows) {
      if (!('p50' in row)) continue;
      const table = goldenTable(row.cohort);
      expect(advanceQuantile(table, 0.5, 1)).toBe(row.p50);
      expect(advanceQuantile(table, 0.9, 1)).toBe(row.p90);
    }
  });

  it('exists where most are lost, and not where few advance', () => {
    const days = Array.from({ length: 30 }, (_, i) => ({ seconds: i + 1, outcome: 'advanced' as const }));
    const lost = Array.from({ length: 300 }, () => ({ seconds: 100, outcome: 'lost' as const }));
    expect(advanceQuantile(riskTable([...days, ...lost]), 0.9)).toBe(27);
    expect(aalenJohansen(riskTable([...days, ...lost])).advanced.quantile(0.9).seconds).toBeNull();
    expect(advanceQuantile(riskTable([...days.slice(1), ...lost]), 0.9)).toBeNull();
    expect(advanceQuantile([], 0.9, 0)).toBeNull();
    expect(() => advanceQuantile([], 0)).toThrow(RangeError);
  });
});

describe('a chain of touchpoints', () => {
  it('is drawn to the stage as strongly as in the golden vectors', () => {
    for (const { steps, strength } of chainGolden.rows) {
      const model = touchpointModel(
        steps.map(([from, to, count]) => ({ from: from as string | null, to: String(to), count: Number(count) })),
      );
      expectNear(model.strength, strength, 1e-4);
    }
  });

  const steps = [
    { from: null, to: 'a', count: 40 },
    { from: 'a', to: 'b', count: 30 },
    { from: 'a', to: 'c', count: 10 },
    { from: 'b', to: 'a', count: 20 },
    { from: 'c', to: 'b', count: 1 },
  ];

  it('has probabilities that add up, near the frequencies where much was seen', () => {
    const model = touchpointModel(steps);
    for (const last of [null, 'a', 'b', 'c', 'never seen']) {
      const { rows } = model.next(last);
      expectNear(
        rows.reduce((sum, { probability }) => sum + probability, 0),
        1,
        1e-12,
      );
      for (const { touchpoint, probability, lo, hi } of rows) {
        expect(model.probability(last, touchpoint)).toBe(probability);
        expect(lo < probability && probability < hi && 0 <= lo && hi <= 1).toBe(true);
      }
      expect(rows.map(({ probability }) => probability)).toEqual(
        rows.map(({ probability }) => probability).toSorted((a, b) => b - a),
      );
    }
    const { rows, seen } = model.next('a');
    expect(seen).toBe(40);
    expect(rows[0]).toMatchObject({ touchpoint: 'b', count: 30 });
    expect(Math.abs((rows[0]?.probability ?? 0) - 0.75)).toBeLessThan(0.05);
    expect(model.next('a', { limit: 1 }).rows).toHaveLength(1);
  });

  it('falls back to the frequencies of the stage', () => {
    const { rows, seen } = touchpointModel(steps).next('never seen');
    expect(seen).toBe(0);
    expect(rows.map(({ touchpoint, count }) => [touchpoint, count])).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 0],
    ]);
    expectNear(rows[0]?.probability ?? null, 60 / 101, 1e-12);
  });

  it('of nothing says nothing', () => {
    const model = touchpointModel([]);
    expect(model.next(null)).toEqual({ rows: [], seen: 0 });
    expect(model.probability('a', 'b')).toBe(0);
    expect(touchpointModel([{ from: null, to: 'a', count: 1 }]).next(null).rows).toMatchObject([{ probability: 1 }]);
    expect(() => touchpointModel([{ from: null, to: 'a', count: 0.5 }])).toThrow(RangeError);
    expect(() => touchpointModel([...steps, { from: null, to: 'a', count: 1 }])).toThrow(RangeError);
  });
});

describe('segments', () => {
  const table = (advanced: number, lost: number, staying: number) =>
    tableOf([10, advanced, lost, 0], [20, 0, 0, staying]);

  it('that are few are drawn to the journey as if it were 30 visits', () => {
    const tables = new Map([
      ['a', table(30, 0, 0)],
      ['b', table(0, 30, 0)],
    ]);
    const outlooks = segmentOutlooks(tables, { horizonSeconds: 15 });
    expect(outlooks.shares('a', 0)).toEqual({ advanced: 0.75, lost: 0.25, staying: 0 });
    expect(outlooks.of('a', 0)).toMatchObject({ weight: 0.5, atRisk: 30, landmarkSeconds: 0, state: 'ok' });
    expect(outlooks.of('unknown', 0)).toMatchObject({ weight: 0, atRisk: 0, shares: { advanced: 0.5, lost: 0.5 } });
    expect(outlooks.of('a', 0).lost.lo).toBeGreaterThan(0);
  });

  it('count with the visits whose state at the horizon is known', () => {
    const tables = new Map([
      ['a', tableOf([5, 0, 0, 10], [10, 20, 0, 0], [20, 0, 0, 30])],
      ['b', tableOf([5, 0, 0, 0], [10, 10, 30, 0], [20, 0, 0, 60])],
    ]);
    const outlooks = segmentOutlooks(tables, { horizonSeconds: 15 });
    const { weight, advanced, shares } = outlooks.of('a', 0);
    expect(weight).toBe(50 / 80);
    const [p, common] = [shares?.advanced ?? 0, outlooks.shares('unknown', 0)?.advanced ?? 0];
    expectNear(p, (50 * 0.4 + 30 * common) / 80, 1e-12);
    const doubt = (2 * (30 / 80) ** 2 * (0.4 - common) ** 2) / (p * (1 - p));
    const worth = 1 / (1 / 81 + doubt) - 1;
    expectNear(advanced.lo, betaQuantile(0.025, p * worth + 0.5, (1 - p) * worth + 0.5), 1e-9);
    expect(outlooks.of('b', 0).weight).toBe(100 / 130);
    const later = new Map(
      [...tables].map(([name, rows]) => [name, rows.map((row) => ({ ...row, seconds: row.seconds + 9 }))]),
    );
    expect(segmentOutlooks(later, { horizonSeconds: 15 }).of('a', 14).weight).toBe(50 / 80);
  });

  it('worth no more than all visits there are', () => {
    const tables = new Map([['a', tableOf([10, 10, 10, 0], [20, 0, 0, 20])]]);
    const { advanced, weight } = segmentOutlooks(tables, { horizonSeconds: 15 }).of('a', 0);
    expect(weight).toBe(40 / 70);
    expectNear(advanced.lo, betaQuantile(0.025, 10.5, 30.5), 1e-9);
  });

  it('that differ widely stay as they are, equal ones become the journey', () => {
    const named = (each: ReturnType<typeof table>[]) => new Map(each.map((one, i) => [`s${i}`, one]));
    const wide = named([
      table(190, 10, 0),
      table(10, 190, 0),
      table(150, 50, 0),
      table(60, 140, 0),
      table(100, 100, 0),
    ]);
    expect(segmentOutlooks(wide, { horizonSeconds: 15 }).of('s0', 0).weight).toBeGreaterThan(0.95);
    const equal = named(Array.from({ length: 5 }, () => table(40, 40, 20)));
    const { weight, shares, advanced } = segmentOutlooks(equal, { horizonSeconds: 15 }).of('s0', 0);
    expect(weight).toBe(0);
    expect(shares).toEqual({ advanced: 0.4, lost: 0.4, staying: 0.2 });
    expect(advanced.hi - advanced.lo).toBeGreaterThan(0.05);
  });

  it('of which nothing is known are insufficient', () => {
    const outlooks = segmentOutlooks(new Map([['a', table(5, 5, 5)]]), { horizonSeconds: 15 });
    expect(outlooks.shares('a', 0)).toBeNull();
    expect(outlooks.of('a', 0)).toMatchObject({ state: 'insufficient', shares: null, weight: 0 });
    expect(() => segmentOutlooks(new Map(), { horizonSeconds: 0 })).toThrow(RangeError);
  });
});
