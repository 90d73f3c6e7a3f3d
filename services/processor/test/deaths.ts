import type { TouchpointEvent } from '@michinori/events';
import fc from 'fast-check';
import { projectorFaultPoints } from '../src/index.ts';
import { append, drain, runUntilCrash, type TestProcessorOptions } from './world.ts';

const death = fc.record({
  point: fc.constantFrom(...projectorFaultPoints, 'sink.after-verify' as const, 'sink.before-commit' as const),
  passage: fc.integer({ min: 1, max: 3 }),
});

/** Where processors die one after the other: a point and how many times it is passed before. */
export const deathPlans = fc.array(death, { minLength: 2, maxLength: 4 });
export type DeathPlan = typeof deathPlans extends fc.Arbitrary<infer Plan> ? Plan : never;

/** Appends the events in as many parts as there are processors: each dies by its plan, the last one is done with everything. */
export async function deliverThroughDeaths(
  options: TestProcessorOptions,
  events: readonly TouchpointEvent[],
  deaths: DeathPlan,
): Promise<void> {
  const size = Math.ceil(events.length / (deaths.length + 1));
  for (const [index, { point, passage }] of deaths.entries()) {
    await append(options.log, events.slice(index * size, (index + 1) * size));
    await runUntilCrash(options, point, passage);
  }
  await append(options.log, events.slice(deaths.length * size));
  await drain(options);
}
