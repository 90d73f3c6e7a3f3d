import { type RiskRow, riskTable } from '@michinori/statistics';
import { expect } from 'vitest';

export function expectNear(actual: number | null, expected: number, relative: number, absolute = 0): void {
  if (actual === expected) return;
  const error = Math.abs((actual ?? Number.NaN) - expected);
  expect(error, `${actual} against ${expected}`).toBeLessThanOrEqual(absolute + relative * Math.abs(expected));
}

function outcomeOf(name: string | number): 'advanced' | 'lost' | 'open' {
  if (name === 'advanced' || name === 'lost' || name === 'open') return name;
  throw new Error(`no such outcome: ${name}`);
}

/** The cohort of a golden row: pairs of time and outcome. */
export function goldenTable(durations: readonly (readonly (string | number)[])[]): RiskRow[] {
  return riskTable(
    durations.map(([seconds, outcome]) => ({ seconds: Number(seconds), outcome: outcomeOf(outcome ?? '') })),
  );
}

/** Rows from short tuples: seconds, advanced, lost, censored. */
export function tableOf(...rows: (readonly [number, number, number, number])[]): RiskRow[] {
  return rows.map(([seconds, advanced, lost, censored]) => ({ seconds, advanced, lost, censored }));
}
