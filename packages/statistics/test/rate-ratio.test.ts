import {
  bandEdges,
  type ExposureStratum,
  mantelHaenszelRateRatio,
  personTimeBands,
  rateRatio,
} from '@michinori/statistics';
import { describe, expect, it } from 'vitest';
import { expectNear } from './near.ts';
import golden from './rate-ratio.golden.json' with { type: 'json' };

const stratum = (eventsExposed: number, timeExposed: number, eventsUnexposed: number, timeUnexposed: number) => ({
  eventsExposed,
  timeExposed,
  eventsUnexposed,
  timeUnexposed,
});

describe('rate ratio', () => {
  it('agrees with the golden vectors, by both methods, with one and with many strata', () => {
    for (const { strata, method, ratio, lo, hi, p } of golden.rows) {
      const result = mantelHaenszelRateRatio(strata);
      expect(result.method).toBe(method);
      if (ratio === null) expect(result.ratio).toBeNull();
      else expectNear(result.ratio, ratio, 1e-11);
      expectNear(result.lo, lo, 1e-8);
      if (hi === null) expect(result.hi).toBeNull();
      else expectNear(result.hi, hi, 1e-8);
      expectNear(result.pValue, p, 1e-8);
    }
    expect(golden.rows.filter((row) => row.method === 'conditional').length).toBeGreaterThan(8);
  });

  it('of smoking and coronary deaths of British doctors is the published one (Doll & Hill, 1966; Stata: ir, by age)', () => {
    const doctors = [
      stratum(32, 52407, 2, 18790),
      stratum(104, 43248, 12, 10673),
      stratum(206, 28612, 28, 5710),
      stratum(186, 12663, 28, 2585),
      stratum(102, 5317, 31, 1462),
    ];
    const { ratio, lo, hi } = mantelHaenszelRateRatio(doctors);
    expect(ratio).toBeCloseTo(1.424682, 6);
    expect(lo).toBeCloseTo(1.154703, 6);
    expect(hi).toBeCloseTo(1.757784, 6);
    const crude = doctors.reduce(
      (sum, s) =>
        stratum(
          sum.eventsExposed + s.eventsExposed,
          sum.timeExposed + s.timeExposed,
          sum.eventsUnexposed + s.eventsUnexposed,
          sum.timeUnexposed + s.timeUnexposed,
        ),
      stratum(0, 0, 0, 0),
    );
    expect(rateRatio(crude).ratio).toBeCloseTo(1.719823, 6);
  });

  it('has an interval open on one side when one side has no events', () => {
    const none = rateRatio(stratum(0, 100, 8, 100));
    expect(none).toMatchObject({ ratio: 0, lo: 0, method: 'conditional', gap: null });
    // P(no event of 8 falls into the exposed time) = (1 + ratio)⁻⁸; half of it is the lower mid-p tail.
    expectNear(none.hi, 0.05 ** (-1 / 8) - 1, 1e-12);
    expectNear(none.pValue, 2 ** -8, 1e-12);
    const all = rateRatio(stratum(8, 100, 0, 100));
    expect(all).toMatchObject({ ratio: null, hi: null, gap: 'no_unexposed_events' });
    expectNear(all.lo, 1 / (0.05 ** (-1 / 8) - 1), 1e-12);
    expect(all.pValue).toBe(none.pValue);
  });

  it('says why there is none', () => {
    const nothing = { ratio: null, lo: 0, hi: null, pValue: 1, method: 'none' };
    expect(rateRatio(stratum(0, 0, 5, 10))).toEqual({ ...nothing, gap: 'no_exposed_time' });
    expect(rateRatio(stratum(5, 10, 0, 0))).toEqual({ ...nothing, gap: 'no_unexposed_time' });
    expect(mantelHaenszelRateRatio([])).toEqual({ ...nothing, gap: 'no_exposed_time' });
    expect(rateRatio(stratum(0, 10, 0, 10))).toEqual({ ...nothing, gap: 'no_events' });
    expect(mantelHaenszelRateRatio([stratum(3, 10, 0, 0), stratum(0, 0, 4, 10)])).toEqual({
      ...nothing,
      gap: 'no_common_time',
    });
    expect(mantelHaenszelRateRatio([stratum(3, 10, 0, 0), stratum(0, 5, 0, 10)])).toEqual({
      ...nothing,
      gap: 'no_events',
    });
  });

  it('takes nothing from strata without a comparison', () => {
    const strata = [stratum(20, 100, 30, 90), stratum(15, 40, 12, 60)];
    const idle = [stratum(40, 10, 0, 0), stratum(0, 0, 90, 10), stratum(0, 5, 0, 5)];
    expect(mantelHaenszelRateRatio([...strata, ...idle])).toEqual(mantelHaenszelRateRatio(strata));
  });

  it('does not depend on the unit of time, and turns over with the exposure', () => {
    for (const row of golden.rows) {
      const here = mantelHaenszelRateRatio(row.strata);
      const scaled = mantelHaenszelRateRatio(
        row.strata.map((s) => ({ ...s, timeExposed: s.timeExposed * 3.6e9, timeUnexposed: s.timeUnexposed * 3.6e9 })),
      );
      expectNear(scaled.lo, here.lo, 1e-9);
      expectNear(scaled.pValue, here.pValue, 1e-9);
      const turned = mantelHaenszelRateRatio(
        row.strata.map((s) => stratum(s.eventsUnexposed, s.timeUnexposed, s.eventsExposed, s.timeExposed)),
      );
      expectNear(turned.pValue, here.pValue, 1e-9);
      if (here.hi !== null) expectNear(turned.lo, 1 / here.hi, 1e-9);
      if (turned.hi !== null) expectNear(here.lo, 1 / turned.hi, 1e-9);
    }
  });

  it('holds its ratio in its interval, and leaves out 1 exactly when p is below 5 %', () => {
    for (let exposed = 0; exposed < 25; exposed++) {
      for (const unexposed of [0, 1, 3, 9, 10, 40, 5000]) {
        if (exposed + unexposed === 0) continue;
        const { ratio, lo, hi, pValue } = rateRatio(stratum(exposed, 70, unexposed, 210));
        expect(lo).toBeLessThanOrEqual(ratio ?? Infinity);
        expect(hi ?? Infinity).toBeGreaterThanOrEqual(ratio ?? Infinity);
        expect(pValue < 0.05).toBe(lo > 1 || (hi ?? Infinity) < 1);
      }
    }
  });

  it('stays exact with huge times and counts and with tiny p-values', () => {
    const { lo, hi, pValue } = rateRatio(stratum(3, 1e12, 1_000_000_000, 1e15));
    expect(lo).toBeGreaterThan(0);
    expect(hi).toBeLessThan(1e-4);
    expect(pValue).toBe(0);
    const tiny = rateRatio(stratum(9, 1, 9, 1e9));
    expect(tiny.pValue).toBeGreaterThan(0);
    expect(tiny.pValue).toBeLessThan(1e-70);
  });

  it('refuses what are not counts and times', () => {
    for (const bad of [
      stratum(-1, 1, 1, 1),
      stratum(1, 1, 0.5, 1),
      stratum(1, -1, 1, 1),
      stratum(1, 1, 1, Infinity),
      stratum(1, Number.NaN, 1, 1),
    ]) {
      expect(() => rateRatio(bad)).toThrow(RangeError);
    }
    for (const level of [0, 1, 95]) expect(() => rateRatio(stratum(1, 1, 1, 1), level)).toThrow(RangeError);
  });
});

describe('person-time before and after the touch', () => {
  it('is split at the touch and at the edges of the bands', () => {
    const spells = [
      { duration: 25, touchedAt: 12, advanced: true },
      { duration: 10, touchedAt: null, advanced: true },
      { duration: 30, touchedAt: -3, advanced: false },
      { duration: 8, touchedAt: 8, advanced: true },
      { duration: 5, touchedAt: 9, advanced: false },
    ];
    expect(personTimeBands(spells, [20, 10])).toEqual<ExposureStratum[]>([
      stratum(0, 10, 2, 10 + 10 + 8 + 5),
      stratum(0, 8 + 10, 0, 2),
      stratum(1, 5 + 10, 0, 0),
    ]);
  });

  it('loses no time and no advance', () => {
    const spells = Array.from({ length: 500 }, (_, i) => ({
      duration: (i * 37) % 101,
      touchedAt: i % 3 === 0 ? null : (i * 53) % 97,
      advanced: i % 4 > 0,
    }));
    for (const edges of [[], [1], [5, 10, 20, 50, 100, 300]]) {
      const strata = personTimeBands(spells, edges);
      const time = strata.reduce((sum, s) => sum + s.timeExposed + s.timeUnexposed, 0);
      const exposed = strata.reduce((sum, s) => sum + s.eventsExposed, 0);
      const events = strata.reduce((sum, s) => sum + s.eventsExposed + s.eventsUnexposed, 0);
      expect(time).toBe(spells.reduce((sum, s) => sum + s.duration, 0));
      expect(events).toBe(spells.filter((s) => s.advanced).length);
      expect(exposed).toBe(spells.filter((s) => s.advanced && s.touchedAt !== null && s.touchedAt < s.duration).length);
    }
    expect(() => personTimeBands([{ duration: -1, touchedAt: null, advanced: false }], [])).toThrow(RangeError);
    for (const edge of [0, -1, Number.NaN]) expect(() => personTimeBands([], [5, edge])).toThrow(RangeError);
  });

  it('has bands with about equally many advances', () => {
    const times = Array.from({ length: 1000 }, (_, i) => (i + 1) ** 2);
    const edges = bandEdges(times);
    expect(edges).toHaveLength(31);
    const strata = personTimeBands(
      times.map((duration) => ({ duration, touchedAt: null, advanced: true })),
      edges,
    );
    for (const { eventsUnexposed } of strata) expect(Math.abs(eventsUnexposed - 1000 / 32)).toBeLessThan(2);
    expect(bandEdges(times, 1)).toEqual([]);
    expect(bandEdges(times.slice(0, 60))).toHaveLength(19);
    expect(bandEdges([])).toEqual([]);
    expect(bandEdges([0, 0, 7, 7, 7])).toEqual([...new Set(bandEdges([0, 0, 7, 7, 7]))]);
    expect(bandEdges(Array.from({ length: 100_000 }, (_, i) => i))).toHaveLength(99);
    expect(() => bandEdges(times, 0)).toThrow(RangeError);
  });
});
