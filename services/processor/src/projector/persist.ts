import type { Logger } from '@michinori/runtime';
import type { Clock } from '../clock.ts';
import type { ProcessorConfig } from '../config.ts';
import { retryDelayMs } from '../retry-delay.ts';
import { type BatchFailure, batchFailureOf } from '../sink/failure.ts';
import type { Troubles } from '../troubles.ts';

export interface PersistDependencies {
  clock: Clock;
  logger: Logger;
  troubles: Troubles;
  config: Pick<ProcessorConfig, 'retryDelayMsMin' | 'retryDelayMsMax'>;
  stopping: AbortSignal;
}

/** What is tried: `name` for `/readyz` and the log. */
export interface Attempt {
  name: string;
  onFailed?: (failure: BatchFailure) => void;
  /** Nobody needs it any more. */
  isMoot?: () => boolean;
}

/**
 * Makes the function that does a task again and again, with back-off, until it succeeds (true), or until the processor stops or
 * the task has become moot (false; then a failure is nobody's trouble). While the processor stops, a task is tried once.
 */
export function createPersist({ clock, logger, troubles, config, stopping }: PersistDependencies) {
  return async function persist({ name, onFailed, isMoot }: Attempt, task: () => Promise<void>): Promise<boolean> {
    for (let attempt = 1; (attempt === 1 || !stopping.aborted) && isMoot?.() !== true; attempt += 1) {
      try {
        await task();
        troubles.report(name, null);
        return true;
      } catch (error) {
        if (isMoot?.() === true) break;
        const failure = batchFailureOf(error);
        onFailed?.(failure);
        const facts = { name, failure, attempt, err: error };
        if (failure === 'infrastructure') logger.warn(facts, 'failed; it will be tried again');
        else logger.error(facts, 'failed and needs a person; it will be tried again and never skipped');
        troubles.report(name, failure === 'infrastructure' ? null : `${failure}: ${messageOf(error)}`);
        const delayMs = retryDelayMs(attempt, { min: config.retryDelayMsMin, max: config.retryDelayMsMax });
        await clock.wait(delayMs, stopping);
      }
    }
    troubles.report(name, null);
    return false;
  };
}

export type Persist = ReturnType<typeof createPersist>;

export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 200);
}
