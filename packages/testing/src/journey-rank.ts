import { contentHash } from './funnel-insert.ts';
import { customerOf, type EventCopy, winningCopies } from './funnel-timeline.ts';
import { identifiedNames } from './identity-reference.ts';

function grouped<K, T>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

/**
 * All units that any copy names, whether that copy counts or not, each with every copy that may concern it: all of the
 * customer, or all of all customers who ever sent the account.
 */
export function candidatesOf(copies: readonly EventCopy[], unit: 'customer' | 'account'): Map<string, EventCopy[]> {
  const ofCustomer = grouped(copies, ({ event }) => customerOf(event));
  if (unit === 'customer') return ofCustomer;
  const naming = copies.filter(({ event }) => event.account);
  const ofAccount = grouped(naming, ({ event }) => event.account ?? '');
  return new Map(
    [...ofAccount].map(([account, own]) => {
      const members = new Set(own.map(({ event }) => customerOf(event)));
      return [account, [...members].flatMap((customer) => ofCustomer.get(customer) ?? [])];
    }),
  );
}

/**
 * Measures how much was seen of a unit: Σ over the distinct contents among its candidates of (2^52 − earliest receipt
 * in µs), times 2^32, plus the number of those contents that lost their event id to another copy. 0 where events say who is who
 * among the candidates: then more goes into the rank than they.
 */
export function ranker(copies: readonly EventCopy[]): (candidates: readonly EventCopy[]) => bigint {
  const hashes = new Map(copies.map((copy) => [copy, contentHash(copy)]));
  const hashOf = (copy: EventCopy) => hashes.get(copy) ?? 0n;
  const winners = new Set(winningCopies(copies).map(hashOf));
  const identified = identifiedNames(copies.map(({ event }) => event));
  return (candidates) => {
    if (candidates.some(({ event }) => identified.has(customerOf(event)))) return 0n;
    const contents = [...grouped(candidates, hashOf)];
    const sum = contents.reduce((total, [, same]) => {
      const earliestUs = Math.min(...same.map(({ event }) => event.receivedAtUs));
      return total + 2n ** 52n - BigInt(earliestUs);
    }, 0n);
    return sum * 2n ** 32n + BigInt(contents.filter(([hash]) => !winners.has(hash)).length);
  };
}
