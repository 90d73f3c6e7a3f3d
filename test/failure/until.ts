import { setTimeout as pause } from 'node:timers/promises';

const pauseDefaultMs = 15;

/** Looks again and again until `look` answers something other than undefined; fails with `what` after `timeoutMs`. */
export async function until<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  timeoutMs = 120_000,
  pauseMs = pauseDefaultMs,
): Promise<T> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > endMs) throw new Error(`waited ${timeoutMs} ms in vain until ${what}`);
    await pause(pauseMs);
  }
}
