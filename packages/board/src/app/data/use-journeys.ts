import { type JourneyListRow, journeys } from '@michinori/client';
import { useAddress } from '../state/address.tsx';
import { useAnswer } from './use-answer.tsx';

/** The journeys that were applied, and the one that the reader is looking at: of the address, or the first. */
export function useJourneys(): { all: readonly JourneyListRow[] | null; current: string | null } {
  const { route, view, query } = useAddress();
  const { answer } = useAnswer(journeys.list({ language: view.language }));
  const all = answer?.rows ?? null;
  const named = 'journey' in route ? route.journey : query.get('journey');
  return { all, current: named ?? all?.[0]?.journey ?? null };
}
