import { dayMs } from './clock.ts';
import type { Visit } from './path.ts';
import type { Rng } from './rng.ts';
import type { StageId } from './stages.ts';

/** Mean latent satisfaction per stage, −1…1: the emotion curve that the data hold. */
export const stageSatisfaction: Record<StageId, number> = {
  awareness: 0.15,
  interest: 0.25,
  consideration: 0.1,
  onboarding: -0.15,
  adoption: 0.2,
  value: 0.45,
  renewed: 0.5,
};
export const releaseSatisfactionShift = 0.2;
export const incidentSatisfactionShift = -0.35;
/** In the last `decliningDays` before a customer is lost the mood is lower and the product less used. */
export const decliningDays = 21;
export const decliningShift = -0.4;
const personDeviation = 0.2;
const momentDeviation = 0.18;

/** A person's own level, constant over the whole path. */
export function drawTemperament(rng: Rng): number {
  return personDeviation * rng.normal();
}

export function isDeclining(visit: Visit, atMs: number): boolean {
  const isLost = visit.outcome === 'cancelled' || visit.outcome === 'silent';
  return isLost && atMs > visit.endedMs - decliningDays * dayMs;
}

/** One observation of the satisfaction, clamped to −1…1. */
export function drawMood(rng: Rng, visit: Visit, temperament: number, atMs: number): number {
  let mean = stageSatisfaction[visit.stage] + temperament;
  if (visit.condition === 'release') mean += releaseSatisfactionShift;
  if (visit.condition === 'incident') mean += incidentSatisfactionShift;
  if (isDeclining(visit, atMs)) mean += decliningShift;
  return clamp(mean + momentDeviation * rng.normal(), -1, 1);
}

/** 0…10 from a mood. */
export function npsOf(rng: Rng, mood: number): number {
  return clamp(Math.round(6.6 + 4.2 * mood + 1.2 * rng.normal()), 0, 10);
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** A sentiment as sent: two decimals, and never −0, which JSON can't carry. */
export function sentimentOf(mood: number, offset: number): number {
  return Math.round(clamp(mood + offset, -1, 1) * 100) / 100 + 0;
}
