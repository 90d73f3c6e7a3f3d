import { type Coefficient, logisticRegression } from './logistic.ts';
import type { PastScore } from './track-record.ts';

export type ScoreProbability =
  | {
      readonly outcome: 'fitted';
      /** Log-odds of being lost per point of the score: below 0 where the score means something. */
      readonly slope: Coefficient;
      /** Probability of being lost within the horizon for a score. */
      probability(score: number): number;
    }
  /** Fewer than ten lost or stayed, or all scores alike. */
  | { readonly outcome: 'insufficient' };

/**
 * What a score means as a probability of being lost, learnt from an evaluation whose horizon has passed: logistic regression on the
 * score (Platt, 1999, with the penalty of Firth, 1993). To be judged on later evaluations, not on these: `brierScore`,
 * `calibrationTable`, `spiegelhalter`.
 *
 * @throws RangeError for scores that aren't finite
 */
export function scoreProbability(scores: readonly PastScore[], level = 0.95): ScoreProbability {
  const lost = scores.filter((each) => each.lost).length;
  if (lost < 10 || scores.length - lost < 10) return { outcome: 'insufficient' };
  const rows = new Map<number, { x: number[]; k: number; n: number }>();
  for (const { score, lost: isLost } of scores) {
    const row = rows.get(score) ?? { x: [score], k: 0, n: 0 };
    rows.set(score, row);
    row.n += 1;
    if (isLost) row.k += 1;
  }
  const fit = logisticRegression([...rows.values()], { level });
  const slope = fit.outcome === 'converged' ? fit.coefficients[0] : undefined;
  if (fit.outcome !== 'converged' || slope === undefined) return { outcome: 'insufficient' };
  return { outcome: 'fitted', slope, probability: (score) => fit.predict([score]) };
}
