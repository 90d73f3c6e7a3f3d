import type { JourneyDefinition } from '@michinori/events';
import type { ParsedJourney } from '@michinori/journey';
import { QuestionError } from '../question-error.ts';
import { type Definitions, newestOf } from './ledger.ts';
import { meaningOf } from './read-source.ts';

export interface AppliedJourney {
  readonly journey: string;
  readonly version: number;
  /** `unchanged`: this version with this meaning was applied before. */
  readonly state: 'accepted' | 'unchanged';
}

export interface JourneyDecision {
  readonly applied: readonly AppliedJourney[];
  readonly records: readonly JourneyDefinition[];
}

/**
 * What applying these journeys comes to. Either all of them can be applied or none: the first that can't throws. Pure.
 *
 * @throws QuestionError `version_taken` for a version that means something else already, `version_too_old` below the newest one
 */
export function decideJourneys(
  wanted: readonly ParsedJourney[],
  known: Pick<Definitions, 'journeys'>,
  { nowUs, by }: { nowUs: number; by: string },
): JourneyDecision {
  const records: JourneyDefinition[] = [];
  const applied = wanted.map(({ journey: { id, version }, source }): AppliedJourney => {
    const newest = newestOf(known, id);
    const before = known.journeys.get(id)?.get(version);
    if (newest !== undefined && version < newest.version) throw tooOld(id, version, newest.version);
    if (before !== undefined) {
      if (meaningOf(before.source) !== meaningOf(source)) throw taken(id, version);
      return { journey: id, version, state: 'unchanged' };
    }
    records.push({ kind: 'journey', journey: id, version, source, appliedAtUs: nowUs, appliedBy: by });
    return { journey: id, version, state: 'accepted' };
  });
  return { applied, records };
}

function taken(id: string, version: number): QuestionError {
  return new QuestionError(
    'version_taken',
    `Version ${version} of the journey ${id} was applied with another content; give the new one version ${version + 1}.`,
  );
}

function tooOld(id: string, version: number, newest: number): QuestionError {
  return new QuestionError(
    'version_too_old',
    `The journey ${id} is at version ${newest}; version ${version} can't be applied after it. To go back, apply the old content as version ${newest + 1}.`,
  );
}
