import { dayMs, tokyoMidnight, tokyoMonday } from './clock.ts';
import { type Account, drawAccounts } from './segments.ts';
import type { Condition, StageId } from './stages.ts';

export interface SimulateOptions {
  /** Any safe integer; another seed is another company. */
  seed: number;
  /** End of the simulated time and `asOf` of every number of the truth: µs since epoch. */
  endUs: number;
  /** Identified customers, roughly (default 5 000). Visitors who never leave a name come on top. */
  customers?: number;
  /** Whether the incident happens (default); without it everybody else's stories are the same. */
  incident?: boolean;
}

/** What is fixed before anybody travels. Times in ms since epoch. */
export interface World {
  seed: number;
  startMs: number;
  endMs: number;
  /** Onboarding visits that begin from here on have the guided set-up. */
  releaseMs: number;
  /** Consideration visits that begin inside met a broken trial. */
  incident: { fromMs: number; toMs: number };
  accounts: readonly Account[];
  travellers: number;
}

/** Eighteen months. */
export const spanDays = 548;
export const incidentDays = 5;
const releaseDaysBeforeEnd = 224;
const incidentDaysBeforeEnd = 72;
/** Travellers per identified customer: some visitors are lost before they leave a name. */
const travellersPerCustomer = 1.22;
const accountsPerCustomer = 0.36;

/** The world of the documentation and the examples. */
export const demoDefaults = { seed: 7, endUs: Date.UTC(2026, 10, 20, 15) * 1000 } as const;

/** The midnight in Asia/Tokyo at or before an instant, in µs: a good `endUs` for data that end "now". */
export function demoEndUs(nowUs: number): number {
  return tokyoMidnight(Math.floor(nowUs / 1000)) * 1000;
}

/** Throws RangeError for a seed, end or size that can't be simulated. */
export function createWorld({ seed, endUs, customers = 5000, incident = true }: SimulateOptions): World {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError('seed must be a non-negative safe integer');
  if (!Number.isSafeInteger(endUs) || endUs % 1000 !== 0)
    throw new RangeError('endUs must be whole milliseconds in µs');
  if (!Number.isInteger(customers) || customers < 1 || customers > 100_000)
    throw new RangeError('customers must be 1 to 100 000');
  const endMs = endUs / 1000;
  const startMs = endMs - spanDays * dayMs;
  if (startMs < Date.UTC(1981, 0, 1) || endMs > Date.UTC(2100, 0, 1))
    throw new RangeError('endUs must lie in 1983–2100');
  const incidentFromMs = tokyoMonday(endMs - incidentDaysBeforeEnd * dayMs);
  return {
    seed,
    startMs,
    endMs,
    releaseMs: tokyoMonday(endMs - releaseDaysBeforeEnd * dayMs),
    incident: { fromMs: incidentFromMs, toMs: incidentFromMs + (incident ? incidentDays : 0) * dayMs },
    accounts: drawAccounts(seed, Math.ceil(customers * accountsPerCustomer)),
    travellers: Math.ceil(customers * travellersPerCustomer),
  };
}

/** What held for a visit that began at an instant. */
export function conditionOf(world: World, stage: StageId, enteredMs: number): Condition {
  if (stage === 'onboarding' && enteredMs >= world.releaseMs) return 'release';
  const { fromMs, toMs } = world.incident;
  if (stage === 'consideration' && enteredMs >= fromMs && enteredMs < toMs) return 'incident';
  return 'usual';
}
