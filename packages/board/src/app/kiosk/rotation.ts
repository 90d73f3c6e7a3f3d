import type { Route } from '../state/route.ts';

/** Seconds that a page stays, of `?kiosk=20`; at least 5. */
export function secondsOf(text: string | null): number {
  const seconds = Number(text);
  return Number.isFinite(seconds) && seconds >= 5 ? Math.min(seconds, 3600) : 20;
}

/**
 * The pages of a wall screen: per journey its map, time and score, and health where it has rules (`scored`). A funnel takes part if the address describes
 * one, alerts if there are rules.
 */
export function rotationOf(
  journeys: readonly string[],
  { hasFunnel, hasAlerts, scored }: { hasFunnel: boolean; hasAlerts: boolean; scored: readonly string[] },
): Route[] {
  const pages = journeys.flatMap((journey): Route[] => [
    { page: 'map', journey },
    { page: 'cycle-time', journey },
    { page: 'nps', journey },
    ...(scored.includes(journey) ? [{ page: 'health' as const, journey }] : []),
  ]);
  return [...pages, ...own(hasFunnel, { page: 'funnel' }), ...own(hasAlerts, { page: 'alerts' })];
}

/** Which page is due: a function of the clock alone, so that screens side by side turn together and a long sleep does no harm. */
export function turnAt(nowMs: number, seconds: number, pages: number): number {
  return pages === 0 ? 0 : Math.floor(nowMs / (seconds * 1000)) % pages;
}

/** Milliseconds until the next page is due. */
export function untilTurnMs(nowMs: number, seconds: number): number {
  return seconds * 1000 - (nowMs % (seconds * 1000));
}

const own = (isThere: boolean, page: Route): Route[] => (isThere ? [page] : []);
