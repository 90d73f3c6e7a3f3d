import {
  brierScore,
  discrimination,
  leadTimes,
  logisticRegression,
  normalCdf,
  type ScoredCustomer,
  scoreProbability,
  spiegelhalter,
  suggestPoints,
  trackRecord,
} from '@michinori/statistics';
import { describe, expect, it } from 'vitest';
import { exponential, normal, runs, seededRandom } from '../simulation.ts';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const slack = 3 * Math.sqrt(0.95 * 0.05) * Math.max(0, 1 / Math.sqrt(runs) - 1 / Math.sqrt(2000));

function share(once: () => boolean): number {
  let count = 0;
  for (let i = 0; i < runs; i++) if (once()) count++;
  return count / runs;
}

function expectShare(name: string, actual: number, lo: number, hi: number): void {
  if (process.env.MICHINORI_TEST_REPORT) process.stdout.write(`${name}: ${actual.toFixed(4)}\n`);
  expect(actual, name).toBeGreaterThan(lo - slack);
  expect(actual, name).toBeLessThan(hi + slack);
}

describe('intervals hold the truth', () => {
  it.each([
    [20, 80, 0.5],
    [20, 80, 1.2],
    [60, 300, 2],
  ])('of the area under the curve: %i of %i, shift %f', (m, n, shift) => {
    const random = seededRandom(1);
    const truth = normalCdf(shift / Math.SQRT2);
    const draw = (count: number, mean: number) => Array.from({ length: count }, () => mean + normal(random));
    const held = share(() => {
      const { lo, hi } = discrimination(draw(m, shift), draw(n, 0));
      return lo <= truth && truth <= hi;
    });
    expectShare(`auc ${m}/${n} ${truth.toFixed(3)}`, held, 0.93, 0.975);
  });

  it('of the median lead time', () => {
    const random = seededRandom(2);
    const held = share(() => {
      const { median } = leadTimes(Array.from({ length: 41 }, () => exponential(random)));
      return (median.lo ?? 0) <= Math.LN2 && Math.LN2 <= (median.hi ?? Infinity);
    });
    expectShare('median lead time', held, 0.94, 0.98);
  });

  it('of coefficients, and calibrated forecasts pass for calibrated', () => {
    const random = seededRandom(3);
    const truth = [0.8, -0.5];
    let passed = 0;
    const held = share(() => {
      const drawn = Array.from({ length: 150 }, () => {
        const x = [random() < 0.4 ? 1 : 0, normal(random)];
        const p = sigmoid(-1 + (x[0] ?? 0) * 0.8 - (x[1] ?? 0) * 0.5);
        return { x, p, k: random() < p ? 1 : 0, n: 1 };
      });
      if (spiegelhalter(drawn.map(({ p, k }) => ({ probability: p, happened: k === 1 }))).pValue > 0.05) passed++;
      const fit = logisticRegression(drawn);
      if (fit.outcome !== 'converged') return false;
      return fit.coefficients.some(({ lo, hi }, i) => i === 0 && lo <= (truth[i] ?? 0) && (truth[i] ?? 0) <= hi);
    });
    expectShare('coefficient', held, 0.935, 0.975);
    expectShare('Spiegelhalter level', passed / runs, 0.93, 0.97);
  });
});

/** Customers whose odds of being lost grow fourfold with `bad`, halve with `good`, and don't care for `idle`. */
function world(random: () => number, n: number): ScoredCustomer[] {
  return Array.from({ length: n }, () => {
    const rules = ['bad', 'good', 'idle', 'rare'].filter((rule) => random() < (rule === 'rare' ? 0.002 : 0.4));
    const logOdds = -2 + (rules.includes('bad') ? Math.log(4) : 0) - (rules.includes('good') ? Math.LN2 : 0);
    const lost = random() < sigmoid(logOdds);
    return { rules: rules.includes('bad') ? [...rules, 'twin'] : rules, lost };
  });
}

describe('suggested points', () => {
  const rules = ['bad', 'good', 'idle', 'rare', 'twin', 'never'];

  it('are the points that the world was made with', () => {
    const customers = world(seededRandom(4), 8000);
    const result = suggestPoints(customers, rules);
    if (result.outcome !== 'suggested') throw new Error(result.outcome);
    const by = new Map(result.rules.map((each) => [each.rule, each]));
    const shown = (rule: string) => by.get(rule) ?? { points: Number.NaN, lo: 0, hi: 0, state: '', sameAs: '' };
    expect(Math.abs((shown('bad').points ?? 0) + 20)).toBeLessThanOrEqual(3);
    expect(Math.abs((shown('good').points ?? 0) - 10)).toBeLessThanOrEqual(3);
    expect(Math.abs(shown('idle').points ?? 99)).toBeLessThanOrEqual(3);
    expect([shown('bad').state, shown('good').state, shown('idle').state]).toEqual(['clear', 'clear', 'unclear']);
    for (const { points, lo, hi } of ['bad', 'good', 'idle'].map(shown))
      expect((lo ?? 0) <= (points ?? 0) && (points ?? 0) <= (hi ?? 0) && (hi ?? 0) - (lo ?? 0) < 10).toBe(true);
    expect(shown('rare')).toMatchObject({ points: null, lo: null, hi: null, state: 'insufficient' });
    expect(shown('never')).toMatchObject({ points: null, state: 'insufficient', held: 0, heldLost: 0 });
    expect(shown('twin')).toMatchObject({ points: null, state: 'same_customers', sameAs: 'bad' });
    const held = customers.filter((each) => each.rules.includes('bad'));
    expect(by.get('bad')).toMatchObject({ held: held.length, heldLost: held.filter(({ lost }) => lost).length });
    const doubled = suggestPoints(customers, ['bad'], { pointsToHalve: 20 });
    expect(doubled.outcome === 'suggested' && Math.abs((doubled.rules[0]?.points ?? 0) + 40) <= 6).toBe(true);
  });

  it('stay finite where a rule tells all', () => {
    const customers = Array.from({ length: 200 }, (_, i) => ({ rules: i < 60 ? ['doom'] : [], lost: i < 60 }));
    const result = suggestPoints(customers, ['doom']);
    expect(result).toMatchObject({ outcome: 'suggested', rules: [{ points: -100, state: 'clear' }] });
  });

  it('are none with too few losses', () => {
    const some = (losses: number, n: number) =>
      suggestPoints(
        Array.from({ length: n }, (_, i) => ({ rules: i % 2 ? ['a'] : [], lost: i < losses })),
        ['a'],
      );
    expect(some(9, 200)).toEqual({ outcome: 'too_few_losses', customers: 200, losses: 9 });
    expect(some(195, 200).outcome).toBe('too_few_losses');
    expect(some(10, 200).outcome).toBe('suggested');
    expect(() => suggestPoints([], ['a'], { pointsToHalve: 0 })).toThrow(RangeError);
  });

  it('claim nothing of rules that have nothing to do with it', () => {
    const random = seededRandom(5);
    const unclear = share(() => {
      const customers = Array.from({ length: 250 }, () => ({
        rules: random() < 0.3 ? ['a'] : [],
        lost: random() < 0.2,
      }));
      const result = suggestPoints(customers, ['a']);
      return result.outcome === 'suggested' && result.rules[0]?.state === 'unclear';
    });
    expectShare('level of suggestions', unclear, 0.935, 0.975);
  });
});

describe('a track record', () => {
  const random = seededRandom(6);
  const scores = Array.from({ length: 1000 }, () => {
    const score = Math.round(100 * random());
    return { score, lost: random() < sigmoid((40 - score) / 15) };
  });

  it('tells scores that mean something from shuffled ones', () => {
    const good = trackRecord(scores, [86_400, null]);
    expect(good.state).toBe('ok');
    expect(good.discrimination.lo).toBeGreaterThan(0.8);
    expect(good.bands).toHaveLength(10);
    expect(good.bands[0]?.rate).toBeGreaterThan(good.bands[9]?.hi ?? 1);
    expect(good.bands.reduce((sum, { n }) => sum + n, 0)).toBe(1000);
    expect(good.leads.neverFlagged.rate).toBe(0.5);
    const shuffled = scores.map(({ score }, i) => ({ score, lost: scores[(i * 7 + 3) % 1000]?.lost ?? false }));
    const { lo, hi } = trackRecord(shuffled, []).discrimination;
    expect(lo < 0.5 && 0.5 < hi).toBe(true);
  });

  it('of one period makes scores of the next one calibrated forecasts', () => {
    const [learnt, judged] = [scores.slice(0, 500), scores.slice(500)];
    const fit = scoreProbability(learnt);
    if (fit.outcome !== 'fitted') throw new Error(fit.outcome);
    expect(fit.slope.lo < -1 / 15 && -1 / 15 < fit.slope.hi).toBe(true);
    const forecasts = judged.map(({ score, lost }) => ({ probability: fit.probability(score), happened: lost }));
    expect(spiegelhalter(forecasts).pValue).toBeGreaterThan(0.01);
    expect(brierScore(forecasts)?.skill).toBeGreaterThan(0.3);
    expect(brierScore(forecasts)?.reliability).toBeLessThan(0.01);
    const wrong = forecasts.map(({ probability, happened }) => ({ probability: 1 - probability, happened }));
    expect(spiegelhalter(wrong).pValue).toBeLessThan(1e-6);
    const alike = Array.from({ length: 40 }, (_, i) => ({ score: 50, lost: i % 2 === 0 }));
    expect(scoreProbability(alike).outcome).toBe('insufficient');
    const few = Array.from({ length: 40 }, (_, i) => ({ score: i, lost: i < 9 }));
    expect(scoreProbability(few).outcome).toBe('insufficient');
  });

  it('on few is insufficient', () => {
    const few = (lost: number, n: number) =>
      trackRecord(
        Array.from({ length: n }, (_, i) => ({ score: i, lost: i < lost })),
        [],
      ).state;
    expect([few(9, 100), few(10, 100), few(91, 100)]).toEqual(['insufficient', 'ok', 'insufficient']);
  });
});
