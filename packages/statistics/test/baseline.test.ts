import {
  type BaselineWindow,
  rateBaseline as baselineOfEvidence,
  countBaseline,
  countLowerTail,
  dispersionPrior,
  pooledDispersion,
  rateEvidence,
  rateUpperTail,
  usualRange,
} from '@michinori/statistics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectNear } from './near.ts';
import evidenceGolden from './rate-evidence.golden.json' with { type: 'json' };
import { beta, binomial, poisson, type Random, runs, seededRandom } from './simulation.ts';

const rateBaseline = (windows: readonly BaselineWindow[], group: number) =>
  baselineOfEvidence(rateEvidence(windows, group));

const window = fc
  .record({ n: fc.integer({ min: 0, max: 5000 }), share: fc.double({ min: 0, max: 1, noNaN: true }), group: fc.nat(6) })
  .map(({ n, share, group }) => ({ k: Math.round(n * share), n, group }));

const shuffled = <T>(values: readonly T[]) =>
  fc.tuple(fc.constant(values), fc.shuffledSubarray([...values], { minLength: values.length }));

describe('evidence of past windows', () => {
  it('agrees with a mixed linear model written with matrices', () => {
    expect(evidenceGolden.rows).toHaveLength(5);
    for (const { windows, group, candidates } of evidenceGolden.rows) {
      const evidence = rateEvidence(windows, group).candidates;
      expect(evidence).toHaveLength(candidates.length);
      const first = evidence[0]?.logLikelihood ?? 0;
      for (const [i, { logLikelihood, a, b }] of candidates.entries()) {
        const own = evidence[i] ?? { logLikelihood: 0, a: 0, b: 0 };
        expectNear(own.logLikelihood - first, logLikelihood, 1e-7, 1e-7);
        expectNear(own.a, a, 1e-6);
        expectNear(own.b, b, 1e-6);
      }
    }
  });
});

describe('baseline of a rate', () => {
  it('is the posterior of Jeffreys where windows differ by chance alone', () => {
    const windows = [
      { k: 20, n: 100, group: 0 },
      { k: 41, n: 200, group: 0 },
      { k: 9, n: 50, group: 0 },
    ];
    const [first] = rateBaseline(windows, 0).components;
    expectNear(first?.a ?? 0, 70.5, 1e-9);
    expectNear(first?.b ?? 0, 280.5, 1e-9);
  });

  it('does not look at the order of its windows', () => {
    const inTwoOrders = fc.array(window, { maxLength: 40 }).chain(shuffled);
    fc.assert(
      fc.property(inTwoOrders, fc.nat(6), ([one, other], group) => {
        expect(rateBaseline(other, group)).toEqual(rateBaseline(one, group));
      }),
    );
  });

  it('gives probabilities, larger for fewer drop-offs, and components that add up to one', () => {
    fc.assert(
      fc.property(fc.array(window, { maxLength: 40 }), fc.nat(6), window, (windows, group, { k, n }) => {
        const baseline = rateBaseline(windows, group);
        expectNear(
          baseline.components.reduce((sum, { weight }) => sum + weight, 0),
          1,
          1e-9,
        );
        expectNear(baseline.a / (baseline.a + baseline.b), baseline.rate, 1e-9);
        const p = rateUpperTail(baseline, { k, n });
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        if (k > 0) expect(rateUpperTail(baseline, { k: k - 1, n })).toBeGreaterThanOrEqual(p);
      }),
    );
  });

  it('is wide when it stands on few windows, and when windows vary', () => {
    const of = (count: number, ks: readonly number[]) =>
      Array.from({ length: count }, (_, i) => ({ k: ks[i % ks.length] ?? 0, n: 200, group: 0 }));
    const pOf = (windows: readonly BaselineWindow[]) => rateUpperTail(rateBaseline(windows, 0), { k: 60, n: 200 });
    expect(pOf(of(2, [39, 41]))).toBeGreaterThan(10 * pOf(of(40, [39, 41])));
    expect(pOf(of(40, [20, 40, 60]))).toBeGreaterThan(100 * pOf(of(40, [39, 41])));
    const { lo, hi } = usualRange(rateBaseline(of(40, [39, 41]), 0));
    expect(lo).toBeGreaterThan(0.17);
    expect(hi).toBeLessThan(0.23);
  });

  it('learns a weekday, and expects little of a weekday never seen', () => {
    const windows = Array.from({ length: 84 }, (_, i) => ({ k: i % 7 === 6 ? 80 : 40, n: 200, group: i % 7 }));
    expect(rateBaseline(windows, 6).rate).toBeGreaterThan(0.37);
    expect(rateBaseline(windows, 2).rate).toBeLessThan(0.22);
    const different = Array.from({ length: 84 }, (_, i) => ({ k: 30 + 4 * (i % 7), n: 200, group: i % 7 }));
    const withoutThursdays = different.filter(({ group }) => group !== 3);
    const thursday = { k: 62, n: 200 };
    const [unseen, seen] = [withoutThursdays, different].map((known) =>
      rateUpperTail(rateBaseline(known, 3), thursday),
    );
    expect(unseen).toBeGreaterThan(5 * (seen ?? 1));
  });

  it('knows nothing without data', () => {
    const nothing = rateBaseline([{ k: 0, n: 0, group: 1 }], 1);
    for (const part of [nothing.rate, nothing.a, nothing.b]) expectNear(part, 0.5, 1e-12);
    expect(rateUpperTail(nothing, { k: 100, n: 100 })).toBeGreaterThan(0.05);
    expect(() => rateBaseline([{ k: 3, n: 2, group: 0 }], 0)).toThrow(RangeError);
  });

  /** Share of p-values at or below `level` in worlds without any change. */
  function falsePositives(world: (random: Random) => (group: number) => BaselineWindow, size: number, groups: number) {
    const random = seededRandom(20261123);
    let [at5, at1] = [0, 0];
    for (let run = 0; run < 2 * runs; run++) {
      const draw = world(random);
      const windows = Array.from({ length: size }, (_, i) => draw(i % groups));
      const now = draw(size % groups);
      const p = rateUpperTail(rateBaseline(windows, now.group), now);
      if (p <= 0.05) at5++;
      if (p <= 0.01) at1++;
    }
    return { at5: at5 / (2 * runs), at1: at1 / (2 * runs) };
  }

  const weekdays = [0, 0.01, -0.01, 0.02, 0, -0.04, 0.08];
  const drawn = (random: Random, rate: number, rho: number, mean: number) => (group: number) => {
    const own = rate + (weekdays[group] ?? 0);
    const strength = 1 / rho - 1;
    const n = 1 + poisson(random, mean);
    return { k: binomial(random, n, rho === 0 ? own : beta(random, own * strength, (1 - own) * strength)), n, group };
  };
  it.each([
    ['84 days, chance alone', 0, 200, 84, 7],
    ['84 days, small', 0, 25, 84, 7],
    ['84 days, over-dispersed', 0.01, 200, 84, 7],
    ['28 days, over-dispersed', 0.01, 200, 28, 7],
    ['8 weeks, over-dispersed', 0.01, 200, 8, 1],
    ['8 weeks of many customers, over-dispersed', 0.003, 1000, 8, 1],
    ['4 weeks, chance alone', 0, 200, 4, 1],
  ])('holds its level: %s', (_name, rho, mean, size, groups) => {
    const { at5, at1 } = falsePositives((random) => drawn(random, 0.2, rho, mean), size, groups);
    const slack = (level: number) => 3 * Math.sqrt((level * (1 - level)) / (2 * runs));
    expect(at5).toBeLessThan(0.055 + slack(0.055));
    expect(at1).toBeLessThan(0.013 + slack(0.013));
  });
});

describe('baseline of a count', () => {
  it('learns weekdays and over-dispersion', () => {
    const windows = Array.from({ length: 84 }, (_, i) => ({
      count: (i % 7 >= 5 ? 400 : 1000) + ((i * 37) % 41) - 20,
      group: i % 7,
    }));
    const [friday, saturday] = [countBaseline(windows, 4), countBaseline(windows, 5)];
    expect(friday.mean).toBeGreaterThan(950);
    expect(saturday.mean).toBeLessThan(430);
    expect(countLowerTail(friday, 400)).toBeLessThan(1e-9);
    expect(countLowerTail(saturday, 400)).toBeGreaterThan(0.2);
  });

  it('has nothing to say of what never happened', () => {
    for (const windows of [[], [{ count: 0, group: 0 }]]) {
      expect(countBaseline(windows, 0)).toEqual({ mean: 0, components: [] });
      expect(countLowerTail(countBaseline(windows, 0), 0)).toBe(1);
    }
    expect(() => countBaseline([{ count: -1, group: 0 }], 0)).toThrow(RangeError);
  });

  it('does not look at the order of its windows, and a smaller count is less likely', () => {
    const counts = fc.record({ count: fc.nat(100_000), group: fc.nat(6) });
    const inTwoOrders = fc.array(counts, { minLength: 1, maxLength: 40 }).chain(shuffled);
    fc.assert(
      fc.property(inTwoOrders, fc.nat(6), fc.nat(100_000), ([one, other], group, count) => {
        const baseline = countBaseline(one, group);
        expect(countBaseline(other, group)).toEqual(baseline);
        const p = countLowerTail(baseline, count);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(countLowerTail(baseline, Math.floor(count / 2))).toBeLessThanOrEqual(p);
      }),
    );
  });

  it.each([
    ['Poisson', 300, Number.POSITIVE_INFINITY, 28],
    ['over-dispersed', 300, 100, 28],
    ['few', 12, 20, 56],
  ])('holds its level: %s', (_name, mean, size, days) => {
    const random = seededRandom(20261124);
    let at1 = 0;
    const shape = [1, 1.1, 1, 0.9, 1, 0.5, 0.4];
    const draw = (group: number) => {
      const level = mean * (shape[group] ?? 1);
      const drift = Number.isFinite(size) ? 2 * beta(random, size, size) : 1;
      return { count: poisson(random, level * drift), group };
    };
    for (let run = 0; run < runs; run++) {
      const windows = Array.from({ length: days }, (_, i) => draw(i % 7));
      const now = draw(days % 7);
      if (countLowerTail(countBaseline(windows, now.group), now.count) <= 0.01) at1++;
    }
    expect(at1 / runs).toBeLessThan(0.015 + 3 * Math.sqrt(0.015 / runs));
  });
});

describe('over-dispersion learned from many series', () => {
  const random = seededRandom(20261125);
  const evidenceOf = (rho: number) => {
    const draw = () => {
      const rate = rho === 0 ? 0.2 : beta(random, 0.2 * (1 / rho - 1), 0.8 * (1 / rho - 1));
      return { k: binomial(random, 200, rate), n: 200, group: 0 };
    };
    return rateEvidence(Array.from({ length: 8 }, draw), 0);
  };
  const meanOf = (weights: readonly number[]) => weights.reduce((sum, weight, i) => sum + weight * i, 0);

  it('stays at the prior without series, and comes near what is true of many', () => {
    expect(pooledDispersion([])).toEqual(dispersionPrior);
    const steady = pooledDispersion(Array.from({ length: 200 }, () => evidenceOf(0)));
    const varying = pooledDispersion(Array.from({ length: 200 }, () => evidenceOf(0.02)));
    expect(meanOf(steady)).toBeLessThan(meanOf(dispersionPrior) - 2);
    expect(meanOf(varying)).toBeGreaterThan(meanOf(dispersionPrior) + 1);
    for (const weights of [steady, varying]) {
      expectNear(
        weights.reduce((sum, weight) => sum + weight, 0),
        1,
        1e-9,
      );
    }
  });

  it('is not overruled by one series, and sharpens the tail of series that are steady', () => {
    const one = evidenceOf(0);
    const alone = rateUpperTail(baselineOfEvidence(one), { k: 80, n: 200 });
    const withItself = rateUpperTail(baselineOfEvidence(one, pooledDispersion([one])), { k: 80, n: 200 });
    const many = pooledDispersion(Array.from({ length: 200 }, () => evidenceOf(0)));
    const withMany = rateUpperTail(baselineOfEvidence(one, many), { k: 80, n: 200 });
    expect(withItself).toBeGreaterThan(alone / 4);
    expect(withMany).toBeLessThan(alone / 10);
  });
});
