import { journeys } from '@michinori/client';
import { useAnswers } from '../data/use-answer.tsx';
import { readHealth } from '../pages/health/definition.ts';
import { useAddress } from '../state/address.tsx';

/** Those journeys whose definition has rules of health. */
export function useScoredJourneys(ids: readonly string[]): string[] {
  const { language } = useAddress().view;
  const known = useAnswers(ids.map((id) => journeys.get(id, { language })));
  return ids.filter((_, index) => {
    const answer = known[index]?.answer ?? null;
    return answer !== null && readHealth(answer.meta.definition, language) !== null;
  });
}
