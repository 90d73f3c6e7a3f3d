import { type BrierSkill, brierSkill } from './brier-skill.ts';
import { scoreProbability } from './score-probability.ts';
import type { PastScore } from './track-record.ts';

const nothing: BrierSkill = {
  ...{ brier: null, brierBase: null, skill: null, lo: null, hi: null },
  verdict: 'insufficient',
};

/**
 * How well scores forecast who is lost: what a score means as a probability is learnt from an evaluation whose horizon had passed when the
 * judged one was made (`scoreProbability`), and judged by the score of Brier (1950), (probability − outcome)², on the latter. Nothing is judged
 * on what it was learnt from. Insufficient with fewer than ten lost or stayed in either.
 *
 * @throws RangeError for scores that aren't finite
 */
export function scoreSkill(learnt: readonly PastScore[], judged: readonly PastScore[], level = 0.95): BrierSkill {
  const lost = judged.filter((each) => each.lost).length;
  if (lost < 10 || judged.length - lost < 10) return nothing;
  const meaning = scoreProbability(learnt, level);
  if (meaning.outcome === 'insufficient') return nothing;
  const rate = lost / judged.length;
  const error = (probability: number, each: PastScore): number => (probability - (each.lost ? 1 : 0)) ** 2;
  return brierSkill(
    judged.map((each) => ({ brier: error(meaning.probability(each.score), each), base: error(rate, each) })),
    level,
  );
}
