import {
  type Backtest,
  backtestNextStep,
  type Duration,
  outlook,
  type PastVisit,
  riskTable,
  segmentOutlooks,
} from '@michinori/statistics';
import { describe, expect, it } from 'vitest';
import { between, exponential, normal, type Random, runs, seededRandom } from '../simulation.ts';

const slack = (count: number): number =>
  3 * Math.sqrt(0.95 * 0.05) * Math.max(0, 1 / Math.sqrt(count) - 1 / Math.sqrt(2000));

function expectShare(name: string, actual: number, count: number, lo: number, hi: number): void {
  if (process.env.MICHINORI_TEST_REPORT) process.stdout.write(`${name}: ${actual.toFixed(4)}\n`);
  expect(actual, name).toBeGreaterThan(lo - slack(count));
  expect(actual, name).toBeLessThan(hi + slack(count));
}

/** Hazards per day: `fast` of advancing in the first ten days, `slow` later; `loss` of being lost, always. */
interface Hazards {
  readonly fast: number;
  readonly slow: number;
  readonly loss: number;
}

const TURN = 10;

function settle(random: Random, { fast, slow, loss }: Hazards): { days: number; outcome: 'advanced' | 'lost' } {
  const early = exponential(random) / fast;
  const advance = early < TURN ? early : TURN + exponential(random) / slow;
  const lost = exponential(random) / loss;
  return advance < lost ? { days: advance, outcome: 'advanced' } : { days: lost, outcome: 'lost' };
}

/** Probability of advancing within `horizon` of day `spent`, by the hazards. */
function truth(spent: number, horizon: number, { fast, slow, loss }: Hazards): number {
  const piece = (advance: number, days: number): number =>
    (advance / (advance + loss)) * (1 - Math.exp(-(advance + loss) * days));
  const early = Math.max(0, Math.min(TURN - spent, horizon));
  return piece(fast, early) + Math.exp(-(fast + loss) * early) * piece(slow, horizon - early);
}

function cohort(random: Random, n: number, hazards: Hazards): Duration[] {
  return Array.from({ length: n }, () => {
    const { days, outcome } = settle(random, hazards);
    const watched = between(random, 5, 60);
    return days <= watched ? { seconds: days, outcome } : { seconds: watched, outcome: 'open' };
  });
}

const hazards = { fast: 0.08, slow: 0.02, loss: 0.02 };

describe('the interval of an outlook holds the truth', () => {
  it.each([0, 4, 12])('on day %i', (spent) => {
    const random = seededRandom(spent + 1);
    const expected = truth(spent, 14, hazards);
    let held = 0;
    let ofNaive = 0;
    for (let i = 0; i < runs; i++) {
      const table = riskTable(cohort(random, 250, hazards));
      const { advanced, landmarkSeconds } = outlook(table, { spentSeconds: spent, horizonSeconds: 14 });
      expect(landmarkSeconds).toBe(spent);
      if (advanced.lo <= expected && expected <= advanced.hi) held++;
      const atEntry = outlook(table, { spentSeconds: 0, horizonSeconds: 14 }).advanced;
      if (atEntry.lo <= expected && expected <= atEntry.hi) ofNaive++;
    }
    expectShare(`outlook on day ${spent}`, held / runs, runs, 0.93, 0.97);
    if (spent === 12) expect(ofNaive / runs).toBeLessThan(0.2);
  });
});

describe('segments drawn to the journey', () => {
  const worlds = Math.ceil(runs / 4);

  it.each([0, 0.6])('are nearer to the truth than plain ones, and intervals hold it: spread %f', (spread) => {
    const random = seededRandom(77 + 10 * spread);
    const errors = { shrunk: 0, own: 0, common: 0 };
    let [held, total] = [0, 0];
    for (let world = 0; world < worlds; world++) {
      const own = Array.from({ length: 8 }, (_, i) => {
        const factor = Math.exp(spread * normal(random));
        const of = { ...hazards, fast: hazards.fast * factor, slow: hazards.slow * factor };
        return { name: `s${i}`, truth: truth(3, 14, of), table: riskTable(cohort(random, 30 + 25 * i, of)) };
      });
      const tables = new Map(own.map(({ name, table }) => [name, table]));
      const outlooks = segmentOutlooks(tables, { horizonSeconds: 14 });
      const common = outlooks.shares('none', 3)?.advanced ?? 0;
      for (const { name, truth: expected, table } of own) {
        const { shares, advanced } = outlooks.of(name, 3);
        const plain = outlook(table, { spentSeconds: 3, horizonSeconds: 14, atRiskMin: 1 }).shares?.advanced ?? 0;
        errors.shrunk += ((shares?.advanced ?? 0) - expected) ** 2;
        errors.own += (plain - expected) ** 2;
        errors.common += (common - expected) ** 2;
        if (advanced.lo <= expected && expected <= advanced.hi) held++;
        total++;
      }
    }
    expect(errors.shrunk).toBeLessThan(errors.own);
    if (spread > 0) expect(errors.shrunk).toBeLessThan(errors.common);
    expectShare(`segments, spread ${spread}`, held / total, total, 0.9, 1);
  });
});

type Kinds = Readonly<Record<string, Hazards>>;

/** Visits of a year: entries at random, segments with hazards of their own. */
function year(random: Random, n: number, kinds: Kinds): PastVisit[] {
  const names = Object.keys(kinds);
  return Array.from({ length: n }, () => {
    const segment = names[Math.floor(random() * names.length)] ?? '';
    const enteredSeconds = between(random, 0, 365);
    const { days, outcome } = settle(random, kinds[segment] ?? hazards);
    const endedSeconds = enteredSeconds + days;
    return endedSeconds > 365
      ? { enteredSeconds, endedSeconds: null, outcome: 'open', segment }
      : { enteredSeconds, endedSeconds, outcome, segment };
  });
}

const question = { cutsSeconds: [200, 260, 320], horizonSeconds: 14, asOfSeconds: 365 };
const kinds: Kinds = {
  quick: { fast: 0.2, slow: 0.1, loss: 0.01 },
  usual: hazards,
  slow: { fast: 0.02, slow: 0.005, loss: 0.02 },
  leaving: { fast: 0.02, slow: 0.01, loss: 0.12 },
};
const same: Hazards = { fast: 0.05, slow: 0.05, loss: 0.03 };
const sameKinds: Kinds = { a: same, b: same, c: same, d: same };

/** Visits with durations and outcomes dealt out anew, whatever the segment. */
function shuffled(random: Random, visits: readonly PastVisit[]): PastVisit[] {
  const deck = visits.map(({ segment }) => ({ segment, order: random() })).sort((a, b) => a.order - b.order);
  return visits.map((visit, i) => ({ ...visit, segment: deck[i]?.segment ?? '' }));
}

function verdicts(worlds: number, seed: number, make: (random: Random) => PastVisit[]): Backtest[] {
  const random = seededRandom(seed);
  return Array.from({ length: worlds }, () => backtestNextStep(make(random), question));
}

describe('the back-test of the next step', () => {
  it('finds skill where there is some, and calibrated forecasts', () => {
    const results = verdicts(60, 1, (random) => year(random, 1600, kinds));
    expect(results.filter(({ verdict }) => verdict === 'skill').length).toBeGreaterThanOrEqual(57);
    for (const outcome of ['advanced', 'lost'] as const) {
      const passed = results.filter((result) => result[outcome].calibrationTest.pValue > 0.05).length / 60;
      expectShare(`calibrated ${outcome}`, passed, 60, 0.9, 1);
      const areas = results.map((result) => result[outcome].discrimination.auc ?? 0);
      expect(areas.reduce((sum, auc) => sum + auc, 0) / 60).toBeGreaterThan(0.65);
    }
    const rows = results.flatMap(({ advanced }) => advanced.calibration);
    const inside = rows.filter(({ lo, hi, forecast }) => lo <= forecast && forecast <= hi).length / rows.length;
    expectShare('calibration rows', inside, rows.length, 0.9, 1);
  });

  it('finds none where segments and times spent mean nothing', () => {
    const results = verdicts(120, 2, (random) => year(random, 700, sameKinds));
    const found = results.filter(({ verdict }) => verdict === 'skill').length / 120;
    expectShare('no skill without effect', 1 - found, 120, 0.95, 1.01);
    expect(results.every(({ visits }) => visits >= 30)).toBe(true);
  });

  it('finds none when the segments of a world with skill are dealt out anew', () => {
    const flat: Kinds = {
      quick: { fast: 0.2, slow: 0.2, loss: 0.02 },
      leaving: { fast: 0.02, slow: 0.02, loss: 0.15 },
      usual: same,
      slow: { fast: 0.02, slow: 0.02, loss: 0.01 },
    };
    const random = seededRandom(3);
    const worlds = Array.from({ length: 40 }, () => year(random, 1200, flat));
    const skill = (visits: readonly PastVisit[]): number => backtestNextStep(visits, question).skill ?? 0;
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [kept, dealt] = [mean(worlds.map(skill)), mean(worlds.map((visits) => skill(shuffled(random, visits))))];
    if (process.env.MICHINORI_TEST_REPORT)
      process.stdout.write(`skill kept ${kept.toFixed(3)}, dealt ${dealt.toFixed(3)}\n`);
    expect(kept).toBeGreaterThan(dealt + 0.05);
  });

  it('looks at nothing that was not known at the cut', () => {
    const visits = year(seededRandom(4), 400, kinds);
    const one = { ...question, cutsSeconds: [260] };
    const blind = visits.map((visit) => {
      const isLater = visit.endedSeconds !== null && visit.endedSeconds > 260 && visit.enteredSeconds < 260;
      return isLater ? { ...visit, outcome: 'advanced' as const, endedSeconds: 261 } : visit;
    });
    const [seen, changed] = [backtestNextStep(visits, one), backtestNextStep(blind, one)];
    const said = ({ advanced }: Backtest) =>
      advanced.calibration.map(({ from, to, n, forecast }) => [from, to, n, forecast.toFixed(12)]);
    expect(said(changed)).toEqual(said(seen));
    expect(changed.brier).not.toBe(seen.brier);
    expect(changed.brierBase).not.toBe(seen.brierBase);
  });

  it('counts visits and cuts as it says', () => {
    const visits = year(seededRandom(5), 500, kinds);
    const open = (cut: number) =>
      visits.filter(({ enteredSeconds, endedSeconds }) => enteredSeconds < cut && (endedSeconds ?? Infinity) > cut);
    const result = backtestNextStep(visits, { ...question, cutsSeconds: [5, 300, 310, 351, 352] });
    expect(result.cuts).toBe(4);
    expect(result.forecasts).toBe([300, 310, 351].reduce((sum, cut) => sum + open(cut).length, 0));
    expect(result.unknown).toBe(open(5).length);
    expect(result.visits).toBe(new Set([300, 310, 351].flatMap(open)).size);
    const reversed = backtestNextStep(visits, { ...question, cutsSeconds: [352, 351, 310, 300, 5] });
    expect(reversed).toEqual(result);
    const none = backtestNextStep([], question);
    expect(none).toMatchObject({ brier: null, skill: null, verdict: 'insufficient', visits: 0, forecasts: 0 });
    const few = backtestNextStep(visits, { ...question, cutsSeconds: [300], atRiskMin: 1000 });
    expect(few).toMatchObject({ forecasts: 0, verdict: 'insufficient' });
    const backwards = { enteredSeconds: 5, endedSeconds: 4, outcome: 'lost' as const, segment: '' };
    expect(() => backtestNextStep([backwards], question)).toThrow(RangeError);
  });
});
