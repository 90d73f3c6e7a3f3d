import type { Clock } from '../../src/index.ts';
import { startUs } from './notifications.ts';

/** A clock that the test turns. */
export function virtualClock(): Clock & { advanceMs(ms: number): void } {
  let nowUs = startUs;
  return {
    nowUs: () => nowUs,
    advanceMs(ms) {
      nowUs += ms * 1000;
    },
  };
}
