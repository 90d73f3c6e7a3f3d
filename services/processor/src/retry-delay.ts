/** Milliseconds until the next attempt after failed attempt `attempt` (from 1): doubles from `min` up to `max`. */
export function retryDelayMs(attempt: number, { min, max }: { min: number; max: number }): number {
  return Math.min(max, min * 2 ** Math.min(attempt - 1, 30));
}
