import type { Journey } from '@michinori/journey';

/** One derivation of one version of a journey over all units; its number stands in every row. */
export interface Derivation {
  readonly id: number;
  readonly journey: Journey;
}

/**
 * Which units a statement looks at. `round`: the customers in table `dirty_units` under that round, and for accounts every
 * account that one of them ever carried. `range`: all units whose key is in an inclusive range; a range of one key is one unit.
 * `people` is the round of table `people` that says who of them is who; without it every key is a customer of its own.
 */
export type UnitScope = (
  | { readonly kind: 'round'; readonly round: string }
  | { readonly kind: 'range'; readonly fromKey: bigint; readonly toKey: bigint }
) & { readonly people?: string };
