import { type JourneyGetRow, journeys } from '@michinori/client';
import { useAddress } from '../state/address.tsx';
import { useAnswer } from './use-answer.tsx';

/** The stages of a journey with their titles, in order; none until they are known. */
export function useStages(journey: string | null): readonly JourneyGetRow[] {
  const { view } = useAddress();
  const question = journey === null ? null : journeys.get(journey, { language: view.language });
  return useAnswer(question).answer?.rows ?? [];
}
