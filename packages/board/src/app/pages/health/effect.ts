import type { JourneyActionsRow } from '@michinori/client';
import type { Format } from '../../format/format.ts';
import type { Words } from '../../words/en.ts';
import { verdictOf } from '../cycle-time.ts';

const verdicts = ['shorter', 'longer', 'no evidence', 'too early'] as const;

/** What became different with an action, in the sentences of the comparison of cycle times; a verdict that isn't known is too early. */
export function effectVerdict(
  row: Pick<JourneyActionsRow, 'verdict' | 'differenceSeconds' | 'differenceLo' | 'differenceHi'>,
  words: Words,
  format: Format,
): string {
  const verdict = verdicts.find((known) => known === row.verdict) ?? 'too early';
  const { differenceSeconds, differenceLo, differenceHi } = row;
  const difference = { differenceSeconds, differenceLo, differenceHi };
  const trial = { didVerdict: null, didSeconds: null, didLo: null, didHi: null };
  return verdictOf({ period: 'after', verdict, ...difference, ...trial }, words, format);
}
