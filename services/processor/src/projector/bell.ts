import type { Clock } from '../clock.ts';

/** Wakes one who rests; a ring while nobody rests is remembered for the next rest. */
export interface Bell {
  ring(): void;
  /** Resolves at the ring, or after `ms` (null: never by itself). */
  rest(ms: number | null): Promise<void>;
}

export function createBell(clock: Clock): Bell {
  let isRung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      isRung = true;
      wake?.();
    },
    async rest(ms) {
      if (!isRung) {
        const waiting = new AbortController();
        const rung = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await (ms === null ? rung : Promise.race([rung, clock.wait(ms, waiting.signal)]));
        waiting.abort();
        wake = undefined;
      }
      isRung = false;
    },
  };
}
