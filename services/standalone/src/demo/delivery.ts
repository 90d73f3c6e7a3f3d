import { dayMs, hourMs } from './clock.ts';
import type { Happening } from './happening.ts';
import { createRng } from './rng.ts';
import type { World } from './world.ts';

/** Shares of events that arrive hours late, days late, and of those that are sent a second and a third time. */
export const lateHoursShare = 0.024;
export const lateDaysShare = 0.006;
export const retryShare = 0.012;
export const secondRetryShare = 0.001;
/** An event counts as late from this delay on. */
export const lateFromMs = hourMs;

/** One arrival of one happening of a story. */
export interface Arrival {
  number: number;
  receivedMs: number;
  isCopy: boolean;
}

/**
 * How a story reaches ingest, in order of receipt: usually within a second, sometimes hours or days late, sometimes
 * twice (an identical copy). Nothing is received after the end of the world: what would be is received at its end,
 * what would be sent again after it is not.
 */
export function deliver(world: World, index: number, happenings: readonly Happening[]): Arrival[] {
  const rng = createRng(world.seed, 6, index);
  const arrivals: Arrival[] = [];
  happenings.forEach(({ atMs }, number) => {
    let delayMs = 40 + Math.min(20_000, Math.floor(rng.exponential() * 500));
    const fate = rng.uniform();
    if (fate < lateDaysShare) delayMs += dayMs + Math.floor(Math.min(8, rng.exponential() * 1.5) * dayMs);
    else if (fate < lateDaysShare + lateHoursShare) delayMs += lateFromMs + Math.floor(rng.exponential() * 5 * hourMs);
    let receivedMs = Math.min(world.endMs, atMs + delayMs);
    arrivals.push({ number, receivedMs, isCopy: false });
    const repeat = rng.uniform();
    const copies = repeat < secondRetryShare ? 2 : repeat < retryShare ? 1 : 0;
    for (let copy = 0; copy < copies; copy += 1) {
      receivedMs += 2_000 + Math.floor(rng.exponential() * 600_000);
      if (receivedMs <= world.endMs) arrivals.push({ number, receivedMs, isCopy: true });
    }
  });
  return arrivals.sort((a, b) => a.receivedMs - b.receivedMs || a.number - b.number);
}
