import { benjaminiHochberg, type Proportion, twoProportionOrFisher } from '@michinori/statistics';

/** Sums of proportions by a key. */
export function sumsOf<R extends Proportion>(rows: readonly R[], keyOf: (row: R) => string): Map<string, Proportion> {
  const sums = new Map<string, Proportion>();
  for (const row of rows) {
    const key = keyOf(row);
    const { k, n } = sums.get(key) ?? { k: 0, n: 0 };
    sums.set(key, { k: k + row.k, n: n + row.n });
  }
  return sums;
}

/** p-value of a segment against all others together, which are `all` without it; null where one side has nobody. */
export function againstOthers(own: Proportion, all: Proportion | undefined): number | null {
  const others = { k: (all?.k ?? 0) - own.k, n: (all?.n ?? 0) - own.n };
  return own.n > 0 && others.n > 0 ? twoProportionOrFisher(own, others).pValue : null;
}

/** q-values (Benjamini & Hochberg, 1995) in the order of the rows, over the rows of one family; null where p is null. */
export function qValuesOf<R extends { readonly pValue: number | null }>(
  rows: readonly R[],
  familyOf: (row: R) => string,
): (number | null)[] {
  const families = new Map<string, number[]>();
  for (const [i, row] of rows.entries()) {
    if (row.pValue === null) continue;
    const key = familyOf(row);
    const family = families.get(key);
    if (family === undefined) families.set(key, [i]);
    else family.push(i);
  }
  const qValues = new Array<number | null>(rows.length).fill(null);
  for (const family of families.values()) {
    const adjusted = benjaminiHochberg(family.map((i) => rows[i]?.pValue ?? 1));
    for (const [position, i] of family.entries()) qValues[i] = adjusted[position] ?? 1;
  }
  return qValues;
}
