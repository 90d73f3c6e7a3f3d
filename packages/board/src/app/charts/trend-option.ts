import type { EChartsCoreOption } from 'echarts/core';
import { axisText, type Drawing, frame } from './frame.ts';
import type { Palette } from './palette.ts';

/** A number per period with its interval. */
export interface TrendPoint {
  /** Name of the period, the same for all lines. */
  period: string;
  /** Null where there is nothing to say. */
  y: number | null;
  lo: number | null;
  hi: number | null;
  n: number;
  /** Too few or too early: drawn hollow. */
  isWeak: boolean;
}

export interface TrendLine {
  name: string;
  points: readonly TrendPoint[];
}

export interface TrendTexts {
  value: (y: number | null) => string;
  interval: (lo: number | null, hi: number | null) => string;
  n: (n: number) => string;
  weak: string;
}

/** What is usual, as a band with a line in it. */
export interface UsualBand {
  value: number;
  lo: number;
  hi: number;
}

/** Lines over periods with their bands; lines differ in dash as well as in colour, points of too little are hollow. */
export function trendOption(
  lines: readonly TrendLine[],
  usual: UsualBand | null,
  texts: TrendTexts,
  palette: Palette,
): EChartsCoreOption {
  const text = axisText(palette);
  const periods = lines[0]?.points.map(({ period }) => period) ?? [];
  return {
    ...frame(palette, (items) => tooltip(items, lines, texts)),
    grid: { left: 5 * palette.fontPx, right: 24, top: 16, bottom: 2.5 * palette.fontPx },
    xAxis: {
      type: 'category',
      data: periods,
      axisLabel: { ...text, hideOverlap: true },
      axisTick: { alignWithLabel: true },
      axisLine: { lineStyle: { color: palette.line } },
    },
    yAxis: {
      type: 'value',
      min: 0,
      ...topOf(lines, usual),
      axisLabel: { ...text, formatter: (value: number) => texts.value(value) },
      splitLine: { lineStyle: { color: palette.line, width: 1 } },
    },
    series: [
      ...(usual === null ? [] : [usualSeries(usual, periods.length, palette)]),
      ...lines.flatMap((line, index) => lineSeries(line, index, palette)),
    ],
  };
}

/** Room for the intervals of shares, which ECharts doesn't know of: up to the next tenth. Counts have none. */
export function topOf(lines: readonly TrendLine[], usual: UsualBand | null): { max?: number } {
  const ends = lines.flatMap(({ points }) => points.flatMap(({ y, hi }) => [y ?? 0, hi ?? 0]));
  const top = Math.max(0.1, usual?.hi ?? 0, ...ends);
  return top > 1 ? {} : { max: Math.ceil(top * 10 - 1e-9) / 10 };
}

function usualSeries({ value, lo, hi }: UsualBand, periods: number, palette: Palette): object {
  const corner = (x: number, y: number): [number, number] => [x, y];
  return {
    type: 'custom',
    silent: true,
    tooltip: { show: false },
    data: periods === 0 ? [] : [[0, hi]],
    renderItem: (_: unknown, api: Drawing) => {
      const last = periods - 1;
      const across = (y: number) => [api.coord(corner(0, y)), api.coord(corner(last, y))];
      return {
        type: 'group',
        children: [
          {
            type: 'polygon',
            shape: { points: [...across(hi), ...across(lo).reverse()] },
            style: { fill: palette.open, opacity: 0.25 },
          },
          {
            type: 'polyline',
            shape: { points: across(value) },
            style: { stroke: palette.faint, fill: 'none', lineWidth: 1.5, lineDash: [2, 4] },
          },
        ],
      };
    },
  };
}

function lineSeries({ name, points }: TrendLine, index: number, palette: Palette): object[] {
  const colour = palette.series[index % palette.series.length];
  return [
    {
      type: 'custom',
      silent: true,
      tooltip: { show: false },
      data: points.length === 0 ? [] : [[0, 0]],
      renderItem: (_: unknown, api: Drawing) => ({
        type: 'group',
        children: bandsOf(points).map((band) => ({
          type: 'polygon',
          shape: { points: band.map((point) => api.coord(point)) },
          style: { fill: colour, opacity: 0.16 },
        })),
      }),
    },
    {
      type: 'line',
      name,
      data: points.map(({ y, isWeak }) => ({
        value: y,
        symbol: isWeak ? 'emptyCircle' : 'circle',
        itemStyle: { color: colour, opacity: isWeak ? 0.7 : 1 },
      })),
      symbolSize: 7,
      lineStyle: { color: colour, width: 2.5, type: index % 2 === 0 ? 'solid' : 'dashed' },
      itemStyle: { color: colour },
    },
  ];
}

/** Corners of the bands: a piece for every run of periods that have an interval, along the upper ends and back along the lower ones. */
export function bandsOf(points: readonly Pick<TrendPoint, 'lo' | 'hi'>[]): [number, number][][] {
  const pieces: { x: number; lo: number; hi: number }[][] = [[]];
  for (const [x, { lo, hi }] of points.entries()) {
    if (lo === null || hi === null) pieces.push([]);
    else pieces.at(-1)?.push({ x, lo, hi });
  }
  return pieces
    .filter((piece) => piece.length > 1)
    .map((piece) => [
      ...piece.map(({ x, hi }): [number, number] => [x, hi]),
      ...piece.toReversed().map(({ x, lo }): [number, number] => [x, lo]),
    ]);
}

function tooltip(items: unknown, lines: readonly TrendLine[], texts: TrendTexts): string {
  const [first] = (Array.isArray(items) ? items : []) as { dataIndex: number; axisValueLabel?: string }[];
  if (first === undefined) return '';
  const told = lines.flatMap(({ name, points }) => {
    const point = points[first.dataIndex];
    if (point === undefined) return [];
    const { y, lo, hi, n, isWeak } = point;
    const parts = [name, texts.value(y), lo === null ? '' : `(${texts.interval(lo, hi)})`, texts.n(n)];
    return [[...parts, isWeak ? texts.weak : ''].filter((part) => part !== '').join('  ')];
  });
  return [first.axisValueLabel ?? '', ...told].join('\n');
}
