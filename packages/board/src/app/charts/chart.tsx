import type { EChartsCoreOption } from 'echarts/core';
import { useEffect, useRef } from 'preact/hooks';
import { useAddress } from '../state/address.tsx';
import { type Palette, readPalette } from './palette.ts';

interface ChartProps {
  label: string;
  /** In the size of the page's letters (rem), so that it grows with them on a wall screen. */
  height: number;
  option: (palette: Palette) => EChartsCoreOption;
}

/** A chart of ECharts, which is loaded when the first one is drawn. What it shows stands in the table of its panel, too. */
export function Chart({ label, height, option }: ChartProps) {
  const { theme } = useAddress().view;
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(option);
  latest.current = option;
  const redraw = useRef<(() => void) | null>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    let isGone = false;
    let stop = () => {};
    void import('./echarts.ts').then(({ draw }) => {
      if (isGone) return;
      const chart = draw(element);
      const paint = () => chart.setOption(latest.current(readPalette(element)), { notMerge: true });
      const watcher = new ResizeObserver(() => {
        chart.resize();
        paint();
      });
      const scheme = matchMedia('(prefers-color-scheme: dark)');
      watcher.observe(element);
      scheme.addEventListener('change', paint);
      redraw.current = paint;
      paint();
      stop = () => {
        watcher.disconnect();
        scheme.removeEventListener('change', paint);
        redraw.current = null;
        chart.dispose();
      };
    });
    return () => {
      isGone = true;
      stop();
    };
  }, []);
  useEffect(() => redraw.current?.(), [option, theme]);
  return <div class="chart" ref={place} role="img" aria-label={label} style={{ height: `${height}rem` }} />;
}
