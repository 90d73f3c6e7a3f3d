import { npsClass, npsDifference, npsMovement } from '@michinori/statistics';
import { describe, expect, it } from 'vitest';
import { expectNear } from './near.ts';
import golden from './nps-difference.golden.json' with { type: 'json' };

describe('difference of two NPS', () => {
  it('agrees with the golden vectors', () => {
    for (const { a, b, difference, lo, hi, p } of golden.rows) {
      const result = npsDifference(a, b);
      expectNear(result.difference, difference, 1e-12, 1e-12);
      expectNear(result.lo, lo, 1e-11);
      expectNear(result.hi, hi, 1e-11);
      expectNear(result.pValue, p, 1e-10);
    }
  });

  it('is uncertain even where all answers are alike', () => {
    const all = { promoters: 40, passives: 0, detractors: 0 };
    const result = npsDifference(all, all);
    expect(result).toMatchObject({ difference: 0, z: 0, pValue: 1 });
    expect(result.lo).toBeLessThan(-3);
    expect(result.hi).toBeGreaterThan(3);
  });

  it('holds the difference in its interval, inside −200 … 200, and is antisymmetric', () => {
    for (let i = 0; i < 300; i++) {
      const counts = (k: number) => ({
        promoters: (i * k) % 41,
        passives: (i * 3) % 7,
        detractors: (i * (k + 4)) % 29,
      });
      const [a, b] = [counts(7), counts(11)];
      const [ab, ba] = [npsDifference(a, b), npsDifference(b, a)];
      expect(ab.lo).toBeGreaterThanOrEqual(-200);
      expect(ab.hi).toBeLessThanOrEqual(200);
      if (ab.difference === null) continue;
      expect(ab.lo <= ab.difference && ab.difference <= ab.hi).toBe(true);
      expectNear(ab.lo, -ba.hi, 1e-12);
      expect(ab.pValue).toBe(ba.pValue);
      expect(ab.pValue < 0.05).toBe(ab.lo > 0 || ab.hi < 0);
    }
    const [best, worst] = [
      { promoters: 1000, passives: 0, detractors: 0 },
      { promoters: 0, passives: 0, detractors: 1000 },
    ];
    expect(npsDifference(best, worst)).toMatchObject({ difference: 200, hi: 200 });
  });

  it('says nothing without answers and refuses what are not counts', () => {
    const some = { promoters: 5, passives: 2, detractors: 1 };
    const none = { promoters: 0, passives: 0, detractors: 0 };
    const nothing = { difference: null, lo: -200, hi: 200, z: 0, pValue: 1 };
    expect(npsDifference(some, none)).toEqual(nothing);
    expect(npsDifference(none, some)).toEqual(nothing);
    for (const bad of [-1, 0.5, Number.NaN]) {
      expect(() => npsDifference(some, { ...some, passives: bad })).toThrow(RangeError);
    }
  });
});

describe('movement between NPS classes', () => {
  it('has classes with the published borders', () => {
    expect(Array.from({ length: 11 }, (_, score) => npsClass(score)[1])).toEqual([...'eeeeeeeaarr']);
    for (const bad of [-1, 11, 7.5, Number.NaN]) expect(() => npsClass(bad)).toThrow(RangeError);
  });

  it('counts pairs and shares of the former class', () => {
    const movement = npsMovement([
      { before: 'detractor', after: 'promoter' },
      { before: 'detractor', after: 'detractor', count: 2 },
      { before: 'detractor', after: 'passive' },
      { before: 'promoter', after: 'passive', count: 5 },
    ]);
    expect(movement.n).toBe(9);
    expect(movement.counts).toEqual({
      promoter: { promoter: 0, passive: 5, detractor: 0 },
      passive: { promoter: 0, passive: 0, detractor: 0 },
      detractor: { promoter: 1, passive: 1, detractor: 2 },
    });
    expect(movement.shares).toEqual({
      promoter: { promoter: 0, passive: 1, detractor: 0 },
      passive: null,
      detractor: { promoter: 0.25, passive: 0.25, detractor: 0.5 },
    });
    expect([movement.risen, movement.fallen]).toEqual([2, 5]);
    expect(npsMovement([]).n).toBe(0);
    expect(() => npsMovement([{ before: 'passive', after: 'passive', count: -1 }])).toThrow(RangeError);
  });
});
