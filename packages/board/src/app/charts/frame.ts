import type { EChartsCoreOption } from 'echarts/core';
import type { Palette } from './palette.ts';

/** How a series of our own finds the place of a point. */
export interface Drawing {
  coord(point: readonly [number, number]): number[];
}

/** The text of axes. */
export const axisText = ({ faint, font, fontPx }: Palette) => ({ color: faint, fontFamily: font, fontSize: fontPx });

/** What charts with axes have in common: they stand still, and a tooltip along the axis is text and nothing else. */
export function frame(palette: Palette, formatter: (items: unknown) => string): EChartsCoreOption {
  return {
    animation: false,
    textStyle: { fontFamily: palette.font },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      backgroundColor: palette.paper,
      borderColor: palette.line,
      textStyle: { color: palette.ink, fontSize: palette.fontPx },
      formatter,
    },
  };
}
