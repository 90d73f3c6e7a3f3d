import {
  type FunnelQueryBody,
  type FunnelTimeToConvertMeta,
  type FunnelTimeToConvertRow,
  funnels,
} from '@michinori/client';
import { Choice } from '../../parts/choice.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import type { Column } from '../../parts/table.tsx';
import { useWords } from '../../words/use-words.tsx';
import { type FunnelState, timesOf } from './funnel-state.ts';

interface TimesProps {
  body: FunnelQueryBody;
  times: FunnelState['times'];
  onChange: (times: FunnelState['times']) => void;
}

/** Fewer say little, as everywhere. */
const fewMax = 30;

/** How long it takes from one step to another: a histogram with its median and where nine of ten have arrived. */
export function TimesPanel({ body, times, onChange }: TimesProps) {
  const { words, format } = useWords();
  const { fromStep, toStep } = timesOf(times, body.steps.length);
  const { breakdown: _, ...whole } = body;
  const label = (step: number) => `${step}. ${[body.steps[step - 1]?.touchpoint ?? ''].flat().join(' | ')}`;
  const choices = (from: number, to: number) =>
    Array.from({ length: Math.max(0, to - from + 1) }, (_one, index) => ({
      value: `${from + index}`,
      label: label(from + index),
    }));
  return (
    <Panel
      title={words.funnelForm.timesTitle}
      question={funnels.timeToConvert({ ...whole, fromStep, toStep })}
      empty={<Notice title={words.funnelForm.timesNone} />}
      sentence={(_rows, meta) => (
        <>
          {meta.median !== null &&
            words.funnelForm.timesSentence(
              format.duration(meta.median),
              format.duration(meta.p90),
              format.count(meta.customers),
            )}{' '}
          {meta.customers < fewMax && <StateBadge state="insufficient" n={meta.customers} />}
        </>
      )}
      picture={(rows, meta) => <Histogram rows={rows} meta={meta} />}
      columns={useColumns()}
      actions={
        <>
          <Choice
            label={words.funnelForm.timesFrom}
            value={`${fromStep}`}
            options={choices(1, body.steps.length - 1)}
            onChoose={(value) => onChange({ from: Number(value), to: Math.max(toStep, Number(value) + 1) })}
          />
          <Choice
            label={words.funnelForm.timesTo}
            value={`${toStep}`}
            options={choices(fromStep + 1, body.steps.length)}
            onChoose={(value) => onChange({ from: fromStep, to: Number(value) })}
          />
        </>
      }
      fileName="time-to-convert"
    />
  );
}

interface HistogramProps {
  rows: readonly FunnelTimeToConvertRow[];
  meta: FunnelTimeToConvertMeta;
}

/** Bars of equal width, with the median and the 90th percentile as lines through them. The sentence and the table say the same. */
function Histogram({ rows, meta }: HistogramProps) {
  const { words, format } = useWords();
  const first = rows[0]?.fromSeconds ?? 0;
  const last = rows.at(-1)?.toSeconds ?? 0;
  const most = Math.max(1, ...rows.map(({ customers }) => customers));
  const place = (seconds: number) => `${((100 * (seconds - first)) / Math.max(1e-9, last - first)).toFixed(2)}%`;
  const marks = [
    { name: words.numbers.median, seconds: meta.median },
    { name: words.funnelForm.p90, seconds: meta.p90 },
  ];
  return (
    <div class="histogram" aria-hidden="true">
      <div class="histogram-bars">
        {rows.map(({ fromSeconds, toSeconds, customers }) => (
          <i
            key={fromSeconds}
            style={{ height: `${((100 * customers) / most).toFixed(2)}%` }}
            title={`${words.numbers.to(format.duration(fromSeconds), format.duration(toSeconds))}: ${format.count(customers)}`}
          />
        ))}
        {last > first &&
          marks.map(
            ({ name, seconds }, index) =>
              seconds !== null && (
                <span key={name} class={`histogram-mark mark-${index}`} style={{ left: place(seconds) }}>
                  <small>
                    {name} {format.duration(seconds)}
                  </small>
                </span>
              ),
          )}
      </div>
      <p class="histogram-axis">
        <span>{format.duration(first)}</span>
        <span>{format.duration(last)}</span>
      </p>
    </div>
  );
}

function useColumns(): Column<FunnelTimeToConvertRow>[] {
  const { words, format } = useWords();
  return [
    {
      title: words.funnelForm.longer,
      cell: ({ fromSeconds, toSeconds }) => words.numbers.to(format.duration(fromSeconds), format.duration(toSeconds)),
      isTight: true,
    },
    { title: words.numbers.customers, cell: ({ customers }) => format.count(customers), isNumber: true },
  ];
}
