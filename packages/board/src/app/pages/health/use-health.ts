import { type JourneyGetRow, journeys, type ProblemError } from '@michinori/client';
import { useMemo } from 'preact/hooks';
import { useAnswer } from '../../data/use-answer.tsx';
import { useAddress } from '../../state/address.tsx';
import { type HealthDefinition, readHealth } from './definition.ts';

export interface KnownHealth {
  /** Whether the definition has been read; the rest is empty until then. */
  isKnown: boolean;
  error: ProblemError | null;
  /** Null in a journey without rules. */
  health: HealthDefinition | null;
  /** In order, without those that complete the journey: nobody stands in them. */
  stages: readonly JourneyGetRow[];
  timezone: string;
  /** Title of a stage by its id. */
  stageTitle(id: string): string;
}

/** The rules of a journey, in the language of the page. */
export function useHealth(journey: string): KnownHealth {
  const { language } = useAddress().view;
  const { answer, error } = useAnswer(journeys.get(journey, { language }));
  return useMemo(() => {
    const rows = answer?.rows ?? [];
    return {
      isKnown: answer !== null,
      error: answer === null ? error : null,
      health: answer === null ? null : readHealth(answer.meta.definition, language),
      stages: rows.filter(({ terminal }) => !terminal),
      timezone: answer?.meta.timezone ?? 'UTC',
      stageTitle: (id: string) => rows.find((row) => row.id === id)?.title ?? id,
    };
  }, [answer, error, language]);
}
