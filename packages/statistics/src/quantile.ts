/**
 * Sample quantile of type 7 (linear interpolation between order statistics; Hyndman & Fan, 1996), the default of R
 * and NumPy. `values` need not be sorted and is left alone; null when it is empty.
 */
export function quantileR7(values: readonly number[], p: number): number | null {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`probability outside [0, 1]: ${p}`);
  if (values.some(Number.isNaN)) throw new RangeError('quantile of NaN');
  const sorted = [...values].sort((x, y) => x - y);
  const position = p * (sorted.length - 1);
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) return null;
  return below === above ? below : below + (position - Math.floor(position)) * (above - below);
}
