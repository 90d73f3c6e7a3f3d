const eventsPerSecond = 10_000;

/**
 * Least time from one derivation of a hot unit to the next, in milliseconds: a second per 10 000 events of its timeline up to
 * `intervalMsMax`, and ten times what the last derivation took, so that no hot unit takes more than a tenth of the time.
 */
export function hotIntervalMs(unit: { events: number; lastTookMs: number; intervalMsMax: number }): number {
  const bySize = Math.min((unit.events / eventsPerSecond) * 1000, unit.intervalMsMax);
  return Math.max(bySize, unit.lastTookMs * 10);
}
