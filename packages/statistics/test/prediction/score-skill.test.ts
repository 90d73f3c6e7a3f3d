import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brierScore, brierSkill, type PastScore, scoreSkill } from '../../src/index.ts';

const scores = (score: number, lost: number, stayed: number): PastScore[] => [
  ...Array.from({ length: lost }, () => ({ score, lost: true })),
  ...Array.from({ length: stayed }, () => ({ score, lost: false })),
];
const learnt = [...scores(30, 24, 6), ...scores(70, 6, 24)];
const judged = [...scores(30, 32, 8), ...scores(70, 10, 70)];

describe('scores as forecasts', () => {
  it('are judged on an evaluation that they were not learnt from', () => {
    // Two scores are a fourfold table: Firth's penalty adds half a unit to every cell.
    const [low, high] = [24.5 / 31, 6.5 / 31];
    const brier = (32 * (1 - low) ** 2 + 8 * low ** 2 + 10 * (1 - high) ** 2 + 70 * high ** 2) / 120;
    const base = (42 / 120) * (78 / 120);
    const skill = scoreSkill(learnt, judged);
    expect(skill.brier).toBeCloseTo(brier, 9);
    expect(skill.brierBase).toBeCloseTo(base, 12);
    expect(skill.skill).toBeCloseTo(1 - brier / base, 9);
    expect(skill.verdict).toBe('skill');
    expect(skill.lo ?? 0).toBeGreaterThan(0);
    expect(skill.hi ?? 0).toBeGreaterThan(skill.skill ?? 1);
  });

  it('are worse than the average where what was learnt turned round, and say so', () => {
    const turned = scoreSkill(learnt, [...scores(30, 10, 70), ...scores(70, 32, 8)]);
    expect(turned.skill ?? 0).toBeLessThan(0);
    expect(turned.verdict).toBe('no_skill');
  });

  it('say nothing with fewer than ten of either outcome, in either evaluation', () => {
    const nothing = { brier: null, brierBase: null, skill: null, lo: null, hi: null, verdict: 'insufficient' };
    expect(scoreSkill([], judged)).toEqual(nothing);
    expect(scoreSkill([...scores(30, 9, 20), ...scores(70, 0, 20)], judged)).toEqual(nothing);
    expect(scoreSkill(learnt, [...scores(30, 9, 20), ...scores(70, 0, 20)])).toEqual(nothing);
    expect(scoreSkill(learnt, [...scores(30, 20, 9), ...scores(70, 20, 0)])).toEqual(nothing);
    expect(scoreSkill(scores(50, 30, 30), judged)).toEqual(nothing);
  });
});

it('the skill of forecasts is that of Murphy’s decomposition', () => {
  const forecast = fc.record({ probability: fc.double({ min: 0, max: 1, noNaN: true }), happened: fc.boolean() });
  fc.assert(
    fc.property(fc.array(forecast, { minLength: 30, maxLength: 60 }), (forecasts) => {
      const rate = forecasts.filter(({ happened }) => happened).length / forecasts.length;
      fc.pre(rate > 0 && rate < 1);
      const error = (probability: number, happened: boolean) => (probability - (happened ? 1 : 0)) ** 2;
      const found = brierSkill(
        forecasts.map(({ probability, happened }) => ({
          brier: error(probability, happened),
          base: error(rate, happened),
        })),
      );
      const known = brierScore(forecasts);
      expect(found.brier).toBeCloseTo(known?.score ?? -1, 9);
      expect(found.brierBase).toBeCloseTo(known?.uncertainty ?? -1, 9);
      expect(found.skill).toBeCloseTo(known?.skill ?? -9, 6);
    }),
  );
});
