import { expect } from 'vitest';

/** |actual − expected| ≤ absolute + relative·|expected|. */
export function expectNear(actual: number | null, expected: number, relative: number, absolute = 0): void {
  if (actual === expected) return;
  const error = Math.abs((actual ?? Number.NaN) - expected);
  expect(error, `${actual} against ${expected}`).toBeLessThanOrEqual(absolute + relative * Math.abs(expected));
}
