import type { AlertBacktestMeta, AlertBacktestRow } from '@michinori/client';
import { useEffect, useRef, useState } from 'preact/hooks';
import { csvOfRows } from '../../../data/csv.ts';
import { savePicture, saveText } from '../../../data/download.ts';
import { type Column, Table } from '../../../parts/table.tsx';
import { useAddress } from '../../../state/address.tsx';
import { useWords } from '../../../words/use-words.tsx';
import { customersQuery } from '../alert-state.ts';
import { linesOf } from '../episodes.ts';
import { type Span, SpansTimeline } from '../episodes-timeline.tsx';
import { SeriesName, useSeriesName } from '../series-name.tsx';
import { budgetStrip } from './backtest-state.ts';
import { BacktestVerdict } from './backtest-verdict.tsx';

interface ResultProps {
  rows: readonly AlertBacktestRow[];
  meta: AlertBacktestMeta;
  /** Whether the rule isn't stored yet. */
  isOwnText: boolean;
}

/** What a rule would have told: the verdict in sentences, the alarms as a timeline and as a table. */
export function BacktestResult({ rows, meta, isOwnText }: ResultProps) {
  const { words } = useWords();
  const section = useRef<HTMLElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const columns = useColumns(meta);
  useEffect(() => section.current?.scrollIntoView({ block: 'nearest' }), []);
  const name = `backtest-${meta.alert}`;
  return (
    <section class="panel" ref={section} aria-label={words.backtest.result}>
      <header class="panel-head">
        <h2>{words.backtest.result}</h2>
        <div class="panel-tools">
          {rows.length > 0 && (
            <button
              type="button"
              class="quiet"
              title={words.table.csvWhy}
              onClick={() => saveText(csvOfRows(rows), name)}
            >
              {words.table.csv}
            </button>
          )}
          <button
            type="button"
            class="quiet"
            title={words.table.pngWhy}
            onClick={() => {
              if (body.current !== null) savePicture(body.current, name).catch((error) => setFailure(String(error)));
            }}
          >
            {words.table.png}
          </button>
        </div>
      </header>
      {failure !== null && <p role="alert">{words.table.failed(failure)}</p>}
      <div class="panel-body" ref={body}>
        <BacktestVerdict meta={meta} />
        <BudgetStrip meta={meta} />
        <Alarms rows={rows} meta={meta} />
        {rows.length === 0 ? (
          <p>{words.backtest.noAlarms}</p>
        ) : (
          <Table caption={words.backtest.result} rows={rows} columns={columns} />
        )}
      </div>
      {isOwnText && (
        <p class="faint">
          {words.backtest.apply} <code>npx michinori alerts apply my-rule.yaml</code>
        </p>
      )}
    </section>
  );
}

/** The rate of false alarms with its interval beside the budget; the sentence above says the same. */
function BudgetStrip({ meta }: { meta: AlertBacktestMeta }) {
  const { words } = useWords();
  const { alarmsPerWeek, alarmsPerWeekLo, alarmsPerWeekHi, budgetPerWeek } = meta;
  if (alarmsPerWeek === null || alarmsPerWeekLo === null || alarmsPerWeekHi === null) return null;
  const strip = budgetStrip({
    perWeek: alarmsPerWeek,
    ...{ lo: alarmsPerWeekLo, hi: alarmsPerWeekHi, budget: budgetPerWeek },
  });
  const percent = (place: number) => `${(100 * place).toFixed(2)}%`;
  return (
    <div class="budget" aria-hidden="true">
      <span>{words.backtest.perWeek}</span>
      <span class="strip">
        <i class="strip-usual" style={{ left: '0%', width: percent(strip.budget) }} />
        <i class="strip-mark" style={{ left: percent(strip.budget) }} />
        <span class="budget-name" style={{ left: percent(strip.budget) }}>
          {words.backtest.budget}
        </span>
        <i class="whisker" style={{ left: percent(strip.lo), width: percent(strip.hi - strip.lo) }} />
        <i class="strip-dot" style={{ left: percent(strip.rate) }} />
      </span>
    </div>
  );
}

function Alarms({ rows, meta }: { rows: readonly AlertBacktestRow[]; meta: AlertBacktestMeta }) {
  const { words, format } = useWords();
  const nameOf = useSeriesName(meta.journey);
  const [fromMs, toMs] = [Date.parse(meta.from), Date.parse(meta.to)];
  if (rows.length === 0 && meta.incidents.length === 0) return null;
  const incidents = meta.incidents.map((incident, at): Span => {
    const name = words.backtest.incidentName(format.count(at + 1));
    const times = words.numbers.to(format.time(incident.from), format.time(incident.to));
    const [begin, end] = [Date.parse(incident.from), Date.parse(incident.to)];
    return { key: `${at}`, fromMs: begin, firedMs: begin, toMs: end, tone: 'incident', label: `${name}: ${times}` };
  });
  const lines = linesOf(rows).map(({ key, spans }) => ({
    key,
    name: spans[0] === undefined ? '' : nameOf(spans[0]),
    spans: spans.map((row): Span => {
      const { startedAt, firedAt, resolvedAt, verdict } = row;
      const times = { fromMs: Date.parse(startedAt), firedMs: Date.parse(firedAt) };
      return {
        ...{ key: firedAt, ...times, toMs: resolvedAt === null ? toMs : Date.parse(resolvedAt) },
        tone: verdict === 'false' ? 'false' : 'fired',
        label: `${format.time(firedAt)} ${verdict === null ? '' : words.backtest.verdicts[verdict]}`,
      };
    }),
  }));
  const first = incidents.length === 0 ? [] : [{ key: '', name: words.backtest.incidents, spans: incidents }];
  return <SpansTimeline fromMs={fromMs} toMs={toMs} lines={[...first, ...lines]} />;
}

function useColumns(meta: AlertBacktestMeta): Column<AlertBacktestRow>[] {
  const { words, format } = useWords();
  const { to } = useAddress();
  const isVolume = meta.kind === 'volume';
  const number = (title: string, cell: (row: AlertBacktestRow) => string) => ({ title, cell, isNumber: true });
  const told: Column<AlertBacktestRow>[] = [
    {
      title: words.backtest.isTrue,
      cell: ({ verdict, incident }) => (
        <>
          {verdict !== null && words.backtest.verdicts[verdict]}
          {incident !== null && ` · ${words.backtest.incidentName(format.count(incident))}`}
        </>
      ),
      isTight: true,
    },
    number(words.backtest.delay, ({ delaySeconds }) => format.duration(delaySeconds)),
  ];
  return [
    { title: words.alerts.fired, cell: ({ firedAt }) => format.time(firedAt), isTight: true },
    { title: words.alerts.series, cell: (row) => <SeriesName journey={row.journey} series={row} />, isTight: true },
    ...(meta.incidents.length === 0 ? [] : told),
    number(words.alerts.kOfN('k', 'n'), ({ k, n }) => {
      if (n === null) return '';
      return isVolume ? format.count(n) : words.alerts.kOfN(format.count(k ?? 0), format.count(n));
    }),
    number(words.numbers.rate, ({ rate }) => (isVolume ? '' : format.share(rate))),
    number(words.numbers.interval, ({ lo, hi }) => (isVolume ? '' : format.shares(lo, hi))),
    number(words.alerts.usual, ({ usual }) => {
      return isVolume && usual !== null ? format.count(Math.round(usual)) : format.share(usual);
    }),
    number(words.alerts.times, ({ lift }) => format.decimal(lift)),
    number('q', ({ q }) => format.decimal(q, { digits: 4 })),
    {
      title: words.alerts.ended,
      cell: ({ resolvedAt }) => (resolvedAt === null ? words.alerts.ends.open : format.time(resolvedAt)),
      isTight: true,
    },
    {
      title: words.numbers.customers,
      cell: (row) => (
        <a
          href={to({ page: 'journey-customers', journey: row.journey }, Object.fromEntries(customersQuery(row)))}
          data-board
        >
          {words.alerts.behind}
        </a>
      ),
      isTight: true,
    },
  ];
}
