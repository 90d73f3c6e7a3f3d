import { fisherExact, normalQuantile, npsInterval, twoProportion, wilson } from '@michinori/statistics';
import { describe, expect, it } from 'vitest';
import { binomial, seededRandom } from './simulation.ts';

/** The largest distance between the empirical and the uniform distribution function, in units of 1/√size. */
function kolmogorovStatistic(pValues: number[]): number {
  const sorted = pValues.sort((x, y) => x - y);
  const distances = sorted.map((p, i) => Math.max((i + 1) / sorted.length - p, p - i / sorted.length));
  return Math.max(...distances) * Math.sqrt(sorted.length);
}

describe('simulations', () => {
  it('Wilson covers 93–97 % of 2 000 random truths', () => {
    const random = seededRandom(1);
    let covered = 0;
    for (let i = 0; i < 2000; i++) {
      const rate = random();
      const n = 5 + Math.floor(random() * 300);
      const { lo, hi } = wilson(binomial(random, n, rate), n);
      if (lo <= rate && rate <= hi) covered++;
    }
    expect(covered / 2000).toBeGreaterThan(0.93);
    expect(covered / 2000).toBeLessThan(0.97);
  });

  it('Wilson at level 0.8 covers about 80 %', () => {
    const random = seededRandom(2);
    let covered = 0;
    for (let i = 0; i < 2000; i++) {
      const rate = 0.05 + 0.9 * random();
      const { lo, hi } = wilson(binomial(random, 200, rate), 200, 0.8);
      if (lo <= rate && rate <= hi) covered++;
    }
    expect(covered / 2000).toBeGreaterThan(0.77);
    expect(covered / 2000).toBeLessThan(0.83);
  });

  it('p-values of the z-test are uniform when nothing differs', () => {
    const random = seededRandom(3);
    const pValues = Array.from({ length: 1500 }, () => {
      const [n1, n2] = [600 + Math.floor(random() * 900), 600 + Math.floor(random() * 900)];
      const rate = 0.2 + 0.6 * random();
      return twoProportion({ k: binomial(random, n1, rate), n: n1 }, { k: binomial(random, n2, rate), n: n2 }).pValue;
    });
    // 1.95 is the 0.1 % point of the Kolmogorov distribution.
    expect(kolmogorovStatistic(pValues)).toBeLessThan(1.95);
  });

  it("Fisher's test holds its level, and is not idle", () => {
    const random = seededRandom(4);
    let falseAlarms = 0;
    let found = 0;
    for (let i = 0; i < 2000; i++) {
      const [a, b] = [binomial(random, 25, 0.3), binomial(random, 30, 0.3)];
      if (fisherExact({ k: a, n: 25 }, { k: b, n: 30 }) < 0.05) falseAlarms++;
      if (fisherExact({ k: a, n: 25 }, { k: binomial(random, 30, 0.75), n: 30 }) < 0.05) found++;
    }
    expect(falseAlarms / 2000).toBeLessThanOrEqual(0.05);
    expect(falseAlarms / 2000).toBeGreaterThan(0.005);
    expect(found / 2000).toBeGreaterThan(0.7);
  });

  it('the interval of a difference and of the NPS cover about 95 %', () => {
    const random = seededRandom(5);
    let differences = 0;
    let scores = 0;
    for (let i = 0; i < 2000; i++) {
      const [rateA, rateB] = [0.05 + 0.9 * random(), 0.05 + 0.9 * random()];
      const { lo, hi } = twoProportion(
        { k: binomial(random, 60, rateA), n: 60 },
        { k: binomial(random, 90, rateB), n: 90 },
      );
      if (lo <= rateA - rateB && rateA - rateB <= hi) differences++;
      const [promoter, detractor] = [0.2 + 0.3 * random(), 0.1 + 0.3 * random()];
      const answers = Array.from({ length: 200 }, () => random());
      const promoters = answers.filter((x) => x < promoter).length;
      const detractors = answers.filter((x) => x > 1 - detractor).length;
      const nps = npsInterval(promoters, 200 - promoters - detractors, detractors);
      const truth = 100 * (promoter - detractor);
      if (nps.lo <= truth && truth <= nps.hi) scores++;
    }
    for (const covered of [differences / 2000, scores / 2000]) {
      expect(covered).toBeGreaterThan(0.93);
      expect(covered).toBeLessThan(0.97);
    }
  });

  it('the normal quantile is the right size: 95 % of normal draws are within ±1.96', () => {
    const random = seededRandom(6);
    let inside = 0;
    for (let i = 0; i < 20_000; i++) if (Math.abs(normalQuantile(random())) < 1.959963984540054) inside++;
    expect(Math.abs(inside / 20_000 - 0.95)).toBeLessThan(0.006);
  });
});
