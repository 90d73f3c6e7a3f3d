import { setMaxListeners } from 'node:events';
import type { Admission } from './admission.ts';

export interface Drain {
  isDraining(): boolean;
  /** Aborted when bodies that are still arriving have to be given up. */
  readonly bodySignal: AbortSignal;
  /** New requests are refused from now on; resolves when all others have been decided. Later calls wait for the same. */
  drain(): Promise<void>;
}

/** The way out: nothing new comes in, what has arrived is stored and answered, slow bodies get a last deadline. */
export function createDrain({ admission, bodyTimeoutMs }: { admission: Admission; bodyTimeoutMs: number }): Drain {
  const bodies = new AbortController();
  setMaxListeners(0, bodies.signal);
  let draining: Promise<void> | null = null;

  async function run(): Promise<void> {
    const timer = setTimeout(() => bodies.abort(), bodyTimeoutMs);
    await admission.whenEmpty();
    clearTimeout(timer);
  }

  return {
    isDraining: () => draining !== null,
    bodySignal: bodies.signal,
    drain() {
      draining ??= run();
      return draining;
    },
  };
}
