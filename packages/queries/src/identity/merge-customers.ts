import { Buffer } from 'node:buffer';

/** An alias between two customers who both have events. */
export interface AliasPair {
  readonly customerKey: bigint;
  readonly customer: string;
  readonly previousKey: bigint;
  readonly previous: string;
  /** Whether it is in force; else it was undone, or isn't done yet. */
  readonly isActive: boolean;
}

/** Parallel arrays: customers whom an alias ever concerned, the person that each belongs to, and the group of all who ever were connected. */
export interface Merges {
  readonly keys: readonly bigint[];
  readonly persons: readonly bigint[];
  /** Ids of the persons. */
  readonly names: readonly string[];
  readonly groups: readonly bigint[];
}

/** Connected components: a representative of each key's, the same for all of one. */
function components(pairs: readonly AliasPair[]): (key: bigint) => bigint {
  const parents = new Map<bigint, bigint>();
  const find = (key: bigint): bigint => {
    let root = key;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next;
    for (let at = key; at !== root; ) {
      const next = parents.get(at) ?? root;
      parents.set(at, root);
      at = next;
    }
    return root;
  };
  for (const { customerKey, previousKey } of pairs) {
    const [a, b] = [find(customerKey), find(previousKey)];
    if (a < b) parents.set(b, a);
    else if (b < a) parents.set(a, b);
  }
  return find;
}

/**
 * Who is one person by the aliases in force. A person's key is that of the customer whom no alias names as previous; of several, or where there is
 * none, of the one whose id is smallest in the order of bytes. Pure; the order of the pairs doesn't matter.
 */
export function mergeCustomers(pairs: readonly AliasPair[]): Merges {
  const names = new Map<bigint, Buffer>();
  for (const { customerKey, customer, previousKey, previous } of pairs) {
    names.set(customerKey, Buffer.from(customer)).set(previousKey, Buffer.from(previous));
  }
  const active = pairs.filter(({ isActive }) => isActive);
  const previous = new Set(active.map(({ previousKey }) => previousKey));
  const groupOf = components(pairs);
  const componentOf = components(active);
  const comesFirst = (key: bigint, other: bigint) =>
    Number(previous.has(key)) - Number(previous.has(other)) ||
    Buffer.compare(names.get(key) ?? Buffer.of(), names.get(other) ?? Buffer.of());
  const first = new Map<bigint, bigint>();
  for (const key of names.keys()) {
    const component = componentOf(key);
    const best = first.get(component);
    if (best === undefined || comesFirst(key, best) < 0) first.set(component, key);
  }
  const keys = [...names.keys()].sort((a, b) => (a < b ? -1 : 1));
  const persons = keys.map((key) => first.get(componentOf(key)) ?? key);
  return {
    keys,
    persons,
    names: persons.map((key) => names.get(key)?.toString() ?? ''),
    groups: keys.map(groupOf),
  };
}

/** Nobody is merged. */
export const noMerges: Merges = { keys: [], persons: [], names: [], groups: [] };
