import type { Transition } from './episode.ts';
import type { SeriesKey } from './series.ts';

/** An alarm that a rule would have given: one episode that fired. Times µs since 1970. */
export interface PastAlarm {
  readonly key: SeriesKey;
  readonly episode: string;
  /** The first alarming evaluation. */
  readonly startedUs: number;
  readonly firedUs: number;
  /** Null: it was still firing at the end. */
  readonly resolvedUs: number | null;
  readonly reason: Transition['reason'];
  /** Where its first alarming window begins. */
  readonly windowFromUs: number;
  /** How it fired, with what the evaluation found. */
  readonly fired: Transition;
}

/** The alarms among the transitions of a replay, in the order in which they fired. */
export function pastAlarms(transitions: readonly Transition[]): PastAlarm[] {
  const ends = new Map(
    transitions.flatMap(({ kind, episode, atUs, reason }) =>
      kind === 'resolved' ? [[episode.id, { atUs, reason }] as const] : [],
    ),
  );
  return transitions.flatMap((fired): PastAlarm[] => {
    const { kind, key, episode, atUs } = fired;
    if (kind !== 'fired') return [];
    const end = ends.get(episode.id);
    return [
      {
        ...{ key, episode: episode.id, startedUs: episode.startedUs, firedUs: atUs, fired },
        ...{ resolvedUs: end?.atUs ?? null, reason: end?.reason ?? null, windowFromUs: episode.windowFromUs },
      },
    ];
  });
}
