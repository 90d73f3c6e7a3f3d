import type { EChartsCoreOption } from 'echarts/core';
import { axisText, type Drawing, frame } from './frame.ts';
import type { Palette } from './palette.ts';

/** A stepped curve with its band; `x` in days. */
export interface Curve {
  name: string;
  points: readonly { x: number; y: number; lo: number; hi: number }[];
}

interface CurveTexts {
  x: string;
  share: (value: number) => string;
  days: (value: number) => string;
  to: (lo: string, hi: string) => string;
}

/** Shares 0…1 that grow over days, one curve per cohort, bands behind the lines. Lines differ in dash as well as in colour. */
export function curveOption(
  curves: readonly Curve[],
  xMax: number,
  texts: CurveTexts,
  palette: Palette,
): EChartsCoreOption {
  const text = axisText(palette);
  const yMax = Math.min(
    1,
    Math.ceil(Math.max(0.1, ...curves.flatMap(({ points }) => points.map(({ hi }) => hi))) * 10) / 10,
  );
  return {
    ...frame(palette, (items) => tooltip(items, curves, texts)),
    grid: { left: 4.5 * palette.fontPx, right: 24, top: 16, bottom: 4 * palette.fontPx },
    xAxis: {
      type: 'value',
      max: xMax,
      name: texts.x,
      nameLocation: 'middle',
      nameGap: 2.2 * palette.fontPx,
      nameTextStyle: text,
      axisLabel: text,
      splitLine: { show: false },
      axisLine: { lineStyle: { color: palette.line } },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: yMax,
      axisLabel: { ...text, formatter: (value: number) => `${Math.round(value * 100)} %` },
      splitLine: { lineStyle: { color: palette.line, width: 1 } },
    },
    series: curves.flatMap((curve, index) => {
      const colour = palette.series[index % palette.series.length];
      return [
        {
          type: 'custom',
          silent: true,
          tooltip: { show: false },
          data: curve.points.length === 0 ? [] : [[0, 0]],
          renderItem: (_: unknown, api: Drawing) => ({
            type: 'polygon',
            shape: { points: bandOf(curve, xMax).map((point) => api.coord(point)) },
            style: { fill: colour, opacity: 0.16 },
          }),
        },
        {
          type: 'line',
          name: curve.name,
          step: 'end',
          symbol: 'none',
          data: [[0, 0], ...curve.points.filter(({ x }) => x <= xMax).map(({ x, y }) => [x, y])],
          lineStyle: { color: colour, width: 2.5, type: index % 2 === 0 ? 'solid' : 'dashed' },
          itemStyle: { color: colour },
        },
      ];
    }),
  };
}

/** Corners of the band, stepped as the curve is: along the upper ends and back along the lower ones. */
export function bandOf({ points }: Curve, xMax: number): [number, number][] {
  const shown = points.filter(({ x }) => x <= xMax);
  const stepped = (end: 'lo' | 'hi') =>
    shown.flatMap((point, index): [number, number][] => {
      const next = shown[index + 1];
      const here: [number, number] = [point.x, point[end]];
      return next === undefined ? [here] : [here, [next.x, point[end]]];
    });
  return [...stepped('hi'), ...stepped('lo').reverse()];
}

function tooltip(items: unknown, curves: readonly Curve[], texts: CurveTexts): string {
  const found = (Array.isArray(items) ? items : []) as { seriesName: string; axisValue: number }[];
  const at = found[0]?.axisValue ?? 0;
  const lines = curves.flatMap(({ name, points }) => {
    const point = points.findLast(({ x }) => x <= at);
    if (point === undefined) return [];
    return [`${name}  ${texts.share(point.y)} (${texts.to(texts.share(point.lo), texts.share(point.hi))})`];
  });
  return [texts.days(at), ...lines].join('\n');
}
