import type { FlatRow, JourneyHealthTrackRecordRow } from '@michinori/client';
import type { Format } from '../../format/format.ts';
import type { Words } from '../../words/en.ts';

/** What the record of the whole journey says, in sentences; also that it says nothing yet. */
export function recordSentences(
  rows: readonly JourneyHealthTrackRecordRow[],
  { health }: Words,
  format: Format,
): string[] {
  const row = rows.find(({ stage }) => stage === null);
  if (row === undefined) return [];
  const { state, auc, aucLo, aucHi, skill, skillLo, skillHi, lost, n } = row;
  const { losses, neverFlagged, neverFlaggedShare, leadSecondsP50 } = row;
  if (state === 'no_scores') return [health.noScores];
  const ranked =
    state === 'insufficient' || auc === null
      ? [health.aucInsufficient(format.count(lost), format.count(n))]
      : [
          health.aucSentence(format.share(auc), format.share(aucLo), format.share(aucHi)),
          ...(aucLo <= 0.5 ? [health.aucChance] : []),
          ...(skill === null
            ? []
            : [health.skillSentence(format.share(skill), format.share(skillLo), format.share(skillHi))]),
        ];
  return [
    ...ranked,
    ...(leadSecondsP50 === null ? [] : [health.lead(format.duration(leadSecondsP50))]),
    ...(losses === 0
      ? []
      : [health.neverFlagged(format.count(neverFlagged), format.count(losses), format.share(neverFlaggedShare))]),
  ];
}

/** A band of scores, or of forecasts, with the share that it came to. */
export interface Band {
  stage: string | null;
  title: string;
  from: number;
  to: number;
  n: number;
  k: number;
  rate: number | null;
  lo: number | null;
  hi: number | null;
}

/** Reads the rows of `detail=bands`. */
export function readBands(rows: readonly FlatRow[]): Band[] {
  return rows.map(({ stage, title, from, to, n, lost, rate, lo, hi }) => ({
    stage: stage === null || stage === undefined ? null : String(stage),
    ...{ title: String(title), from: Number(from), to: Number(to), n: Number(n), k: Number(lost) },
    ...{ rate: orNull(rate), lo: orNull(lo), hi: orNull(hi) },
  }));
}

const orNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** Each sentence once, where it came first: where there are too few losses every rule has the same one. */
export function distinctSentences<Row extends { sentence: string }>(rows: readonly Row[]): Row[] {
  return rows.filter(({ sentence }, at) => rows.findIndex((row) => row.sentence === sentence) === at);
}
