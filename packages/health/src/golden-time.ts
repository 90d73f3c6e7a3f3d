import type { Health } from '@michinori/journey';
import type { CustomerFacts } from './facts.ts';

/** Why it is a customer's golden time. */
export interface GoldenEvidence {
  /** Events with a sentiment in the window, and their mean. */
  readonly n: number;
  readonly mean: number;
  readonly stageMean: number;
  readonly milestoneUs: number;
}

/**
 * Whether it is a customer's golden time as of `asOfUs`: the mean of his recent sentiment is above that of his stage, and he
 * reached a milestone within the window. Null if not, or if the definition has none.
 *
 * @throws RangeError if the definition has one and the facts don't
 */
export function goldenTime(
  { customer, golden }: CustomerFacts,
  definition: Health['goldenTime'],
  asOfUs: number,
): GoldenEvidence | null {
  if (definition === null) return null;
  if (golden === null) throw new RangeError(`${customer} has no fact for golden time`);
  const { n, sumMillionths, stageMean, milestoneUs } = golden;
  if (n === 0 || stageMean === null || milestoneUs === null) return null;
  const mean = sumMillionths / 1_000_000 / n;
  return mean > stageMean && asOfUs - milestoneUs <= definition.withinUs ? { n, mean, stageMean, milestoneUs } : null;
}
