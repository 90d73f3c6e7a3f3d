import type { AlertHistoryRow } from '@michinori/client';
import { seriesIdOf } from './alert-state.ts';

/** A time in which a series was unusual. Times are ISO 8601. */
export interface PastEpisode {
  id: string;
  alert: string;
  journey: string;
  stage: string;
  segment: string;
  touchpoint: string | null;
  startedAt: string;
  /** Null where it never fired; its start where the alarm lies before the rows. */
  firedAt: string | null;
  /** Null while it goes on. */
  endedAt: string | null;
  end: 'dropped' | 'resolved' | null;
  reason: string | null;
  /** The last thing that was judged, with figures where there are any. */
  latest: AlertHistoryRow;
}

/** Episodes of what happened, the newest first. Every row has the start of its episode, also where that lies before the rows. */
export function episodesOf(rows: readonly AlertHistoryRow[]): PastEpisode[] {
  const byId = groupBy(rows, ({ episode }) => episode);
  const episodes = [...byId].map(([id, own]): PastEpisode | null => {
    const ofTime = own.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
    const last = ofTime.at(-1);
    if (last === undefined) return null;
    const end = ofTime.find(({ transition }) => transition === 'dropped' || transition === 'resolved');
    const fired = ofTime.find(({ transition }) => transition === 'fired');
    const { alert, journey, stage, segment, touchpoint, startedAt } = last;
    const judged = ofTime.findLast(({ transition, k }) => k !== null && transition !== 'resolved');
    return {
      ...{ id, alert, journey, stage, segment, touchpoint, startedAt },
      firedAt: fired?.at ?? (end?.transition === 'resolved' ? startedAt : null),
      endedAt: end?.at ?? null,
      end: end === undefined ? null : end.transition === 'dropped' ? 'dropped' : 'resolved',
      reason: end?.reason ?? null,
      latest: judged ?? last,
    };
  });
  return episodes
    .filter((episode) => episode !== null)
    .toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
}

/** Whether a row is about a volume: there its rate is the count itself, and nobody drops off. */
export const isVolume = ({ k, n, rate }: Pick<AlertHistoryRow, 'k' | 'n' | 'rate'>) => k === 0 && rate === n;

/** Whether an episode touches the time from `fromMs` to `toMs`. */
export function isWithin({ startedAt, endedAt }: PastEpisode, fromMs: number, toMs: number): boolean {
  return Date.parse(startedAt) < toMs && (endedAt === null || Date.parse(endedAt) >= fromMs);
}

/** One line of a timeline: a series with its episodes. */
export interface TimelineLine<Span> {
  key: string;
  spans: readonly Span[];
}

/** Episodes as lines of a timeline, one per rule and series, in the order in which they come. */
export function linesOf<Span extends { alert: string; stage: string; segment: string; touchpoint: string | null }>(
  spans: readonly Span[],
): TimelineLine<Span>[] {
  const lines = groupBy(spans, (span) => `${span.alert} ${seriesIdOf(span)}`);
  return [...lines].map(([key, own]) => ({ key, spans: own }));
}

/** Where a time lies on a timeline, 0…1; outside of it at its end. */
export function placeOf(iso: string | number, fromMs: number, toMs: number): number {
  const ms = typeof iso === 'number' ? iso : Date.parse(iso);
  return Math.min(1, Math.max(0, (ms - fromMs) / Math.max(1, toMs - fromMs)));
}

/** At most `max` days of a range to write below a timeline, at equal distances, the first one included. */
export function ticksOf(fromMs: number, toMs: number, max: number): number[] {
  const dayMs = 86_400_000;
  const days = Math.max(1, Math.round((toMs - fromMs) / dayMs));
  const step = Math.max(1, Math.ceil(days / max));
  return Array.from({ length: Math.ceil(days / step) }, (_, index) => fromMs + index * step * dayMs);
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
