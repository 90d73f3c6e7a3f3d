import { type AlertHistoryRow, alerts } from '@michinori/client';
import { useNow } from '../../data/use-now.ts';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { useAddress } from '../../state/address.tsx';
import { instantsOf } from '../../state/range.ts';
import { useWords } from '../../words/use-words.tsx';
import { episodesOf, isVolume, isWithin, linesOf, type PastEpisode } from './episodes.ts';
import { type Span, SpansTimeline } from './episodes-timeline.tsx';
import { kindName } from './rule-panel.tsx';
import { SeriesName } from './series-name.tsx';

interface HistoryProps {
  /** Only this rule; null: all. */
  alert: string | null;
  titleOf: (alert: string) => string;
}

/** Episodes of the range as a timeline, and as a table with what was judged. */
export function HistoryPanel({ alert, titleOf }: HistoryProps) {
  const { view } = useAddress();
  const { words, format } = useWords();
  const nowMs = useNow();
  const { from, to } = instantsOf(view.range, view.timezone, nowMs);
  const fromMs = Date.parse(from);
  const toMs = Math.min(Date.parse(to), Math.max(nowMs, fromMs + 1));
  const columns = useColumns(titleOf);
  // Not from the begin of the range: an episode that began before it may reach into it.
  const question = alerts.history({ to, limit: 5000, ...(alert === null ? {} : { alert }) });
  const shown = (rows: readonly AlertHistoryRow[]) => episodesOf(rows).filter((one) => isWithin(one, fromMs, toMs));
  const none = <Notice title={words.alerts.historyNone} />;
  return (
    <Panel
      title={words.alerts.history}
      question={question}
      empty={none}
      fileName="alert-history"
      sentence={(rows) => {
        const episodes = shown(rows);
        const fired = episodes.filter(({ firedAt }) => firedAt !== null).length;
        return episodes.length > 0 && words.alerts.historySentence(format.count(fired), format.count(episodes.length));
      }}
      picture={(rows) => {
        const episodes = shown(rows);
        if (episodes.length === 0) return none;
        return (
          <>
            <Legend />
            <SpansTimeline
              fromMs={fromMs}
              toMs={toMs}
              lines={linesOf(episodes).flatMap(({ key, spans }) => {
                const [first] = spans;
                if (first === undefined) return [];
                const name = (
                  <>
                    <SeriesName journey={first.journey} series={first} /> <small>{titleOf(first.alert)}</small>
                  </>
                );
                return [{ key, name, spans: spans.map(spanOf) }];
              })}
            />
            <Table caption={words.alerts.history} rows={episodes} columns={columns} />
          </>
        );
      }}
    />
  );

  function spanOf({ id, startedAt, firedAt, endedAt }: PastEpisode): Span {
    return {
      key: id,
      fromMs: Date.parse(startedAt),
      firedMs: firedAt === null ? null : Date.parse(firedAt),
      toMs: endedAt === null ? toMs : Date.parse(endedAt),
      tone: 'fired',
      label: `${format.time(startedAt)} – ${endedAt === null ? words.alerts.ends.open : format.time(endedAt)}`,
    };
  }
}

function Legend() {
  const { words } = useWords();
  return (
    <ul class="legend" aria-hidden="true">
      <li>
        <i class="key span-pending" />
        {words.alerts.spanPending}
      </li>
      <li>
        <i class="key span-fired" />
        {words.alerts.spanFired}
      </li>
    </ul>
  );
}

function useColumns(titleOf: (alert: string) => string): Column<PastEpisode>[] {
  const { words, format } = useWords();
  return [
    { title: words.alerts.started, cell: ({ startedAt }) => format.time(startedAt), isTight: true },
    { title: words.alerts.rule, cell: ({ alert }) => titleOf(alert), isTight: true },
    {
      title: words.alerts.series,
      cell: (episode) => <SeriesName journey={episode.journey} series={episode} />,
      isTight: true,
    },
    { title: words.alerts.fired, cell: ({ firedAt }) => format.time(firedAt), isTight: true },
    {
      title: words.alerts.ended,
      cell: ({ endedAt, end, reason }) => (
        <>
          {words.alerts.ends[end ?? 'open']}
          {endedAt !== null && ` · ${format.time(endedAt)}`}
          {reason !== null && ` · ${kindName(reason, words.alerts.reasons)}`}
        </>
      ),
      isTight: true,
    },
    {
      title: words.alerts.kOfN('k', 'n'),
      cell: ({ latest }) => countsOf(latest),
      isNumber: true,
    },
    {
      title: words.numbers.rate,
      cell: ({ latest }) => (isVolume(latest) ? '' : format.share(latest.rate)),
      isNumber: true,
    },
    {
      title: words.numbers.interval,
      cell: ({ latest }) => (isVolume(latest) ? '' : format.shares(latest.lo, latest.hi)),
      isNumber: true,
    },
    { title: words.alerts.usual, cell: ({ latest }) => usualOf(latest), isNumber: true },
  ];

  function countsOf(row: AlertHistoryRow): string {
    if (row.n === null) return '';
    return isVolume(row)
      ? words.alerts.entries(format.count(row.n))
      : words.alerts.kOfN(format.count(row.k ?? 0), format.count(row.n));
  }

  function usualOf(row: AlertHistoryRow): string {
    if (row.usual === null) return words.numbers.unknown;
    return isVolume(row) ? format.count(Math.round(row.usual)) : format.share(row.usual);
  }
}
