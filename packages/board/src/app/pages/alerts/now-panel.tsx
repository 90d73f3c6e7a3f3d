import { type AlertListRow, alerts } from '@michinori/client';
import type { ComponentChildren } from 'preact';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Column } from '../../parts/table.tsx';
import { useAddress } from '../../state/address.tsx';
import { useWords } from '../../words/use-words.tsx';
import { byUrgency, isShown, readSeries, type StateFilter, seriesIdOf, standingOf, tally } from './alert-state.ts';
import { SeriesCard } from './series-card.tsx';
import { SeriesName, StateMark } from './series-name.tsx';

interface NowProps {
  /** Only this rule; null: all. */
  alert: string | null;
  filter: StateFilter | null;
  titleOf: (alert: string) => string;
  /** Below the cards: rules that have no rows yet. */
  notYet: ComponentChildren;
}

/** Every series as of the last evaluation of its rule, what needs somebody first. */
export function NowPanel({ alert, filter, titleOf, notYet }: NowProps) {
  const { query } = useAddress();
  const { words, format } = useWords();
  const columns = useColumns(titleOf);
  const chosen = readSeries(query.get('series'));
  return (
    <Panel
      title={words.alerts.now}
      question={alerts.list(alert === null ? {} : { alert })}
      empty={<Notice title={words.alerts.noneShown}>{notYet}</Notice>}
      sentence={(rows) => {
        const { firing, pending, ok, unjudged } = tally(rows);
        return words.alerts.sentence(
          format.count(firing),
          format.count(pending),
          format.count(ok),
          format.count(unjudged),
        );
      }}
      picture={(rows) => {
        const shown = byUrgency(rows.filter((row) => isShown(row, filter)));
        return (
          <>
            {shown.length === 0 && <p>{words.alerts.noneShown}</p>}
            <ul class="alert-cards">
              {shown.map((row) => (
                <SeriesCard
                  key={`${row.alert} ${seriesIdOf(row)}`}
                  row={row}
                  title={titleOf(row.alert)}
                  isChosen={row.alert === alert && chosen !== null && seriesIdOf(chosen) === seriesIdOf(row)}
                />
              ))}
            </ul>
            {notYet}
          </>
        );
      }}
      columns={columns}
      fileName="alerts"
    />
  );
}

function useColumns(titleOf: (alert: string) => string): Column<AlertListRow>[] {
  const { words, format } = useWords();
  const number = (title: string, cell: (row: AlertListRow) => string) => ({ title, cell, isNumber: true });
  const share = (row: AlertListRow, value: number | null) =>
    row.kind === 'volume' && value !== null ? format.count(Math.round(value)) : format.share(value);
  return [
    { title: words.alerts.series, cell: (row) => <SeriesName journey={row.journey} series={row} /> },
    { title: words.alerts.rule, cell: ({ alert }) => titleOf(alert) },
    { title: words.alerts.state, cell: (row) => <StateMark state={standingOf(row).state} /> },
    number('k', ({ k, kind }) => (k === null || kind === 'volume' ? '' : format.count(k))),
    number('n', ({ n }) => (n === null ? '' : format.count(n))),
    number(words.numbers.rate, (row) => (row.kind === 'volume' ? '' : share(row, row.rate))),
    number(words.numbers.interval, ({ kind, lo, hi }) => (kind === 'volume' ? '' : format.shares(lo, hi))),
    number(words.alerts.usual, (row) => share(row, row.usual)),
    number(words.alerts.usualRange, ({ usualLo, usualHi }) => format.shares(usualLo, usualHi)),
    number(words.alerts.times, ({ lift }) => format.decimal(lift)),
    { title: words.alerts.fired, cell: ({ firedAt }) => format.time(firedAt), isTight: true },
    { title: words.alerts.evaluated, cell: ({ evaluatedAt }) => format.time(evaluatedAt), isTight: true },
    {
      title: words.alerts.window,
      cell: ({ windowFrom, windowTo }) =>
        windowFrom === null ? '' : words.numbers.to(format.time(windowFrom), format.time(windowTo)),
      isTight: true,
    },
  ];
}
