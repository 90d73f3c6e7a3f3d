import { normalCriticalValue } from '../normal.ts';
import { type Interval, wilson } from '../proportion.ts';
import { atRiskAt } from './follow-up.ts';
import { type Cause, type Incidence, type OtherOutcome, walkIncidence } from './incidence-walk.ts';
import { assertSeconds, type RiskColumns, rowsUpTo } from './risk-table.ts';

/** The curve from one event time on. All shares are of the cohort, 0 … 1. */
export interface CurveStep extends Interval {
  readonly seconds: number;
  readonly atRisk: number;
  /** Customers who had the curve's event exactly then. */
  readonly events: number;
  readonly estimate: number;
  readonly standardError: number;
}

/** The curve at one time. */
export interface CurvePoint extends Interval {
  /** null when nobody without an outcome was watched that long, so that the curve isn't known there. */
  readonly estimate: number | null;
  readonly atRisk: number;
  readonly reached: boolean;
}

/** The time at which a share `p` of the cohort has had the event; null where the curve or its bound never gets there. */
export interface CurveQuantile {
  readonly p: number;
  readonly seconds: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
}

export interface Curve {
  readonly n: number;
  readonly events: number;
  /** One step per distinct time with an event, ascending. */
  readonly steps: readonly CurveStep[];
  /** p25, p50, p75 and p90. */
  readonly quantiles: readonly CurveQuantile[];
  at(seconds: number): CurvePoint;
  quantile(p: number): CurveQuantile;
}

export interface CurveOptions {
  readonly cause: Cause;
  readonly other: OtherOutcome;
  /** `event`: the share that had the event, rising from 0. `survival`: the share that did not, falling from 1. */
  readonly shape: 'event' | 'survival';
  readonly level: number;
}

const QUANTILES = [0.25, 0.5, 0.75, 0.9];
// A share that misses p by rounding only has reached it.
const SHARE_TOLERANCE = 1e-9;

/** The share F that had the event, at each of its times; F is above 0 there. */
interface Jumps {
  readonly row: number[];
  readonly events: number[];
  readonly share: number[];
  readonly complement: number[];
  readonly variance: number[];
  /** Share without any outcome at the end of the table. */
  readonly unsettledAtEnd: number;
}

function jumpsOf(columns: RiskColumns, cause: Cause, other: OtherOutcome): Jumps {
  const jumps: Omit<Jumps, 'unsettledAtEnd'> = { row: [], events: [], share: [], complement: [], variance: [] };
  let before = 0;
  const onOutcome = (at: number, state: Incidence) => {
    if (state.events === before) return;
    jumps.row.push(at);
    jumps.events.push(state.events - before);
    jumps.share.push(state.share);
    jumps.complement.push(state.complement);
    jumps.variance.push(state.shareVariance);
    before = state.events;
  };
  const end = walkIncidence(columns, { cause, other, untilSeconds: Infinity, onOutcome });
  return { ...jumps, unsettledAtEnd: end.unsettled };
}

/** Customers whose state at `seconds` is known, while nobody had the event: not censored before. */
function knownAt(columns: RiskColumns, seconds: number, { cause, other }: CurveOptions): number {
  let known = columns.total;
  for (let i = 0; i < columns.seconds.length && (columns.seconds[i] ?? Infinity) < seconds; i++) {
    known -= columns.censored[i] ?? 0;
    if (other === 'censors') known -= columns[cause === 'advanced' ? 'lost' : 'advanced'][i] ?? 0;
  }
  return known;
}

function complementOf<T extends Interval & { readonly estimate: number | null }>(point: T): T {
  const { estimate, lo, hi } = point;
  return { ...point, estimate: estimate === null ? null : 1 - estimate, lo: 1 - hi, hi: 1 - lo };
}

/**
 * Builds a curve. Intervals are pointwise on the complementary log-log scale of F, log(−log(1 − F)), by the delta method
 * (Kalbfleisch & Prentice, 1980, §1.3); for Kaplan–Meier that is the log-log interval. The scale ends where Greenwood's
 * variance is 0: while nobody had the event the interval is Wilson's of 0 among the customers known by then; once the
 * last customers at risk had it, 1 − F is at most its bound one step before times Wilson's bound of 0 among them.
 * Quantiles are the first time at which the curve reaches p, with the interval of Brookmeyer & Crowley (1982) on the
 * same scale: from the first time at which the upper bound reaches p to the first at which the lower one does.
 */
export function buildCurve(columns: RiskColumns, options: CurveOptions): Curve {
  const { cause, other, shape, level } = options;
  const z = normalCriticalValue(level);
  const jumps = jumpsOf(columns, cause, other);
  const jumpSeconds = Float64Array.from(jumps.row, (row) => columns.seconds[row] ?? 0);
  const lastSeconds = columns.seconds.at(-1) ?? -1;
  let steps: readonly CurveStep[] | undefined;

  function intervalAt(jump: number): Interval {
    const share = jumps.share[jump] ?? 0;
    const complement = jumps.complement[jump] ?? 1;
    if (complement <= 0) {
      const previous = jump === 0 ? 0 : intervalAt(jump - 1).lo;
      const group = columns.atRisk[jumps.row[jump] ?? 0] ?? 0;
      return { lo: 1 - (1 - previous) * wilson(0, group, level).hi, hi: 1 };
    }
    const logComplement = share < 0.5 ? Math.log1p(-share) : Math.log(complement);
    const factor = Math.exp((z * Math.sqrt(jumps.variance[jump] ?? 0)) / (complement * -logComplement));
    return { lo: -Math.expm1(logComplement / factor), hi: -Math.expm1(logComplement * factor) };
  }

  function stepAt(jump: number): CurveStep {
    const row = jumps.row[jump] ?? 0;
    const step = {
      seconds: jumpSeconds[jump] ?? 0,
      atRisk: columns.atRisk[row] ?? 0,
      events: jumps.events[jump] ?? 0,
      estimate: jumps.share[jump] ?? 0,
      standardError: Math.sqrt(jumps.variance[jump] ?? 0),
      ...intervalAt(jump),
    };
    return shape === 'event' ? step : complementOf(step);
  }

  function shareAt(seconds: number): CurvePoint {
    assertSeconds(seconds);
    const atRisk = atRiskAt(columns, seconds);
    const reached = seconds <= lastSeconds || jumps.unsettledAtEnd === 0;
    const jump = rowsUpTo(jumpSeconds, seconds) - 1;
    if (!reached) return { estimate: null, lo: jump < 0 ? 0 : intervalAt(jump).lo, hi: 1, atRisk, reached };
    if (jump >= 0) return { estimate: jumps.share[jump] ?? 0, ...intervalAt(jump), atRisk, reached };
    return { estimate: 0, ...wilson(0, knownAt(columns, seconds, options), level), atRisk, reached };
  }

  function quantile(p: number): CurveQuantile {
    if (!(p > 0 && p <= 1)) throw new RangeError(`not a share to reach: ${p}`);
    const goal = p - SHARE_TOLERANCE;
    const firstTime = (valueAt: (jump: number) => number) => {
      for (let jump = 0; jump < jumpSeconds.length; jump++) if (valueAt(jump) >= goal) return jumpSeconds[jump] ?? null;
      return null;
    };
    return {
      p,
      seconds: firstTime((jump) => jumps.share[jump] ?? 0),
      // Worked out when asked for: each looks at the interval of every step up to there.
      get lo() {
        return firstTime((jump) => intervalAt(jump).hi);
      },
      get hi() {
        return firstTime((jump) => intervalAt(jump).lo);
      },
    };
  }

  return {
    n: columns.total,
    events: jumps.events.reduce((sum, count) => sum + count, 0),
    get steps() {
      steps ??= jumps.row.map((_, jump) => stepAt(jump));
      return steps;
    },
    get quantiles() {
      return QUANTILES.map(quantile);
    },
    at: (seconds) => (shape === 'event' ? shareAt(seconds) : complementOf(shareAt(seconds))),
    quantile,
  };
}
