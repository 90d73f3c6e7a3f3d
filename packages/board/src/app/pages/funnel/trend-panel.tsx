import { type FunnelQueryBody, type FunnelQueryRow, funnels } from '@michinori/client';
import { useCallback } from 'preact/hooks';
import { Chart } from '../../charts/chart.tsx';
import type { Palette } from '../../charts/palette.ts';
import { trendOption } from '../../charts/trend-option.ts';
import { Panel } from '../../parts/panel.tsx';
import type { Column } from '../../parts/table.tsx';
import { useWords } from '../../words/use-words.tsx';
import { CopyCurl } from './copy-curl.tsx';
import type { FunnelState } from './funnel-state.ts';
import { trendLines } from './trend-lines.ts';

interface TrendProps {
  body: FunnelQueryBody;
  interval: NonNullable<FunnelState['trend']>;
}

/** The share that gets to the end, by the period in which they entered, a line per segment. */
export function TrendPanel({ body, interval }: TrendProps) {
  const { words } = useWords();
  const asked = { ...body, trend: { interval } };
  return (
    <Panel
      title={words.funnelForm.trendTitle}
      question={funnels.query(asked)}
      sentence={() => <span class="explanation">{words.funnelForm.trendWhat}</span>}
      picture={(rows) => <TrendChart rows={rows} interval={interval} />}
      columns={useColumns(interval)}
      actions={<CopyCurl body={asked} />}
      fileName="funnel-trend"
    />
  );
}

interface ChartProps {
  rows: readonly FunnelQueryRow[];
  interval: TrendProps['interval'];
}

function TrendChart({ rows, interval }: ChartProps) {
  const { words, format } = useWords();
  const nameOf = (segment: string | null) =>
    segment === null ? words.numbers.everybody : segment || words.numbers.missing;
  const lines = trendLines(rows, { segment: nameOf, bucket: periodOf(interval, format) });
  const option = useCallback(
    (palette: Palette) =>
      trendOption(
        trendLines(rows, {
          segment: (segment) => (segment === null ? words.numbers.everybody : segment || words.numbers.missing),
          bucket: periodOf(interval, format),
        }),
        null,
        {
          value: (y) => format.share(y),
          interval: (lo, hi) => format.shares(lo, hi),
          n: (n) => words.numbers.n(format.count(n)),
          weak: words.funnelForm.weak,
        },
        palette,
      ),
    [rows, interval, words, format],
  );
  return (
    <>
      {lines.length > 1 && (
        <ul class="legend" aria-hidden="true">
          {lines.map(({ name }, index) => (
            <li key={name}>
              <i class={`key line colour-${index % 8} ${index % 2 === 0 ? '' : 'dashed'}`} />
              {name}
            </li>
          ))}
        </ul>
      )}
      <Chart label={words.funnelForm.trendTitle} height={20} option={option} />
    </>
  );
}

const periodOf =
  (interval: string, format: { date(iso: string): string; month(iso: string): string; time(iso: string): string }) =>
  (bucket: string) =>
    interval === 'month' ? format.month(bucket) : interval === 'hour' ? format.time(bucket) : format.date(bucket);

function useColumns(interval: string): Column<FunnelQueryRow>[] {
  const { words, format } = useWords();
  const count = (title: string, cell: (row: FunnelQueryRow) => string) => ({ title, cell, isNumber: true });
  const period = periodOf(interval, format);
  return [
    { title: words.funnelForm.entered, cell: ({ bucket }) => (bucket === null ? '' : period(bucket)), isTight: true },
    {
      title: words.funnel.segment,
      cell: ({ segment }) => (segment === null ? words.numbers.everybody : segment || words.numbers.missing),
    },
    { title: words.funnel.step(''), cell: ({ step, touchpoint }) => `${step}. ${touchpoint}` },
    count(words.funnel.reached, ({ customers }) => format.count(customers)),
    count('n', ({ n }) => format.count(n)),
    count(words.numbers.rate, ({ rate }) => format.share(rate)),
    count(words.numbers.interval, ({ lo, hi }) => format.shares(lo, hi)),
    count(words.funnel.open, ({ open }) => format.count(open)),
    { title: words.data.state, cell: ({ state }) => words.states[state] },
  ];
}
