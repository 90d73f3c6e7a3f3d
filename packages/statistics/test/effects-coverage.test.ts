import {
  bandEdges,
  benjaminiHochberg,
  bestSegment,
  bottleneckGain,
  mantelHaenszelRateRatio,
  meanDifference,
  meanInterval,
  npsDifference,
  npsInterval,
  personTimeBands,
  rateRatio,
  type Spell,
  shrinkMeans,
  shrinkRates,
  twoProportion,
  wilson,
} from '@michinori/statistics';
import { describe, expect, it } from 'vitest';
import { beta, between, binomial, exponential, normal, poisson, runs, seededRandom, summary } from './simulation.ts';

interface Bounds {
  readonly lo: number | null;
  readonly hi: number | null;
}

const holds = ({ lo, hi }: Bounds, truth: number) => (lo ?? -Infinity) <= truth && truth <= (hi ?? Infinity);

/** Share of `runs` draws for which `once` is true. */
function share(once: () => boolean): number {
  let count = 0;
  for (let i = 0; i < runs; i++) if (once()) count++;
  return count / runs;
}

/** What chance adds, beyond 2 000 runs, to three standard errors of a share near 95 %. */
const slack = 3 * Math.sqrt(0.95 * 0.05) * Math.max(0, 1 / Math.sqrt(runs) - 1 / Math.sqrt(2000));

function expectShare(name: string, actual: number, lo: number, hi: number): void {
  if (process.env.MICHINORI_TEST_REPORT) process.stdout.write(`${name}: ${actual.toFixed(4)}\n`);
  expect(actual, name).toBeGreaterThanOrEqual(lo - slack);
  expect(actual, name).toBeLessThanOrEqual(hi + slack);
}

const expectCovers = (name: string, covered: number) => expectShare(`${name}, covered`, covered, 0.93, 0.97);
const expectLevel = (name: string, rejected: number) => expectShare(`${name}, false positives`, rejected, 0.04, 0.06);

/** NPS answers of `n` customers who are promoters or detractors with these probabilities. */
function answers(random: () => number, n: number, promoter: number, detractor: number) {
  let [promoters, detractors] = [0, 0];
  for (let i = 0; i < n; i++) {
    const draw = random();
    if (draw < promoter) promoters++;
    else if (draw > 1 - detractor) detractors++;
  }
  return { promoters, passives: n - promoters - detractors, detractors };
}

interface Process {
  readonly customers: number;
  readonly ratio: number;
  /** Of a Weibull time to advance: 1 constant hazard, below falling, above rising with time in the stage. */
  readonly shape: number;
}

/** Entries over 60 days, followed up to day 90, lost meanwhile, touched after an exponential time. */
function stays(random: () => number, { customers, ratio, shape }: Process): Spell[] {
  return Array.from({ length: customers }, () => {
    const [end, lost, touch] = [90 - between(random, 0, 60), 80 * exponential(random), 25 * exponential(random)];
    const cumulative = (touch / 40) ** shape;
    const needed = exponential(random);
    const reached = needed < cumulative ? needed : cumulative + (needed - cumulative) / ratio;
    const advance = 40 * reached ** (1 / shape);
    const duration = Math.min(advance, lost, end);
    return { duration, touchedAt: touch < duration ? touch : null, advanced: advance === duration };
  });
}

const edgesOf = (spells: readonly Spell[]) => bandEdges(spells.filter((s) => s.advanced).map((s) => s.duration));

describe('effect of a touchpoint in a process with staggered entry, loss and censoring', () => {
  const worlds = [1, 0.6, 1.8].flatMap((shape) => [1, 0.6].map((ratio) => ({ shape, ratio })));
  it.each(worlds)('hazard of shape $shape, true ratio $ratio: by bands of time in stage', ({ shape, ratio }) => {
    const random = seededRandom(100 + 10 * shape + ratio);
    for (const customers of [100, 300]) {
      let [covered, rejected] = [0, 0];
      for (let i = 0; i < runs; i++) {
        const spells = stays(random, { customers, ratio, shape });
        const effect = mantelHaenszelRateRatio(personTimeBands(spells, edgesOf(spells)));
        if (holds(effect, ratio)) covered++;
        if (effect.pValue < 0.05) rejected++;
      }
      const name = `stratified rate ratio ${ratio}, shape ${shape}, ${customers} customers`;
      expectCovers(name, covered / runs);
      if (ratio === 1) expectLevel(name, rejected / runs);
    }
  });

  it.each([1, 0.6])('constant hazard, true ratio %d: without bands', (ratio) => {
    const random = seededRandom(200 + ratio);
    for (const customers of [60, 200]) {
      let [covered, rejected] = [0, 0];
      for (let i = 0; i < runs; i++) {
        const [table] = personTimeBands(stays(random, { customers, ratio, shape: 1 }), []);
        const effect = table && rateRatio(table);
        if (effect && holds(effect, ratio)) covered++;
        if (effect && effect.pValue < 0.05) rejected++;
      }
      const name = `plain rate ratio ${ratio}, constant hazard, ${customers} customers`;
      expectCovers(name, covered / runs);
      if (ratio === 1) expectLevel(name, rejected / runs);
    }
  });

  it('is made up by time in stage when the bands are left out, or by immortal time when exposure starts at entry', () => {
    const random = seededRandom(210);
    let [crude, immortal] = [0, 0];
    for (let i = 0; i < 200; i++) {
      const [falling] = personTimeBands(stays(random, { customers: 300, ratio: 1, shape: 0.6 }), []);
      if (falling && holds(rateRatio(falling), 1)) crude++;
      const touchedAll = stays(random, { customers: 300, ratio: 1, shape: 1 }).map((s) => ({
        ...s,
        touchedAt: s.touchedAt === null ? null : 0,
      }));
      const [fromEntry] = personTimeBands(touchedAll, []);
      if (fromEntry && holds(rateRatio(fromEntry), 1)) immortal++;
    }
    expect(crude / 200).toBeLessThan(0.5);
    expect(immortal / 200).toBeLessThan(0.5);
  });
});

describe('intervals cover, tests hold their level', () => {
  it('Wilson', () => {
    const random = seededRandom(301);
    const covered = share(() => {
      const [n, rate] = [30 + Math.floor(random() * 300), between(random, 0.02, 0.98)];
      return holds(wilson(binomial(random, n, rate), n), rate);
    });
    expectCovers('Wilson', covered);
  });

  it('NPS, and the difference of two', () => {
    const random = seededRandom(302);
    const draw = (n: number) => {
      const [promoter, detractor] = [between(random, 0.2, 0.6), between(random, 0.05, 0.35)];
      return { truth: 100 * (promoter - detractor), counts: answers(random, n, promoter, detractor) };
    };
    const single = share(() => {
      const { truth, counts } = draw(60 + Math.floor(300 * random()));
      return holds(npsInterval(counts.promoters, counts.passives, counts.detractors), truth);
    });
    expectCovers('NPS', single);
    const difference = share(() => {
      const [a, b] = [draw(30 + Math.floor(200 * random())), draw(30 + Math.floor(400 * random()))];
      return holds(npsDifference(a.counts, b.counts), a.truth - b.truth);
    });
    expectCovers('NPS difference', difference);
    const rare = share(() => {
      const [promoter, detractor] = [between(random, 0.75, 0.9), between(random, 0.02, 0.05)];
      const [a, b] = [answers(random, 60, promoter, detractor), answers(random, 300, promoter, detractor)];
      return holds(npsDifference(a, b), 0);
    });
    expectCovers('NPS difference, few detractors', rare);
  });

  it('mean and Welch difference', () => {
    const random = seededRandom(303);
    const draw = (n: number, mean: number, deviation: number) =>
      summary(Array.from({ length: n }, () => mean + deviation * normal(random)));
    const single = share(() => {
      const { n, mean, variance } = draw(2 + Math.floor(20 * random()), 0.3, 0.7);
      return holds(meanInterval(n, mean, variance), 0.3);
    });
    expectCovers('mean', single);
    let rejected = 0;
    const difference = share(() => {
      const [a, b] = [
        draw(4 + Math.floor(20 * random()), 0.3, between(random, 0.2, 1)),
        draw(4 + Math.floor(80 * random()), 0.1, between(random, 0.2, 1)),
      ];
      if (meanDifference(a, { ...b, mean: b.mean + 0.2 }).pValue < 0.05) rejected++;
      return holds(meanDifference(a, b), 0.2);
    });
    expectCovers('Welch difference', difference);
    expectLevel('Welch difference', rejected / runs);
  });

  it.each([
    { cells: 5, spread: 0.4 },
    { cells: 8, spread: 0.2 },
    { cells: 20, spread: 0.2 },
  ])('shrunk means of $cells cells with true spread $spread, and they are nearer', ({ cells, spread }) => {
    const random = seededRandom(310 + cells);
    let [covered, drawn, squaresShrunk, squaresOwn] = [0, 0, 0, 0];
    while (drawn < 2 * runs) {
      const truths = Array.from({ length: cells }, () => 0.2 + spread * normal(random));
      const samples = truths.map((truth) => {
        const deviation = between(random, 0.45, 0.55);
        return summary(Array.from({ length: 3 + Math.floor(27 * random()) }, () => truth + deviation * normal(random)));
      });
      shrinkMeans(samples)?.cells.forEach((cell, i) => {
        const truth = truths[i] ?? Number.NaN;
        drawn++;
        if (holds(cell, truth)) covered++;
        squaresShrunk += (cell.shrunk - truth) ** 2;
        squaresOwn += (cell.mean - truth) ** 2;
      });
    }
    expectCovers(`shrunk means, ${cells} cells, spread ${spread}`, covered / drawn);
    expect(squaresShrunk / squaresOwn).toBeLessThan(0.95);
  });

  it('shrunk rates; the best of them is not the luckiest', () => {
    const random = seededRandom(320);
    let [covered, drawn, bestCovered, biasShrunk, biasOwn] = [0, 0, 0, 0, 0];
    for (let i = 0; i < runs; i++) {
      const [centre, strength] = [between(random, 0.15, 0.7), 30];
      const truths = Array.from({ length: 8 }, () => beta(random, centre * strength, (1 - centre) * strength));
      const segments = truths.map((truth) => {
        const n = 30 + Math.floor(random() * 200);
        return { k: binomial(random, n, truth), n };
      });
      const shrunk = shrinkRates(segments);
      shrunk.forEach((segment, j) => {
        drawn++;
        if (holds(segment, truths[j] ?? Number.NaN)) covered++;
      });
      const best = bestSegment(shrunk) ?? 0;
      const [segment, truth] = [shrunk[best], truths[best] ?? Number.NaN];
      if (segment && holds(segment, truth)) bestCovered++;
      biasShrunk += ((segment?.rate ?? 0) - truth) / runs;
      const own = segments.map(({ k, n }) => k / n);
      const lucky = own.indexOf(Math.max(...own));
      biasOwn += ((own[lucky] ?? 0) - (truths[lucky] ?? 0)) / runs;
    }
    expectCovers('shrunk rates', covered / drawn);
    expectCovers('shrunk rate of the best segment', bestCovered / runs);
    expect(biasOwn).toBeGreaterThan(0.02);
    expect(Math.abs(biasShrunk)).toBeLessThan(biasOwn / 3);
  });

  it.each([4, 8])('gain of a bottleneck, the best of %d segments chosen from the data', (segments) => {
    const random = seededRandom(330 + segments);
    const covered = share(() => {
      const [centre, months] = [between(random, 0.25, 0.7), 3];
      const truths = Array.from({ length: segments }, () => beta(random, centre * 20, (1 - centre) * 20));
      const shrunk = shrinkRates(
        truths.map((truth) => {
          const n = 30 + Math.floor(random() * 150);
          return { k: binomial(random, n, truth), n };
        }),
      );
      const chosen = bestSegment(shrunk) ?? 0;
      const best = shrunk[chosen];
      const [rate, completes, perMonth] = [
        between(random, 0.1, 0.6),
        between(random, 0.2, 0.9),
        between(random, 15, 300),
      ];
      const [n, advanced] = [30 + Math.floor(random() * 300), 30 + Math.floor(random() * 150)];
      if (best === undefined) return false;
      const gain = bottleneckGain({
        entered: poisson(random, perMonth * months),
        months,
        current: { k: binomial(random, n, rate), n },
        best,
        completed: { k: binomial(random, advanced, completes), n: advanced },
      });
      return holds(gain, perMonth * ((truths[chosen] ?? 0) - rate) * completes);
    });
    expectCovers(`gain of a bottleneck, ${segments} segments`, covered);
  });

  it('two proportions and the plain rate ratio without any effect', () => {
    const random = seededRandom(340);
    const proportions = share(() => {
      const [a, b, rate] = [
        100 + Math.floor(500 * random()),
        100 + Math.floor(500 * random()),
        between(random, 0.1, 0.9),
      ];
      return (
        twoProportion({ k: binomial(random, a, rate), n: a }, { k: binomial(random, b, rate), n: b }).pValue < 0.05
      );
    });
    expectLevel('two proportions', proportions);
    const ratios = share(() => {
      const [timeExposed, timeUnexposed] = [between(random, 10, 60), between(random, 10, 100)];
      const table = { eventsExposed: poisson(random, timeExposed), timeExposed };
      return rateRatio({ ...table, eventsUnexposed: poisson(random, timeUnexposed), timeUnexposed }).pValue < 0.05;
    });
    expectLevel('rate ratio of Poisson counts', ratios);
  });

  it('the exact rate ratio never exceeds its level by much, however few the events', () => {
    const random = seededRandom(341);
    const rejected = share(() => {
      const [timeExposed, timeUnexposed] = [between(random, 1, 8), between(random, 1, 30)];
      const table = { eventsExposed: poisson(random, timeExposed), timeExposed };
      return rateRatio({ ...table, eventsUnexposed: poisson(random, timeUnexposed), timeUnexposed }).pValue < 0.05;
    });
    expectShare('exact rate ratio of a few Poisson counts, false positives', rejected, 0.02, 0.06);
  });

  it('Benjamini–Hochberg keeps the false discoveries among 20 comparisons at 5 %', () => {
    const random = seededRandom(350);
    let [falseShare, found] = [0, 0];
    for (let i = 0; i < runs; i++) {
      const qValues = benjaminiHochberg(
        Array.from({ length: 20 }, (_, j) => {
          const [here, there] = [j < 14 ? 0.4 : 0.5, 0.4];
          return twoProportion({ k: binomial(random, 300, here), n: 300 }, { k: binomial(random, 300, there), n: 300 })
            .pValue;
        }),
      );
      const discoveries = qValues.filter((q) => q < 0.05).length;
      falseShare += qValues.filter((q, j) => j < 14 && q < 0.05).length / Math.max(1, discoveries) / runs;
      found += qValues.filter((q, j) => j >= 14 && q < 0.05).length / 6 / runs;
    }
    expectShare('false discoveries', falseShare, 0.02, 0.05);
    expect(found).toBeGreaterThan(0.2);
  });
});
