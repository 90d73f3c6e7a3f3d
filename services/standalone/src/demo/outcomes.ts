import { type Clock, dayMs } from './clock.ts';
import { exp } from './elementary.ts';
import { type Hazards, lostAfterDays } from './stages.ts';

/** Shares of visits at an age: they add up to 1. */
export interface OutcomeShares {
  advanced: number;
  lost: number;
  open: number;
}

/**
 * Closed form of competing exponential risks (Kalbfleisch & Prentice, 2002, chapter 8). `clockDays` is the age of the
 * visit on its clock; `clockDaysSilent` the same for the instant `lostAfterDays` of real time earlier (0 or less: none
 * can be lost by silence yet). With an exposure the visit moves from one exponential phase into a second one.
 */
export function outcomeShares(hazards: Hazards, clockDays: number, clockDaysSilent: number): OutcomeShares {
  const { advance, cancel, disengage, exposure, exposedRatio } = hazards;
  if (exposure > 0 && disengage > 0) throw new RangeError('a stage has an exposure or silence, not both');
  const leave = advance + cancel + disengage + exposure;
  const first = (1 - exp(-leave * clockDays)) / leave;
  const silent = clockDaysSilent > 0 ? (1 - exp(-leave * clockDaysSilent)) / leave : 0;
  let advanced = advance * first;
  let lost = cancel * first + disengage * silent;
  if (exposure > 0) {
    const slow = advance * exposedRatio;
    const leaveSlow = slow + cancel;
    const crossed = (exp(-leaveSlow * clockDays) - exp(-leave * clockDays)) / (leave - leaveSlow);
    const second = (exposure * (first - crossed)) / leaveSlow;
    advanced += slow * second;
    lost += cancel * second;
  }
  return { advanced, lost, open: 1 - advanced - lost };
}

/** The same for a visit that began at an instant, on its own clock. */
export function outcomeSharesFrom(hazards: Hazards, clock: Clock, enteredMs: number, horizonDays: number) {
  const silentDays = Math.max(0, horizonDays - lostAfterDays);
  return outcomeShares(
    hazards,
    clock.daysBetween(enteredMs, enteredMs + horizonDays * dayMs),
    clock.daysBetween(enteredMs, enteredMs + silentDays * dayMs),
  );
}

/**
 * Hazards seen at an age (clock taken as real time) among the visits that are neither advanced nor lost by then, the
 * silent ones included, per day; at the age of `lostAfterDays` the limit from the right.
 */
export function hazardsAtAge(hazards: Hazards, ageDays: number): { advancePerDay: number; lossPerDay: number } {
  const { advance, cancel, disengage, exposure, exposedRatio } = hazards;
  const leave = advance + cancel + disengage + exposure;
  const unexposed = exp(-leave * ageDays);
  const leaveSlow = advance * exposedRatio + cancel;
  const exposed = exposure > 0 ? (exposure / (leave - leaveSlow)) * (exp(-leaveSlow * ageDays) - unexposed) : 0;
  const silentDays = ageDays - lostAfterDays;
  const falling = silentDays >= 0 ? disengage * exp(-leave * silentDays) : 0;
  const { open } = outcomeShares(hazards, ageDays, silentDays);
  return {
    advancePerDay: (advance * (unexposed + exposedRatio * exposed)) / open,
    lossPerDay: (cancel * (unexposed + exposed) + falling) / open,
  };
}

/**
 * Restricted mean time until advancing, in days: ∫₀ʰ (1 − F(t)) dt with F the cumulative incidence of advancing and
 * loss as competing event, exact on the pieces of the clock. Only for stages without exposure.
 */
export function restrictedMeanDays(hazards: Hazards, clock: Clock, enteredMs: number, horizonDays: number): number {
  const leave = hazards.advance + hazards.cancel + hazards.disengage;
  const ever = hazards.advance / leave;
  let mean = 0;
  let survival = 1;
  for (const { realDays, clockDays } of clock.pieces(enteredMs, enteredMs + horizonDays * dayMs)) {
    const later = survival * exp(-leave * clockDays);
    mean += (1 - ever) * realDays + (ever * (survival - later) * realDays) / (leave * clockDays);
    survival = later;
  }
  return mean;
}
