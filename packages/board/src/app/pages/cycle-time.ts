import type { FlatRow, JourneyCycleTimeRow } from '@michinori/client';
import type { Curve } from '../charts/curve-option.ts';
import type { Format } from '../format/format.ts';
import type { Words } from '../words/en.ts';

const daySeconds = 86_400;

/** The rows of `detail=curve` as curves by period and segment, in days. */
export function curvesOf(rows: readonly FlatRow[], words: Words): Curve[] {
  const curves = new Map<string, Curve['points'][number][]>();
  for (const { period, segment, seconds, share, lo, hi } of rows) {
    const name = cohortName(String(period), segment === null ? null : String(segment), words);
    const points = curves.get(name) ?? [];
    curves.set(name, points);
    points.push({
      x: Number(seconds) / daySeconds,
      y: Number(share),
      lo: Number(lo ?? share),
      hi: Number(hi ?? share),
    });
  }
  return [...curves].map(([name, points]) => ({ name, points: points.sort((a, b) => a.x - b.x) }));
}

/** `pro`, `Before`, `pro · Before`. */
export function cohortName(period: string, segment: string | null, words: Words): string {
  const known = Object.entries(words.cycle.periods).find(([id]) => id === period)?.[1] ?? period;
  if (segment === null) return known;
  const value = segment || words.numbers.missing;
  return period === 'all' ? value : `${value} · ${known}`;
}

/** The columns of a row that compare it. */
export type Compared = Pick<
  JourneyCycleTimeRow,
  | 'period'
  | 'verdict'
  | 'differenceSeconds'
  | 'differenceLo'
  | 'differenceHi'
  | 'didVerdict'
  | 'didSeconds'
  | 'didLo'
  | 'didHi'
>;

/**
 * What the comparison of a row says, in a sentence: with before, or of a segment with the others. The difference in
 * differences counts where there is one.
 */
export function verdictOf(row: Compared, words: Words, format: Format): string {
  const isTrial = row.didVerdict !== null;
  const verdict = isTrial ? row.didVerdict : row.verdict;
  const [difference, lo, hi] = isTrial
    ? [row.didSeconds, row.didLo, row.didHi]
    : [row.differenceSeconds, row.differenceLo, row.differenceHi];
  if (verdict === null) return '';
  const sentences = row.period === 'all' ? words.cycle.others : words.cycle.verdict;
  const signed = (seconds: number | null) => `${(seconds ?? 0) < 0 ? '−' : '+'}${format.duration(seconds)}`;
  if (verdict === 'no evidence') return sentences[verdict](signed(difference), signed(lo), signed(hi));
  const [near, far] = [lo, hi].sort((a, b) => Math.abs(a ?? 0) - Math.abs(b ?? 0));
  return sentences[verdict](format.duration(difference), format.duration(near ?? null), format.duration(far ?? null));
}
