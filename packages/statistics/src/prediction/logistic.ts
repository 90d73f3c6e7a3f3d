import { normalCriticalValue, normalSurvival } from '../normal.ts';
import type { Interval } from '../proportion.ts';
import { cholesky, type Factor, type Matrix } from './cholesky.ts';

/** `n` customers of the same covariates, to `k` of whom it happened. */
export interface LogisticRow {
  readonly x: readonly number[];
  readonly k: number;
  readonly n: number;
}

/** Log-odds per unit of a covariate; Wald interval and p-value. */
export interface Coefficient extends Interval {
  readonly estimate: number;
  readonly standardError: number;
  readonly pValue: number;
}

export type LogisticFit =
  | {
      readonly outcome: 'converged';
      readonly iterations: number;
      readonly intercept: Coefficient;
      readonly coefficients: readonly Coefficient[];
      /** Maximum of the log-likelihood, with Firth's penalty if it was asked for. */
      readonly logLikelihood: number;
      /** Probability for covariates. */
      predict(x: readonly number[]): number;
    }
  /** It happened to all or none; without penalty also where covariates tell both apart without fault (`not_converged`). */
  | { readonly outcome: 'one_outcome' | 'no_data' }
  /** A covariate is constant, or a combination of others. */
  | { readonly outcome: 'singular' }
  | { readonly outcome: 'not_converged'; readonly iterations: number };

export interface LogisticOptions {
  /** `firth` (the default) keeps estimates finite where covariates separate the outcomes, and removes their first-order bias. */
  readonly penalty?: 'firth' | 'none';
  readonly level?: number;
  readonly iterationsMax?: number;
}

const STEP_MAX = 5;
const HALVINGS_MAX = 30;
/** Newton decrement: the square of the next step in standard errors. */
const DECREMENT_MAX = 1e-18;
/** Beyond these log-odds a probability can't be told from 0 or 1 any more: the maximum lies at infinity. */
const LOG_ODDS_MAX = 30;

/** Checked rows with a leading 1 for the intercept. */
function designOf(rows: readonly LogisticRow[]): LogisticRow[] {
  const width = rows[0]?.x.length ?? 0;
  return rows
    .map(({ x, k, n }) => {
      if (x.length !== width || x.some((value) => !Number.isFinite(value)))
        throw new RangeError(`not ${width} finite covariates: ${x.join()}`);
      if (!Number.isSafeInteger(k) || !Number.isSafeInteger(n) || k < 0 || k > n)
        throw new RangeError(`not k of n: ${k} of ${n}`);
      return { x: [1, ...x], k, n };
    })
    .filter(({ n }) => n > 0);
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

/** Where a fit stands at some coefficients. */
interface State {
  readonly logLikelihood: number;
  readonly score: readonly number[];
  readonly factor: Factor;
}

/** log(1 + e^x) without overflow. */
const softplus = (x: number): number => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)));

function stateAt(rows: readonly LogisticRow[], beta: readonly number[], isFirth: boolean): State | null {
  const size = beta.length;
  const information: number[][] = beta.map(() => new Array<number>(size).fill(0));
  let logLikelihood = 0;
  const fitted = rows.map(({ x, k, n }) => {
    const odds = dot(x, beta);
    const p = 1 / (1 + Math.exp(-odds));
    const weight = n * p * (1 - p);
    logLikelihood += k * odds - n * softplus(odds);
    for (let i = 0; i < size; i++) {
      const line = information[i] ?? [];
      for (let j = 0; j < size; j++) line[j] = (line[j] ?? 0) + weight * (x[i] ?? 0) * (x[j] ?? 0);
    }
    return { p, weight };
  });
  const factor = cholesky(information as Matrix);
  if (factor === null) return null;
  const score = beta.map(() => 0);
  for (const [index, { x, k, n }] of rows.entries()) {
    const { p, weight } = fitted[index] ?? { p: 0, weight: 0 };
    const leverage = isFirth ? weight * dot(x, factor.solve(x)) : 0;
    const residual = k - n * p + leverage * (0.5 - p);
    for (let i = 0; i < size; i++) score[i] = (score[i] ?? 0) + residual * (x[i] ?? 0);
  }
  return { logLikelihood: logLikelihood + (isFirth ? factor.logDeterminant / 2 : 0), score, factor };
}

/**
 * Logistic regression by Newton's method with halved steps (iteratively reweighted least squares; McCullagh & Nelder,
 * 1989, §4.4), by default with the penalty of Firth (1993) as in Heinze & Schemper (2002). What can't be fitted is an outcome, not an
 * error; rows may stand for one customer each, or for all with the same covariates.
 *
 * @throws RangeError for rows of unequal width, covariates that aren't finite, and what aren't k of n
 */
export function logisticRegression(rows: readonly LogisticRow[], options: LogisticOptions = {}): LogisticFit {
  const { penalty = 'firth', level = 0.95, iterationsMax = 100 } = options;
  const z = normalCriticalValue(level);
  const design = designOf(rows);
  const total = design.reduce((sum, { n }) => sum + n, 0);
  const happened = design.reduce((sum, { k }) => sum + k, 0);
  if (total === 0) return { outcome: 'no_data' };
  if (happened === 0 || happened === total) return { outcome: 'one_outcome' };
  const isFirth = penalty === 'firth';
  let beta = (design[0]?.x ?? []).map(() => 0);
  let state = stateAt(design, beta, isFirth);
  if (state === null) return { outcome: 'singular' };
  for (let iterations = 1; iterations <= iterationsMax; iterations++) {
    const current: State = state;
    const step = current.factor.solve(current.score);
    const scale = Math.min(1, STEP_MAX / Math.max(...step.map(Math.abs)));
    let next: State | null = null;
    let moved = beta;
    for (let halving = 0; halving <= HALVINGS_MAX; halving++) {
      const length = scale / 2 ** halving;
      moved = beta.map((value, i) => value + length * (step[i] ?? 0));
      next = stateAt(design, moved, isFirth);
      if (next !== null && next.logLikelihood >= current.logLikelihood - 1e-12 * Math.abs(current.logLikelihood)) break;
    }
    if (next === null) return { outcome: 'not_converged', iterations };
    [beta, state] = [moved, next];
    const isSettled = dot(next.score, next.factor.solve(next.score)) <= DECREMENT_MAX;
    if (!isSettled) continue;
    if (design.some(({ x }) => Math.abs(dot(x, beta)) > LOG_ODDS_MAX)) break;
    return { outcome: 'converged', iterations, ...described(beta, next, z) };
  }
  return { outcome: 'not_converged', iterations: iterationsMax };
}

function described(beta: readonly number[], { factor, logLikelihood }: State, z: number) {
  const covariance = factor.inverse();
  const coefficients = beta.map((estimate, i): Coefficient => {
    const standardError = Math.sqrt(covariance[i]?.[i] ?? 0);
    const half = z * standardError;
    const pValue = Math.min(1, 2 * normalSurvival(Math.abs(estimate / standardError)));
    return { estimate, standardError, lo: estimate - half, hi: estimate + half, pValue };
  });
  const [intercept = { estimate: 0, standardError: 0, lo: 0, hi: 0, pValue: 1 }, ...others] = coefficients;
  const predict = (x: readonly number[]): number => 1 / (1 + Math.exp(-dot([1, ...x], beta)));
  return { intercept, coefficients: others, logLikelihood, predict };
}
