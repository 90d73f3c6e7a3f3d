import { wilson } from '@michinori/statistics';

export type RateState = 'insufficient' | 'immature' | 'ok';

/** Fewest visits for a rate that is more than an anecdote. */
export const visitsMin = 30;
/** Smallest mature share of a rate that isn't still moving. */
const matureShareMin = 0.8;

/** k of n with its Wilson interval; all null without visits. */
export interface Rate {
  readonly k: number;
  readonly n: number;
  readonly rate: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
}

export function rateOf(k: number, n: number): Rate {
  if (n === 0) return { k, n, rate: null, lo: null, hi: null };
  return { k, n, rate: k / n, ...wilson(k, n) };
}

/** Share of visits whose horizon has passed or whose outcome is final, with what that says about a rate. */
export function maturity(mature: number, n: number): { state: RateState; matureShare: number | null } {
  const matureShare = n === 0 ? null : mature / n;
  if (n < visitsMin) return { state: 'insufficient', matureShare };
  return { state: matureShare !== null && matureShare < matureShareMin ? 'immature' : 'ok', matureShare };
}

/** 1 − share, null kept. */
export function complement(share: number | null): number | null {
  return share === null ? null : 1 - share;
}
