import { segments } from '@michinori/client';
import { useAnswer } from './use-answer.tsx';

/** Names of the segments that visits of a journey had, in the order of the answer. */
export function useSegmentNames(journey: string | null): string[] {
  const rows = useAnswer(segments.list()).answer?.rows ?? [];
  return [...new Set(rows.filter((row) => row.journey === journey).map(({ segment }) => segment))];
}
