import { setTimeout as delay } from 'node:timers/promises';

/** Time as the processor sees it. Tests hand in their own. */
export interface Clock {
  /** Microseconds since the epoch. */
  nowUs(): number;
  /** Resolves after `ms`, or at once when the signal fires; never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  nowUs: () => Math.floor((performance.timeOrigin + performance.now()) * 1000),
  async wait(ms, signal) {
    await delay(ms, undefined, { signal, ref: false }).catch(() => {});
  },
};
