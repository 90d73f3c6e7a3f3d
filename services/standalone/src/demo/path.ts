import { type Clock, createOfficeClock, dayMs, plainClock } from './clock.ts';
import type { Rng } from './rng.ts';
import { at } from './rng.ts';
import type { Account } from './segments.ts';
import { type Condition, hazardsOf, lostAfterDays, type StageId, stageModel } from './stages.ts';
import { conditionOf, type World } from './world.ts';

/** One visit to a stage as it truly was. Times in ms. */
export interface Visit {
  stage: StageId;
  condition: Condition;
  enteredMs: number;
  /** Advance, cancellation, last sign of life before silence, or the end of the world. */
  endedMs: number;
  outcome: 'advanced' | 'cancelled' | 'silent' | 'open';
  /** First app.error_shown. */
  exposedMs: number | null;
}

export interface Path {
  origin: 'web' | 'booth' | 'referral';
  /** From here on the events carry the customer's id; before, only the anonymous one. Infinity: never. */
  identifiedMs: number;
  visits: Visit[];
}

const visitMsMin = 60_000;

export function officeClockOf(account: Account): Clock {
  return createOfficeClock(account.utcOffsetHours);
}

export function stageClock(stage: StageId, account: Account): Clock {
  return stageModel(stage).clock === 'office' ? officeClockOf(account) : plainClock;
}

/**
 * Arrival of a traveller (ms): the density grows linearly to four times its first value, on the office clock
 * (inverse of x/2 + 3x²/4 on the unit interval).
 */
export function drawArrival(world: World, rng: Rng, account: Account): number {
  const share = (Math.sqrt(0.25 + 3.75 * rng.uniform()) - 0.5) / 1.5;
  const clock = officeClockOf(account);
  return clock.plus(world.startMs, share * clock.daysBetween(world.startMs, world.endMs));
}

/** The stages that a person passes until lost or until the world ends. */
export function drawPath(world: World, rng: Rng, account: Account): Path {
  const origin = rng.weighted([
    ['web', 60],
    ['booth', 15],
    ['referral', 25],
  ] as const);
  const arrivalMs = drawArrival(world, rng, account);
  const visits: Visit[] = [];
  let stage: StageId = origin === 'referral' ? 'consideration' : 'awareness';
  let enteredMs = arrivalMs;
  for (;;) {
    const visit = drawVisit(world, rng, account, stage, enteredMs);
    visits.push(visit);
    if (visit.outcome !== 'advanced') break;
    enteredMs = visit.endedMs;
    stage = stageModel(stage).next;
  }
  const identifiedMs = origin !== 'web' ? arrivalMs : (visits[1]?.enteredMs ?? Number.POSITIVE_INFINITY);
  return { origin, identifiedMs, visits };
}

function drawVisit(world: World, rng: Rng, account: Account, stage: StageId, enteredMs: number): Visit {
  const condition = conditionOf(world, stage, enteredMs);
  const hazards = hazardsOf(stage, account.plan, account.area, condition);
  const clock = stageClock(stage, account);
  let { advance, exposure } = hazards;
  let exposedMs: number | null = null;
  let endedMs = enteredMs;
  for (;;) {
    const total = advance + hazards.cancel + hazards.disengage + exposure;
    endedMs = Math.max(enteredMs + visitMsMin, clock.plus(endedMs, rng.exponential() / total));
    if (endedMs >= world.endMs)
      return { stage, condition, enteredMs, endedMs: world.endMs, outcome: 'open', exposedMs };
    const outcome = rng.weighted([
      ['advanced', advance],
      ['cancelled', hazards.cancel],
      ['silent', hazards.disengage],
      ['exposed', exposure],
    ] as const);
    if (outcome !== 'exposed') return { stage, condition, enteredMs, endedMs, outcome, exposedMs };
    exposedMs = endedMs;
    advance *= hazards.exposedRatio;
    exposure = 0;
  }
}

/** How a visit stands at an instant by the product's rules: silence counts once it is longer than `lostAfterDays`. */
export function standing(visit: Visit, asOfMs: number): 'advanced' | 'cancelled' | 'silence' | 'open' {
  if (visit.outcome === 'silent') return asOfMs - visit.endedMs > lostAfterDays * dayMs ? 'silence' : 'open';
  if (visit.outcome === 'open' || visit.endedMs > asOfMs) return 'open';
  return visit.outcome;
}

export function lastVisit(path: Path): Visit {
  return at(path.visits, path.visits.length - 1);
}
