import type { JourneyMapRow } from '@michinori/client';

/** One column of the map. */
export interface StageColumn {
  stage: JourneyMapRow;
  touchpoints: readonly TouchpointCell[];
  /** Where customers went from here, the most frequent first. */
  ways: readonly JourneyMapRow[];
  isTrough: boolean;
  /** The last stage: nothing to advance to. */
  isLast: boolean;
  /** Nobody can be lost from it, either: entering it completes the journey. */
  isTerminal: boolean;
}

export interface TouchpointCell {
  row: JourneyMapRow;
  /** Whether an event has shown it in the range; the others are assumed: the definition draws them. */
  isEvidenced: boolean;
}

/** Arranges the rows of `/map` as columns. The trough is the lowest stage whose whole interval lies below the mean of the stages. */
export function columnsOf(rows: readonly JourneyMapRow[]): StageColumn[] {
  const stages = rows.filter(({ kind }) => kind === 'stage').sort((a, b) => a.position - b.position);
  const trough = troughOf(stages);
  return stages.map((stage, index) => {
    const ways = rows.filter((row) => row.kind === 'edge' && row.stage === stage.stage);
    return {
      stage,
      touchpoints: rows
        .filter((row) => row.kind === 'touchpoint' && row.stage === stage.stage)
        .map((row) => ({ row, isEvidenced: row.entered > 0 })),
      ways: ways.toSorted((a, b) => b.entered - a.entered),
      isTrough: stage === trough,
      isLast: index === stages.length - 1,
      isTerminal: index === stages.length - 1 && (stage.open ?? 0) + (stage.lost ?? 0) === 0,
    };
  });
}

/** The rows of each value of the segment that they are split by, in the order of the answer; one group of all where they aren't. */
export function bySegment(rows: readonly JourneyMapRow[]): { segment: string | null; rows: JourneyMapRow[] }[] {
  return [...new Set(rows.map(({ segment }) => segment))].map((segment) => ({
    segment,
    rows: rows.filter((row) => row.segment === segment),
  }));
}

/** The stage where most customers are lost, if any are. */
export function mostLost(columns: readonly StageColumn[]): JourneyMapRow | null {
  const [worst] = columns.map(({ stage }) => stage).sort((a, b) => (b.lost ?? 0) - (a.lost ?? 0));
  return worst !== undefined && (worst.lost ?? 0) > 0 ? worst : null;
}

function troughOf(stages: readonly JourneyMapRow[]): JourneyMapRow | null {
  const felt = stages.filter(({ sentiment }) => sentiment !== null);
  const mean = felt.reduce((sum, { sentiment }) => sum + (sentiment ?? 0), 0) / Math.max(1, felt.length);
  const low = felt.filter(({ sentimentHi }) => sentimentHi !== null && sentimentHi < mean);
  return low.sort((a, b) => (a.sentiment ?? 0) - (b.sentiment ?? 0))[0] ?? null;
}

export interface CurvePoint {
  /** Centre of the stage's column, 0…1 of the width. */
  x: number;
  /** 0 at the top (sentiment 1) to 1 at the bottom (sentiment −1). */
  y: number;
  top: number;
  bottom: number;
  stage: JourneyMapRow;
}

/** The emotion curve in the unit square. Not drawn across: stages without any sentiment, and those with too little for an interval. */
export function emotionCurve(stages: readonly JourneyMapRow[]): CurvePoint[][] {
  const pieces: CurvePoint[][] = [[]];
  const down = (value: number) => (1 - value) / 2;
  for (const [index, stage] of stages.entries()) {
    const { sentiment, sentimentLo, sentimentHi } = stage;
    const isAlone = sentiment === null || sentimentLo === null || sentimentHi === null;
    if (isAlone) pieces.push([]);
    if (sentiment === null) continue;
    pieces.at(-1)?.push({
      x: (index + 0.5) / stages.length,
      y: down(sentiment),
      top: down(Math.min(1, sentimentHi ?? sentiment)),
      bottom: down(Math.max(-1, sentimentLo ?? sentiment)),
      stage,
    });
    if (isAlone) pieces.push([]);
  }
  return pieces.filter((piece) => piece.length > 0);
}

/** A goal such as `advanced_rate ≥ 0.7` as its metric, sign and value; null for what it can't read. */
export function goalsOf(text: string): ({ metric: string; sign: string; value: number } | null)[] {
  return text.split(', ').map((part) => {
    const [, metric = '', sign = '', value = ''] = /^(\w+) ([≥≤]) (-?[\d.]+)$/.exec(part) ?? [];
    return metric === '' ? null : { metric, sign, value: Number(value) };
  });
}
