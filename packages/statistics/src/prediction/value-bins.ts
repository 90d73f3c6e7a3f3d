/** Neighbouring values as one bin. */
export interface ValueBin<T> {
  readonly from: number;
  readonly to: number;
  readonly members: readonly T[];
}

/**
 * Cuts items into at most `binsMax` bins of about equal numbers, ascending by value. Equal values stay together, so there may be
 * fewer bins and uneven ones: a bin ends with the value at which it, with all bins before it, has reached its share.
 */
export function valueBins<T>(items: readonly T[], valueAt: (item: T) => number, binsMax: number): ValueBin<T>[] {
  if (!Number.isSafeInteger(binsMax) || binsMax < 1) throw new RangeError(`not a number of bins: ${binsMax}`);
  const sorted = [...items].sort((a, b) => valueAt(a) - valueAt(b));
  const bins: ValueBin<T>[] = [];
  let members: T[] = [];
  let placed = 0;
  for (const [index, item] of sorted.entries()) {
    members.push(item);
    const next = sorted[index + 1];
    const value = valueAt(item);
    if (next !== undefined && valueAt(next) === value) continue;
    const isFull = index + 1 >= Math.round(((placed + 1) * sorted.length) / binsMax);
    if (!isFull && next !== undefined) continue;
    const [first] = members;
    bins.push({ from: first === undefined ? value : valueAt(first), to: value, members });
    while (placed < binsMax && Math.round(((placed + 1) * sorted.length) / binsMax) <= index + 1) placed++;
    members = [];
  }
  return bins;
}
