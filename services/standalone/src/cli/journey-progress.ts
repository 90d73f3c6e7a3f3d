import { startProgress } from '../terminal/progress.ts';
import type { Api } from './api.ts';
import type { Io } from './io.ts';

/** A row of `GET /v1/journeys`. */
export interface JourneyStanding {
  journey: string;
  version: number;
  activeVersion: number | null;
  title: string;
  unit: string | null;
  stages: string;
  state: 'active' | 'building' | 'rebuilding' | 'waiting';
  progress: number;
  appliedAt: string;
  appliedBy: string;
  derivation: number | null;
}

/** What has to be reached: answers come from this version or a later one, and from a derivation after `afterDerivation`. */
export interface JourneyTarget {
  readonly journey: string;
  readonly version: number;
  readonly afterDerivation: number;
}

const lookIntervalMs = 100;

export async function standings(api: Api): Promise<JourneyStanding[]> {
  return (await api.get<{ rows: JourneyStanding[] }>('/v1/journeys')).rows;
}

/** How far a target is, 0…1; 1 exactly when it is reached. Pure. */
export function reached(target: JourneyTarget, rows: readonly JourneyStanding[]): number {
  const row = rows.find(({ journey }) => journey === target.journey);
  if (row === undefined) return 0;
  const { activeVersion, derivation, state, progress } = row;
  const isNew = (activeVersion ?? 0) >= target.version && (derivation ?? 0) > target.afterDerivation;
  if (isNew) return 1;
  return state === 'building' || state === 'rebuilding' ? Math.min(progress, 0.99) : 0;
}

/**
 * Shows a bar until every target is reached.
 *
 * @returns false if it was stopped before; the derivation goes on in the process that owns the folder, or at its next start
 */
export async function waitForJourneys(
  io: Io,
  api: Api,
  targets: readonly JourneyTarget[],
  signal: AbortSignal,
): Promise<boolean> {
  const title = targets.length === 1 ? `Deriving ${targets[0]?.journey}` : 'Deriving the journeys';
  const { isInteractive, columns } = io;
  let bar: ReturnType<typeof startProgress> | undefined;
  try {
    for (;;) {
      const rows = await standings(api);
      const shares = targets.map((target) => reached(target, rows));
      if (shares.every((share) => share === 1)) return true;
      if (signal.aborted) return false;
      bar ??= startProgress({ title, total: 1000, isInteractive, columns, line: io.err });
      bar.update(Math.floor((1000 * shares.reduce((sum, share) => sum + share, 0)) / shares.length));
      await io.wait(lookIntervalMs);
    }
  } finally {
    bar?.stop();
  }
}
