/**
 * q-values of Benjamini & Hochberg (1995), in the order of the p-values: the smallest false-discovery rate at which
 * each of them would be called a discovery among this family. Monotone in p, never above 1.
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  for (const p of pValues) if (!(p >= 0 && p <= 1)) throw new RangeError(`p-value outside [0, 1]: ${p}`);
  const descending = pValues.map((p, index) => ({ p, index })).sort((x, y) => y.p - x.p);
  const qValues = new Array<number>(pValues.length).fill(1);
  let smallest = 1;
  descending.forEach(({ p, index }, position) => {
    const rank = pValues.length - position;
    smallest = Math.min(smallest, (p * pValues.length) / rank);
    qValues[index] = smallest;
  });
  return qValues;
}
