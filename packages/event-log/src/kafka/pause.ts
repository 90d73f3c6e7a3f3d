import { setTimeout } from 'node:timers/promises';
import { isEventLogError } from '../errors.ts';
import { classifyFailure } from './classify.ts';

/** Waits, or ends early when `stopping` is aborted. */
export async function pause(delayMs: number, stopping?: AbortSignal): Promise<void> {
  await setTimeout(delayMs, undefined, stopping ? { signal: stopping } : {}).catch(() => {});
}

/** Milliseconds before attempt + 1, attempt from 1: 50, 100, … 2000. */
export function backoffMs(attempt: number): number {
  return Math.min(50 * 2 ** (attempt - 1), 2000);
}

/** Tries again while the failure may pass, for at most `timeMsMax`; rejects with the last failure. */
export async function persist<T>(
  doing: string,
  timeMsMax: number,
  attempt: () => Promise<T>,
  stopping?: AbortSignal,
): Promise<T> {
  const endsAt = Date.now() + timeMsMax;
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      const failure = classifyFailure(error, doing);
      const delayMs = backoffMs(count);
      if (!isEventLogError(failure, 'log_unavailable') || stopping?.aborted || Date.now() + delayMs > endsAt)
        throw failure;
      await pause(delayMs, stopping);
    }
  }
}
