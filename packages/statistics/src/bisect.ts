/**
 * The point of (lo, hi) at which the monotone `isBelow` turns from true to false, to the last bit: `isBelow(x)` says
 * that x lies below the point sought.
 */
export function bisect(lo: number, hi: number, isBelow: (x: number) => boolean): number {
  let [below, above] = [lo, hi];
  for (;;) {
    const middle = below + (above - below) / 2;
    if (middle <= below || middle >= above) return middle;
    if (isBelow(middle)) below = middle;
    else above = middle;
  }
}
