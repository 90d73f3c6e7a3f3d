import type { Logger } from '../logger.ts';
import { MichinoriError } from '../michinori-error.ts';

export interface Waiting<T> {
  /** What is waited for, for people: `Kafka`. */
  what: string;
  attempt: () => Promise<T>;
  /** Ends the waiting: it rejects with the signal's reason, whatever the attempt under way comes to. */
  signal: AbortSignal;
  mayPass: (error: unknown) => boolean;
  logger: Logger;
  /** Resolves after so many milliseconds; rejects when the signal is aborted. */
  pause: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** Told why there is still nothing, after each attempt that failed. */
  onWaiting: (reason: string) => void;
}

const pauseMsMin = 500;
const pauseMsMax = 10_000;

/** Milliseconds between failed attempt `attempt` (from 1) and the next one: half a second, doubled up to ten seconds. */
export function waitPauseMs(attempt: number): number {
  return Math.min(pauseMsMax, pauseMsMin * 2 ** Math.min(attempt - 1, 10));
}

/** Whether an error says of itself that the same call may succeed later. */
export function canRetry(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'canRetry' in error && error.canRetry === true;
}

/** Says of something that a service needs that it isn't there yet: a failure that passes. */
export function notThereYet(message: string): MichinoriError {
  return new MichinoriError('not_there_yet', message, { canRetry: true });
}

/** Attempts until it succeeds. Rejects with a failure that doesn't pass, and when the signal is aborted. */
export async function waitFor<T>(waiting: Waiting<T>): Promise<T> {
  const { what, attempt, signal, mayPass, logger, pause, onWaiting } = waiting;
  for (let attempts = 1; ; attempts += 1) {
    try {
      const found = await orAborted(attempt, signal);
      if (attempts > 1) logger.info({ attempts }, `${what} is there`);
      return found;
    } catch (error) {
      if (signal.aborted || !mayPass(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      const retryInMs = waitPauseMs(attempts);
      logger.warn({ attempts, retryInMs, reason }, `waiting for ${what}`);
      onWaiting(`waiting for ${what}: ${reason}`);
      await pause(retryInMs, signal);
    }
  }
}

async function orAborted<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([attempt(), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
