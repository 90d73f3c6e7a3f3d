import { bestSegment, bottleneckGain, type ShrunkRate, shrinkMeans, shrinkRates, wilson } from '@michinori/statistics';
import { describe, expect, it } from 'vitest';
import gainGolden from './bottleneck-gain.golden.json' with { type: 'json' };
import { expectNear } from './near.ts';
import meansGolden from './shrink-means.golden.json' with { type: 'json' };
import ratesGolden from './shrink-rates.golden.json' with { type: 'json' };

describe('shrunk means', () => {
  it('agree with the golden vectors: statsmodels for the variance between cells, Morris (1983) for the rest', () => {
    for (const row of meansGolden.rows) {
      const result = shrinkMeans(row.cells);
      expectNear(result?.betweenVariance ?? null, row.between, 1e-8, 1e-12);
      expectNear(result?.grandMean ?? null, row.mean, 1e-8);
      expect(result?.cells).toHaveLength(row.shrunk.length);
      result?.cells.forEach((cell, i) => {
        expectNear(cell.shrunk, row.shrunk[i] ?? Number.NaN, 1e-8, 1e-12);
        expectNear(cell.lo, row.lo[i] ?? Number.NaN, 1e-8, 1e-12);
        expectNear(cell.hi, row.hi[i] ?? Number.NaN, 1e-8, 1e-12);
      });
    }
  });

  it('of 18 batters are the published ones (Efron & Morris, 1977)', () => {
    const hits = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7];
    const average = hits.reduce((sum, k) => sum + k / 45, 0) / hits.length;
    // n only says how much a batter's own variance weighs; the sampling variance is the binomial one over 45 bats.
    const variance = (average * (1 - average) * 29) / 45;
    const result = shrinkMeans(hits.map((k) => ({ n: 29, mean: k / 45, variance })));
    expect(result?.grandMean).toBeCloseTo(0.265, 3);
    expect(result?.cells[0]?.weight).toBeCloseTo(0.212, 3);
    expect(result?.cells[0]?.shrunk).toBeCloseTo(0.294, 3);
    expect(result?.cells[17]?.shrunk).toBeCloseTo(0.242, 3);
  });

  it('weigh a cell by what it holds', () => {
    const cells = [3, 10, 25, 400].map((n, i) => ({ n, mean: i % 2, variance: 1 }));
    const weights = shrinkMeans([...cells, { n: 1, mean: 0.5, variance: null }])?.cells.map(({ weight }) => weight);
    expect(weights).toEqual([...(weights ?? [])].sort((x, y) => x - y).map((_, i, sorted) => sorted[(i + 1) % 5]));
    expect(weights?.every((weight) => weight > 0 && weight <= 1)).toBe(true);
  });

  it('do not depend on the unit of the values', () => {
    for (const { cells, shrunk } of meansGolden.rows) {
      for (const unit of [1e-4, 1e4]) {
        const scaled = cells.map((c) => ({ n: c.n, mean: c.mean * unit, variance: c.variance * unit * unit }));
        shrinkMeans(scaled)?.cells.forEach((cell, i) => {
          expectNear(cell.shrunk, (shrunk[i] ?? Number.NaN) * unit, 1e-8, 1e-12 * unit);
        });
      }
    }
  });

  it('are none where the spreads cannot be learned', () => {
    const cell = { n: 5, mean: 1, variance: 1 };
    expect(shrinkMeans([])).toBeNull();
    expect(shrinkMeans([cell, cell, cell])).toBeNull();
    expect(shrinkMeans([1, 2, 3, 4].map((mean) => ({ n: 1, mean, variance: null })))).toBeNull();
    expect(shrinkMeans([1, 2, 3, 4].map((mean) => ({ n: 5, mean, variance: 0 })))).toBeNull();
    expect(() => shrinkMeans([cell, cell, cell, { n: 0, mean: 0, variance: null }])).toThrow(RangeError);
  });

  it('of equal cells are their common mean', () => {
    const result = shrinkMeans(Array.from({ length: 6 }, () => ({ n: 9, mean: 0.3, variance: 0.5 })));
    expect(result?.betweenVariance).toBe(0);
    for (const { shrunk, lo, hi } of result?.cells ?? []) {
      expect(shrunk).toBeCloseTo(0.3, 14);
      expect(lo).toBeLessThan(0.3);
      expect(hi).toBeGreaterThan(0.3);
    }
  });
});

describe('shrunk rates', () => {
  it('agree with the golden vectors', () => {
    for (const row of ratesGolden.rows) {
      shrinkRates(row.segments).forEach(({ rate, lo, hi }, i) => {
        expectNear(rate, row.rate[i] ?? Number.NaN, 1e-8);
        expectNear(lo, row.lo[i] ?? Number.NaN, 1e-7);
        expectNear(hi, row.hi[i] ?? Number.NaN, 1e-7);
      });
    }
  });

  it('put a lucky small segment behind a large good one', () => {
    const large = [650, 590, 580, 620, 600, 570, 630, 610, 605, 595, 585].map((k) => ({ k, n: 1000 }));
    const segments = [{ k: 27, n: 40 }, ...large];
    const shrunk = shrinkRates(segments);
    expect(shrunk[0]?.rate).toBeLessThan(shrunk[1]?.rate ?? 0);
    expect(shrunk[0]?.weight).toBeLessThan(shrunk[1]?.weight ?? 0);
    expect(bestSegment(shrunk)).toBe(1);
    for (const { rate, lo, hi } of shrunk) expect(0 < lo && lo < rate && rate < hi && hi < 1).toBe(true);
  });

  it('are the plain ones when there is nothing to learn from', () => {
    const plain = ({ k, n }: { k: number; n: number }) => ({ k, n, rate: k / n, ...wilson(k, n), weight: 1 });
    const three = [1, 2, 3].map((k) => ({ k, n: 10 }));
    expect(shrinkRates(three)).toEqual(three.map(plain));
    for (const share of [0, 1]) {
      const extreme = [5, 6, 7, 80].map((n) => ({ k: share * n, n }));
      expect(shrinkRates(extreme)).toEqual(extreme.map(plain));
    }
    expect(shrinkRates([])).toEqual([]);
    expect(() => shrinkRates([{ k: 0, n: 0 }])).toThrow(RangeError);
    expect(() => shrinkRates([{ k: 2, n: 1 }])).toThrow(RangeError);
  });

  it('survive segments that are all or nothing, or single', () => {
    const worlds = [[0, 0, 1, 1].map((share) => ({ k: 1000 * share, n: 1000 }))];
    worlds.push([0, 0, 0, 1, 0].map((k) => ({ k, n: 1 })));
    worlds.push([0, 0, 0, 80, 0].map((k) => ({ k, n: 10_000 })));
    worlds.push([1, 1e6, 3, 0, 0].map((k) => ({ k, n: 1e6 })));
    for (const world of worlds) {
      for (const { k, n, rate, lo, hi } of shrinkRates(world)) {
        expect(0 <= lo && lo < hi && hi <= 1, `${k} of ${n}: ${lo} … ${hi}`).toBe(true);
        expect(0 < rate && rate < hi && (lo < rate || n === 1)).toBe(true);
        expect(Math.abs(rate - k / n)).toBeLessThan(n === 1 ? 1 : 0.01);
      }
    }
  });

  it('name as the best the highest with enough customers, the larger of equals', () => {
    const segment = (rate: number, n: number): ShrunkRate => ({ k: 0, n, rate, lo: 0, hi: 1, weight: 1 });
    expect(bestSegment([segment(0.9, 29), segment(0.5, 30), segment(0.4, 900)])).toBe(1);
    expect(bestSegment([segment(0.5, 30), segment(0.5, 90), segment(0.5, 50)])).toBe(1);
    expect(bestSegment([segment(0.9, 29)], 20)).toBe(0);
    expect(bestSegment([segment(0.9, 29)])).toBeNull();
    expect(bestSegment([])).toBeNull();
  });
});

describe('gain of a bottleneck', () => {
  const best = (row: { rate: number; lo: number; hi: number; n: number }): ShrunkRate => ({ ...row, k: 0, weight: 1 });

  it('agrees with the golden vectors', () => {
    for (const { gain, lo, hi, ...row } of gainGolden.rows) {
      const result = bottleneckGain({ ...row, best: best(row.best) });
      expect(result.insufficient).toBeNull();
      expectNear(result.gain, gain, 1e-12, 1e-12);
      expectNear(result.lo, lo, 1e-9, 1e-12);
      expectNear(result.hi, hi, 1e-9, 1e-12);
    }
  });

  const solid = {
    entered: 300,
    months: 3,
    current: { k: 60, n: 200 },
    best: best({ rate: 0.31, lo: 0.24, hi: 0.39, n: 150 }),
    completed: { k: 80, n: 120 },
  };

  it('reports a doubtful or negative gain as it is', () => {
    const doubtful = bottleneckGain(solid);
    expect(doubtful.gain).toBeCloseTo((100 * 0.01 * 80) / 120, 12);
    expect(doubtful.lo).toBeLessThan(-1);
    const worse = bottleneckGain({ ...solid, current: { k: 190, n: 200 } });
    expect(worse.gain).toBeLessThan(0);
    expect(worse.hi).toBeLessThan(0);
  });

  it('is none where a rate stands on fewer than 30', () => {
    const none = { gain: null, lo: null, hi: null };
    expect(bottleneckGain({ ...solid, current: { k: 9, n: 29 } })).toEqual({ ...none, insufficient: 'current' });
    expect(bottleneckGain({ ...solid, best: { ...solid.best, n: 29 } })).toEqual({ ...none, insufficient: 'best' });
    expect(bottleneckGain({ ...solid, completed: { k: 9, n: 29 } })).toEqual({ ...none, insufficient: 'completed' });
    expect(bottleneckGain({ ...solid, current: { k: 9, n: 30 } }).insufficient).toBeNull();
  });

  it('refuses what are not counts, months and proportions', () => {
    for (const bad of [
      { entered: -1 },
      { entered: 0.5 },
      { months: 0 },
      { months: Infinity },
      { current: { k: 2, n: 1 } },
    ]) {
      expect(() => bottleneckGain({ ...solid, ...bad })).toThrow(RangeError);
    }
  });
});
