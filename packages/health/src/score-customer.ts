import type { Health, ScopedHealthRule } from '@michinori/journey';
import type { CustomerFacts } from './facts.ts';
import { type GoldenEvidence, goldenTime } from './golden-time.ts';
import { type Evidence, judge } from './judge.ts';

/** One line of a ledger. The points of all lines add up to the score. */
export type LedgerLine =
  | { readonly line: 'start'; readonly points: number }
  | { readonly line: 'rule'; readonly rule: string; readonly points: number; readonly evidence: Evidence }
  /** What keeps the score within 0 to 100. */
  | { readonly line: 'clamp'; readonly points: number };

export interface HealthScore {
  readonly customer: string;
  readonly stage: string;
  readonly asOfUs: number;
  /** 0 … 100, whole. */
  readonly score: number;
  /** The start, the rules that hold in the order of the definition, and the clamp if there is any. */
  readonly ledger: readonly LedgerLine[];
  /** Null if it isn't the customer's golden time. */
  readonly golden: GoldenEvidence | null;
}

/** The rules that count in the customer's stage (`healthRulesOf`), and the journey's health. */
export interface ScoreRules {
  readonly health: Pick<Health, 'start' | 'goldenTime'>;
  readonly rules: readonly ScopedHealthRule[];
}

/**
 * The score of a customer: start plus the points of the rules that hold, clamped to 0 … 100, with the ledger it is the sum of.
 *
 * @throws RangeError if facts and rules don't belong together, or a visit began after `asOfUs`
 */
export function scoreCustomer(facts: CustomerFacts, { health, rules }: ScoreRules, asOfUs: number): HealthScore {
  const { customer, stage, enteredUs, cycleUs } = facts;
  if (!(cycleUs <= enteredUs && enteredUs <= asOfUs))
    throw new RangeError(`${customer}: cycle ${cycleUs}, visit ${enteredUs} and evaluation ${asOfUs} are out of order`);
  const held = rules.flatMap((rule): LedgerLine[] => {
    const evidence = judge(rule, facts, asOfUs);
    return evidence === null ? [] : [{ line: 'rule', rule: rule.id, points: rule.points, evidence }];
  });
  const sum = held.reduce((total, { points }) => total + points, health.start);
  const score = Math.min(100, Math.max(0, sum));
  const clamp: LedgerLine[] = score === sum ? [] : [{ line: 'clamp', points: score - sum }];
  const ledger: LedgerLine[] = [{ line: 'start', points: health.start }, ...held, ...clamp];
  return { customer, stage, asOfUs, score, ledger, golden: goldenTime(facts, health.goldenTime, asOfUs) };
}
