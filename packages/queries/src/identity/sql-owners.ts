import type { Parameters } from '../funnel/parameters.ts';

/** Which claims are looked at, and as of when (µs; null for all events). */
export interface OwnersWanted {
  /** Condition on the columns of `identity_claims`. */
  readonly where?: string;
  readonly asOfUs?: number | null;
}

/** Time and sequence of a change as text in their order: a text is compared twice as fast as a tuple. */
const instant =
  'reverse(reinterpretAsFixedString(bitOr(bitShiftLeft(toUInt128(change_at[last]), 64), toUInt128(bitXor(reinterpretAsUInt64(change_sequence[last]), 9223372036854775808)))))';

/**
 * SQL of whom anonymous ids belong to: `member_key`, `owner` (the customer of the first claim in force by time, sequence and event id; 0
 * for nobody), `owner_name`, `changed_at` (of the last change that any of its claims saw, µs), and `evidence`, which grows with what was looked at.
 */
export function ownersSql({ where = '1', asOfUs = null }: OwnersWanted, parameters: Parameters): string {
  const last =
    asOfUs === null
      ? 'length(change_at)'
      : `arrayLastIndex(at -> at <= ${parameters.bind(asOfUs, 'Int64')}, change_at)`;
  return `SELECT member_key, argMinIf(customer_key, place, in_force) AS owner, argMinIf(customer, place, in_force) AS owner_name, max(change_at[-1]) AS changed_at, sum(rank) AS evidence
FROM (
SELECT member_key, customer_key, customer, rank, change_at, ${last} AS last, last != 0 AND change_undone[last] = 0 AS in_force,
  concat(${instant}, change_event[last]) AS place
FROM identity_claims FINAL
WHERE is_anonymous = 1 AND ${where}
)
GROUP BY member_key`;
}
