import type { JourneyPathsRow } from '@michinori/client';

/** A way between two touchpoints, or from the beginning of the visit, or to its outcome. */
export interface Way {
  from: string;
  to: string;
  isBegin: boolean;
  /** How the visit went on, where nothing followed. */
  outcome: string | null;
  row: JourneyPathsRow;
}

export interface SankeyData {
  nodes: { id: string; label: string; side: 'from' | 'to'; outcome: string | null }[];
  links: { source: string; target: string; value: number; way: Way }[];
}

/** The most frequent ways of one stage, and how many more there are. */
export function waysOf(rows: readonly JourneyPathsRow[], shownMax: number): { ways: Way[]; foldedCount: number } {
  const sorted = rows.toSorted((a, b) => b.transitions - a.transitions);
  const ways = sorted.slice(0, shownMax).map(
    (row): Way => ({
      from: row.from ?? '',
      to: row.to ?? row.outcome ?? '',
      isBegin: row.from === null,
      outcome: row.to === null ? row.outcome : null,
      row,
    }),
  );
  return { ways, foldedCount: Math.max(0, rows.length - shownMax) };
}

/** Ways as a diagram of two columns, from and to: a touchpoint may stand in both, so that going round in circles needs no circle. */
export function sankeyOf(
  ways: readonly Way[],
  beginLabel: string,
  outcomeLabel: (outcome: string) => string,
): SankeyData {
  const nodes = new Map<string, SankeyData['nodes'][number]>();
  const links = ways.map((way) => {
    const source = `from ${way.isBegin ? '' : way.from}`;
    const target = `to ${way.outcome === null ? '' : 'outcome '}${way.to}`;
    nodes.set(source, { id: source, label: way.isBegin ? beginLabel : way.from, side: 'from', outcome: null });
    const label = way.outcome === null ? way.to : outcomeLabel(way.outcome);
    nodes.set(target, { id: target, label, side: 'to', outcome: way.outcome });
    return { source, target, value: way.row.transitions, way };
  });
  return { nodes: [...nodes.values()], links };
}
