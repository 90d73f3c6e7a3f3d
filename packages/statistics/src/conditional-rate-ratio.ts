import type { Tails } from './beta.ts';
import { logBinomialMass } from './binomial-mass.ts';
import { bisect } from './bisect.ts';
import type { ExposureStratum } from './person-time.ts';

// A tail above this keeps ten digits as 1 − the other one; a smaller one is summed term by term.
const SUBTRACTION_MIN = 1e-6;
const TAIL_TERMS = 80;
const LOG_RATIO_MAX = 600;

interface Stratum {
  readonly events: number;
  /** Odds that an event falls into the exposed time at ratio 1. */
  readonly odds: number;
}

/** Masses 0 … xMax of a sum of binomials, one per stratum, whose odds are `ratio` times their odds at ratio 1. */
function convolvedMasses(strata: readonly Stratum[], ratio: number, xMax: number): number[] {
  let masses = [1];
  for (const { events, odds } of strata) {
    const [rate, complement] = [(ratio * odds) / (1 + ratio * odds), 1 / (1 + ratio * odds)];
    const own = Array.from({ length: Math.min(events, xMax) + 1 }, (_, x) =>
      Math.exp(logBinomialMass(x, events, rate, complement)),
    );
    const next = new Array<number>(Math.min(xMax + 1, masses.length + own.length - 1)).fill(0);
    masses.forEach((mass, i) => {
      for (let j = 0; j < own.length && i + j < next.length; j++)
        next[i + j] = (next[i + j] ?? 0) + mass * (own[j] ?? 0);
    });
    masses = next;
  }
  return masses;
}

/** Mid-p tails of `observed` exposed events as a function of the logarithm of the rate ratio. */
function midTails(strata: readonly Stratum[], observed: number): (logRatio: number) => Tails {
  const expected = (logRatio: number) =>
    strata.reduce((sum, { events, odds }) => sum + events / (1 + 1 / (odds * Math.exp(logRatio))), 0);
  const logNorm = (logRatio: number) =>
    strata.reduce((sum, { events, odds }) => sum + events * Math.log1p(odds * Math.exp(logRatio)), 0);
  const base = bisect(-LOG_RATIO_MAX, LOG_RATIO_MAX, (x) => expected(x) < Math.max(observed, 0.5));
  const baseMasses = convolvedMasses(strata, Math.exp(base), observed + TAIL_TERMS);
  const baseNorm = logNorm(base);
  return (logRatio) => {
    const shift = baseNorm - logNorm(logRatio);
    const mass = (x: number) => (baseMasses[x] ?? 0) * Math.exp(x * (logRatio - base) + shift);
    const half = mass(observed) / 2;
    let lower = half;
    for (let x = 0; x < observed; x++) lower += mass(x);
    if (1 - lower > SUBTRACTION_MIN) return { lower, upper: 1 - lower };
    let upper = half;
    for (let x = observed + 1; x < baseMasses.length; x++) upper += mass(x);
    return { lower, upper };
  };
}

export interface ConditionalRateRatio {
  readonly lo: number;
  /** Infinity without events in the unexposed time. */
  readonly hi: number;
  readonly pValue: number;
}

/**
 * Exact interval and test of a common rate ratio given the number of events of every stratum (Martin & Austin, 1996),
 * with mid-p tails (Berry & Armitage, 1995), which keep the level on average instead of always exceeding it.
 * Every stratum must have time on both sides and there must be at least one event. Cost grows with the smaller of the
 * two event counts only.
 */
export function conditionalRateRatio(strata: readonly ExposureStratum[], level: number): ConditionalRateRatio {
  const exposed = strata.reduce((sum, s) => sum + s.eventsExposed, 0);
  const unexposed = strata.reduce((sum, s) => sum + s.eventsUnexposed, 0);
  const isFlipped = exposed > unexposed;
  const observed = Math.min(exposed, unexposed);
  const tails = midTails(
    strata.map((s) => ({
      events: s.eventsExposed + s.eventsUnexposed,
      odds: isFlipped ? s.timeUnexposed / s.timeExposed : s.timeExposed / s.timeUnexposed,
    })),
    observed,
  );
  const tail = (1 - level) / 2;
  const limit = (isBelow: (t: Tails) => boolean) =>
    Math.exp(bisect(-LOG_RATIO_MAX, LOG_RATIO_MAX, (x) => isBelow(tails(x))));
  const lo = observed === 0 ? 0 : limit(({ upper }) => upper < tail);
  const hi = limit(({ lower }) => lower > tail);
  const { lower, upper } = tails(0);
  const pValue = Math.min(1, 2 * Math.min(lower, upper));
  return isFlipped ? { lo: 1 / hi, hi: 1 / lo, pValue } : { lo, hi, pValue };
}
