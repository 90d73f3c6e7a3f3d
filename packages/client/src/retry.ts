/** Longest wait between two attempts, in milliseconds. A server that asks for more is not asked again. */
export const retryWaitMsMax = 30_000;
const firstWaitMs = 250;

/** Statuses of an answer that may be another one soon. */
export const passingStatuses: readonly number[] = [429, 503];

/** `Retry-After` (RFC 9110 § 10.2.3) in seconds from now, or null if there is none that can be read. */
export function readRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null || header.trim() === '') return null;
  if (/^\s*\d+\s*$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, (at - nowMs) / 1000);
}

/**
 * How long to wait before the next attempt: twice as long each time, by chance up to a half shorter, and never less than the server asks for.
 *
 * @param attempt that failed, from 1
 * @param chance 0…1
 * @returns milliseconds; null where the server asks for more than 30 s
 */
export function retryWaitMs(attempt: number, retryAfterSeconds: number | null, chance: number): number | null {
  const asked = (retryAfterSeconds ?? 0) * 1000;
  if (asked > retryWaitMsMax) return null;
  const backOff = Math.min(retryWaitMsMax, firstWaitMs * 2 ** (attempt - 1)) * (1 - chance / 2);
  return Math.max(asked, backOff);
}

/** Waits; rejects with the reason of the signal as soon as it is aborted. */
export function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
