import { hypergeometricRatio, hypergeometricSupport, logHypergeometricMass, type Urn } from './hypergeometric.ts';
import { assertProportion, type Proportion, twoProportion } from './proportion.ts';

// Tables whose probability differs from the observed one by rounding only count as equally extreme (as in R).
const TIE_TOLERANCE = Math.log1p(1e-7);

/** Sum of P(y)/P(x) over y = x, x + direction, … to the end of the support; x lies on the falling side of the mode. */
function tailRelativeToStart(x: number, direction: 1 | -1, urn: Urn): number {
  const { first, last } = hypergeometricSupport(urn);
  let term = 1;
  let sum = 1;
  for (let y = x; direction === 1 ? y < last : y > first; y += direction) {
    term *= direction === 1 ? hypergeometricRatio(y, urn) : 1 / hypergeometricRatio(y - 1, urn);
    sum += term;
    if (term < sum * 1e-17) break;
  }
  return sum;
}

/** The value nearest to the mode, on its far side, that is at most as probable as `logLimit`; null if there is none. */
function oppositeStart(mode: number, end: number, logLimit: number, urn: Urn): number | null {
  if (logHypergeometricMass(end, urn) > logLimit) return null;
  const step = end > mode ? 1 : -1;
  let tooProbable = 0;
  let rare = Math.abs(end - mode);
  while (rare - tooProbable > 1) {
    const middle = Math.floor((rare + tooProbable) / 2);
    if (logHypergeometricMass(mode + step * middle, urn) > logLimit) tooProbable = middle;
    else rare = middle;
  }
  return mode + step * rare;
}

/**
 * Two-sided p-value of Fisher's exact test (Fisher, 1935) for `a` against `b`: the probability, given the margins, of
 * all tables that are at most as probable as the observed one. Tails are summed outwards from their greatest term,
 * so tiny p-values keep their relative precision until a double underflows. An empty group or margin gives 1.
 */
export function fisherExact(a: Proportion, b: Proportion): number {
  assertProportion(a);
  assertProportion(b);
  const urn: Urn = { total: a.n + b.n, marked: a.k + b.k, drawn: a.n };
  const { first, last } = hypergeometricSupport(urn);
  if (first === last) return 1;
  const mode = Math.min(last, Math.max(first, Math.floor(((urn.drawn + 1) / (urn.total + 2)) * (urn.marked + 1))));
  const logObserved = logHypergeometricMass(a.k, urn);
  const logLimit = logObserved + TIE_TOLERANCE;
  if (logHypergeometricMass(mode, urn) <= logLimit) return 1;
  const direction = a.k > mode ? 1 : -1;
  const tail = Math.exp(logObserved) * tailRelativeToStart(a.k, direction, urn);
  const start = oppositeStart(mode, direction === 1 ? first : last, logLimit, urn);
  if (start === null) return Math.min(1, tail);
  const opposite =
    Math.exp(logHypergeometricMass(start, urn)) * tailRelativeToStart(start, direction === 1 ? -1 : 1, urn);
  return Math.min(1, tail + opposite);
}

export interface ProportionTest {
  readonly pValue: number;
  readonly test: 'z' | 'fisher';
}

/**
 * Two-sided test of two proportions: the pooled z-test, or Fisher's exact test as soon as one observed or expected
 * cell of the 2 × 2 table is below 5 (Cochran, 1954).
 */
export function twoProportionOrFisher(a: Proportion, b: Proportion): ProportionTest {
  assertProportion(a);
  assertProportion(b);
  const total = a.n + b.n;
  const successes = a.k + b.k;
  const expected = [a, b].flatMap(({ n }) => [(n * successes) / total, (n * (total - successes)) / total]);
  const observed = [a.k, a.n - a.k, b.k, b.n - b.k];
  const sparse = total === 0 || [...expected, ...observed].some((cell) => cell < 5);
  return sparse ? { pValue: fisherExact(a, b), test: 'fisher' } : { pValue: twoProportion(a, b).pValue, test: 'z' };
}
