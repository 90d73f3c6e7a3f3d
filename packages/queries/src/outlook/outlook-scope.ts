import type { JourneyScope } from '../journey/scope.ts';

const lookBackUs = 365 * 86_400_000_000;
const ticksPerHorizon = 4096;
const secondUs = 1_000_000;

/** The visits that a forecast is learnt from: those of the question's range, and where it names no beginning those of the 365 days before asOf. */
export function learningScope(scope: JourneyScope): JourneyScope {
  const { asOfUs, given } = scope;
  const toUs = given.to ? scope.toUs : asOfUs;
  return { ...scope, fromUs: given.from ? scope.fromUs : Math.min(asOfUs, toUs) - lookBackUs, toUs, interval: null };
}

/** Seconds that a tick may have: what people count time in. */
const roundSeconds = [1, 5, 15, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400] as const;

/**
 * Times in a stage are counted in ticks of a round length, at most 1/4096 of its horizon and at least a second (ten minutes of thirty
 * days): a million visits are some thousands of rows, and a forecast moves by less than a 4096th of the horizon.
 */
export function tickSeconds(horizonUs: number): number {
  return roundSeconds.findLast((seconds) => seconds <= horizonUs / secondUs / ticksPerHorizon) ?? 1;
}

/** Ticks of all stages of a journey, µs. */
export function ticksUs(horizonsUs: readonly number[]): number[] {
  return horizonsUs.map((horizonUs) => tickSeconds(horizonUs) * secondUs);
}
