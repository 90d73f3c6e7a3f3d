import type { JourneyScope } from './scope.ts';

/** Stages, from 1, that a visit can be open in: a terminal one is completed at once. */
export function openStages({ journey }: JourneyScope): number[] {
  return journey.stages.flatMap(({ terminal }, index) => (terminal ? [] : [index + 1]));
}
