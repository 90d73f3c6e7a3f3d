import { expect } from 'vitest';

/** A figure with its 95 % interval, as it is told. */
export interface Told {
  readonly value: number | null | undefined;
  readonly lo: number | null | undefined;
  readonly hi: number | null | undefined;
}

export const inDays = (seconds: number | null | undefined): number => (seconds ?? Number.NaN) / 86_400;

/** Prints what was found, where somebody wants to read it. */
export function report(name: string, { value, lo, hi }: Told): void {
  if (!process.env.MICHINORI_TEST_REPORT) return;
  process.stdout.write(`${name}; told ${[value, lo, hi].map((one) => one?.toFixed(3)).join(', ')}\n`);
}

export function expectInside(
  name: string,
  value: number,
  lo: number | null | undefined,
  hi: number | null | undefined,
): void {
  const isInside = lo != null && hi != null && lo <= value && value <= hi;
  expect(isInside, `${name}: ${value} in ${lo} … ${hi}`).toBe(true);
}

/**
 * A truth lies within three standard errors of what is told, which are 3/1.96 of the half-widths of its 95 % interval: of one world, whose dice have
 * fallen once, not every interval can be asked to hold its truth.
 */
export function expectNear(name: string, truthful: number, { value, lo, hi }: Told): void {
  const centre = value ?? Number.NaN;
  const [below, above] = [centre - (lo ?? Number.NaN), (hi ?? Number.NaN) - centre].map((width) => (3 / 1.96) * width);
  expectInside(name, truthful, centre - (below ?? 0), centre + (above ?? 0));
}
