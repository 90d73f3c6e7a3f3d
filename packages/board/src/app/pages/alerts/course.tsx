import { type AlertGetRuleRow, type AlertListRow, alerts, type JourneyStagesRow, journeys } from '@michinori/client';
import { useCallback } from 'preact/hooks';
import { Chart } from '../../charts/chart.tsx';
import type { Palette } from '../../charts/palette.ts';
import { type TrendPoint, trendOption } from '../../charts/trend-option.ts';
import { useAnswer } from '../../data/use-answer.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Column } from '../../parts/table.tsx';
import { useAddress } from '../../state/address.tsx';
import { segmentQuery } from '../../state/segments.ts';
import { useShared } from '../../state/use-question.ts';
import { useWords } from '../../words/use-words.tsx';
import type { Series } from './alert-state.ts';
import { useSeriesName } from './series-name.tsx';

/** Below this share of known outcomes an answer calls itself immature. */
const matureMin = 0.8;

interface CourseProps {
  alert: string;
  series: Series;
  /** As of the last evaluation; null where it was never judged. */
  row: AlertListRow | null;
}

/** The share that a rule watches over time, of one series, against what is usual. Asked as the rule asks: visits, by its horizon. */
export function Course({ alert, series, row }: CourseProps) {
  const { view } = useAddress();
  const { words } = useWords();
  const name = useSeriesName(row?.journey ?? null)(series);
  const rule = useAnswer(alerts.getRule(alert, { language: view.language })).answer?.rows[0];
  if (rule === undefined || rule.journey === null) return null;
  if (rule.kind === 'stage-drop-off' || rule.kind === 'volume')
    return <StageCourse rule={rule} journey={rule.journey} series={series} row={row} name={name} />;
  return (
    <section class="panel" aria-label={words.alerts.course}>
      <h2>
        {words.alerts.course}: {name}
      </h2>
      <Notice title={words.alerts.courseNone} />
    </section>
  );
}

interface StageCourseProps {
  rule: AlertGetRuleRow;
  journey: string;
  series: Series;
  row: AlertListRow | null;
  name: string;
}

function StageCourse({ rule, journey, series, row, name }: StageCourseProps) {
  const { view } = useAddress();
  const { words, format } = useWords();
  const { from, to, timezone } = useShared();
  const isVolume = rule.kind === 'volume';
  const interval = (rule.windowDays ?? 7) >= 7 ? 'week' : 'day';
  const question = journeys.stages(journey, {
    ...{ from, to, timezone, interval, count: 'visits', language: view.language },
    ...(rule.horizonSeconds === null ? {} : { horizon: `${rule.horizonSeconds / 3600}h` }),
    ...segmentQuery(series.segment === '' ? [] : [series.segment]),
  });
  const columns = useColumns(isVolume);
  const horizon = rule.horizonSeconds === null ? words.alerts.courseOwn : format.duration(rule.horizonSeconds);
  const title = isVolume ? words.alerts.entriesOverTime : words.alerts.course;
  const own = (rows: readonly JourneyStagesRow[]) => rows.filter(({ stage }) => stage === series.stage);
  return (
    <Panel
      title={`${title}: ${name}`}
      question={question}
      fileName={`alert-${rule.alert}`}
      sentence={() => (
        <span class="explanation">{isVolume ? words.alerts.courseVolume : words.alerts.courseWhat(horizon)}</span>
      )}
      picture={(rows) => <CourseChart rows={own(rows)} row={row} isVolume={isVolume} label={`${title}: ${name}`} />}
      columns={columns}
    />
  );
}

interface ChartProps {
  rows: readonly JourneyStagesRow[];
  row: AlertListRow | null;
  isVolume: boolean;
  label: string;
}

function CourseChart({ rows, row, isVolume, label }: ChartProps) {
  const { words, format } = useWords();
  const option = useCallback(
    (palette: Palette) => {
      const points = rows.map((one): TrendPoint => {
        const period = format.date(one.bucket);
        const isWeak = one.state !== 'ok' && !isVolume;
        if (isVolume) return { period, y: one.entered, lo: null, hi: null, n: one.entered, isWeak };
        // Who is still on the way would count as dropped off.
        if ((one.matureShare ?? 0) < matureMin) return { period, y: null, lo: null, hi: null, n: one.n, isWeak };
        return { period, y: one.dropOffRate, lo: one.dropOffLo, hi: one.dropOffHi, n: one.n, isWeak };
      });
      const usual = row?.usual ?? null;
      const band = usual === null ? null : { value: usual, lo: row?.usualLo ?? usual, hi: row?.usualHi ?? usual };
      const texts = {
        value: (y: number | null) => (isVolume && y !== null ? format.count(y) : format.share(y)),
        interval: (lo: number | null, hi: number | null) => format.shares(lo, hi),
        n: (n: number) => words.numbers.n(format.count(n)),
        weak: words.alerts.weak,
      };
      return trendOption([{ name: '', points }], band, texts, palette);
    },
    [rows, row, isVolume, words, format],
  );
  return <Chart label={label} height={17} option={option} />;
}

function useColumns(isVolume: boolean): Column<JourneyStagesRow>[] {
  const { words, format } = useWords();
  const shares: Column<JourneyStagesRow>[] = [
    { title: words.numbers.rate, cell: ({ dropOffRate }) => format.share(dropOffRate), isNumber: true },
    {
      title: words.numbers.interval,
      cell: ({ dropOffLo, dropOffHi }) => format.shares(dropOffLo, dropOffHi),
      isNumber: true,
    },
    { title: words.data.state, cell: ({ state }) => words.states[state] },
  ];
  return [
    { title: words.alerts.period, cell: ({ bucket }) => format.date(bucket), isTight: true },
    { title: words.map.stage, cell: ({ title }) => title },
    { title: 'n', cell: ({ n }) => format.count(n), isNumber: true },
    ...(isVolume ? [] : shares),
  ];
}
