import type { EChartsCoreOption } from 'echarts/core';
import type { SankeyData } from '../pages/paths.ts';
import type { Palette } from './palette.ts';

/** Ways as bands between two columns; bands towards a loss have its colour. `tell` is what a band says when pointed at. */
export function sankeyOption(
  { nodes, links }: SankeyData,
  tell: (link: SankeyData['links'][number]) => string,
  palette: Palette,
): EChartsCoreOption {
  // Names stand beside the columns where there is room for them.
  const isWide = palette.widthPx > 720;
  const margin = isWide ? 13 * palette.fontPx : 8;
  const colourOf = (outcome: string | null) => {
    if (outcome === 'lost' || outcome === 'silent') return palette.lost;
    if (outcome === 'open') return palette.open;
    return outcome === null ? palette.faint : palette.advanced;
  };
  return {
    animation: false,
    textStyle: { fontFamily: palette.font },
    tooltip: {
      renderMode: 'richText',
      confine: true,
      backgroundColor: palette.paper,
      borderColor: palette.line,
      textStyle: { color: palette.ink, fontSize: palette.fontPx },
      formatter: ({ dataType, dataIndex, name }: { dataType: string; dataIndex: number; name: string }) => {
        const link = links[dataIndex];
        return dataType === 'edge' && link !== undefined
          ? tell(link)
          : (nodes.find(({ id }) => id === name)?.label ?? '');
      },
    },
    series: [
      {
        type: 'sankey',
        left: margin,
        right: margin,
        top: 8,
        bottom: 8,
        nodeWidth: 12,
        nodeGap: 12,
        draggable: false,
        layoutIterations: 32,
        label: { color: palette.ink, fontSize: palette.fontPx, fontFamily: palette.font },
        lineStyle: { color: 'source', opacity: 0.3, curveness: 0.5 },
        data: nodes.map(({ id, label, side, outcome }) => ({
          name: id,
          depth: side === 'from' ? 0 : 1,
          itemStyle: { color: outcome === null ? palette.advanced : colourOf(outcome), borderWidth: 0 },
          label: {
            position: (side === 'from') === isWide ? 'left' : 'right',
            formatter: label,
          },
        })),
        links: links.map(({ source, target, value, way }) => ({
          source,
          target,
          value,
          lineStyle: { color: colourOf(way.outcome) },
        })),
      },
    ],
  };
}
