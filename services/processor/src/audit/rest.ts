/** Milliseconds to rest after `workedMs` of work, so that work takes at most `shareMax` (0…1, not 0) of the time. */
export function restAfterWorkMs(workedMs: number, shareMax: number): number {
  return Math.max(0, workedMs) * (1 / shareMax - 1);
}
