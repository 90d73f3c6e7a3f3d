import type { AlertListRow } from '@michinori/client';
import { useEffect, useRef } from 'preact/hooks';
import { useAddress } from '../../state/address.tsx';
import { useWords } from '../../words/use-words.tsx';
import { customersQuery, seriesIdOf, standingOf, stripOf } from './alert-state.ts';
import { SeriesName, StateMark } from './series-name.tsx';

interface CardProps {
  row: AlertListRow;
  /** Title of its rule. */
  title: string;
  /** Named by the address. */
  isChosen: boolean;
}

/** One series as of the last evaluation: how it stands, k of n against what is usual, since when, and who is behind it. */
export function SeriesCard({ row, title, isChosen }: CardProps) {
  const { query, to, setQuery } = useAddress();
  const { words, format } = useWords();
  const card = useRef<HTMLLIElement>(null);
  const { state, unjudged } = standingOf(row);
  useEffect(() => {
    if (isChosen && !query.has('kiosk')) card.current?.scrollIntoView({ block: 'nearest' });
  }, [isChosen, query]);
  const isOfNobody = row.n === 0 || (row.n === null && row.windowFrom === null);
  return (
    <li ref={card} class={`alert-card is-${state} ${isChosen ? 'is-chosen' : ''}`}>
      <p class="alert-head">
        <StateMark state={state} />
        {unjudged !== null && <StateMark state={unjudged} />}
      </p>
      <h3>
        <SeriesName journey={row.journey} series={row} />
      </h3>
      <p class="faint">{title}</p>
      <Figures row={row} />
      {row.startedAt !== null && (
        <p>
          {row.firedAt === null
            ? words.alerts.unusualSince(format.time(row.startedAt))
            : words.alerts.firingSince(format.time(row.firedAt))}
        </p>
      )}
      <p class="alert-links">
        {!isOfNobody && (
          <a
            href={to({ page: 'journey-customers', journey: row.journey }, Object.fromEntries(customersQuery(row)))}
            data-board
          >
            {words.alerts.behind}
          </a>
        )}
        <button
          type="button"
          class="quiet"
          aria-pressed={isChosen}
          onClick={() => setQuery(isChosen ? { series: null } : { alert: row.alert, series: seriesIdOf(row) })}
        >
          {words.alerts.details}
          <span class="hidden">
            : {title}, <SeriesName journey={row.journey} series={row} />
          </span>
        </button>
      </p>
    </li>
  );
}

function Figures({ row }: { row: AlertListRow }) {
  const { words, format } = useWords();
  const { kind, k, n, rate, lo, hi, usual, usualLo, usualHi, lift, windowFrom, windowTo } = row;
  const entered =
    windowFrom !== null && windowTo !== null ? words.alerts.entered(format.date(windowFrom), lastDay(windowTo)) : '';
  if (kind === 'volume' && n !== null) {
    return (
      <p class="alert-figures">
        <b>{words.alerts.entries(format.count(n))}</b>{' '}
        {usual !== null && words.alerts.usualCount(format.count(Math.round(usual)))} <small>{entered}</small>
      </p>
    );
  }
  if (k === null || n === null) return <p class="faint">{words.alerts.statesWhat[standingOf(row).state]}</p>;
  return (
    <>
      <p class="alert-figures">
        <b>{format.share(rate)}</b> <span class="faint">{format.shares(lo, hi)}</span>{' '}
        <span>{words.alerts.kOfN(format.count(k), format.count(n))}</span> <small>{entered}</small>
      </p>
      <Strip row={row} />
      {usual !== null && (
        <p>
          {words.alerts.usually(format.share(usual), format.shares(usualLo, usualHi))}
          {lift !== null && `${words.alerts.lift(format.decimal(lift, { digits: 2 }))}`}
        </p>
      )}
    </>
  );

  /** The end of a window is the first instant after it. */
  function lastDay(end: string): string {
    return format.date(new Date(Date.parse(end) - 1).toISOString());
  }
}

/** The share with its interval on a scale on which the usual range is a band; words beside it say the same. */
function Strip({ row }: { row: AlertListRow }) {
  const strip = stripOf(row);
  if (strip === null) return null;
  const percent = (place: number) => `${(100 * place).toFixed(2)}%`;
  return (
    <span class="strip" aria-hidden="true">
      <i class="strip-usual" style={{ left: percent(strip.usualLo), width: percent(strip.usualHi - strip.usualLo) }} />
      <i class="strip-mark" style={{ left: percent(strip.usual) }} />
      <i class="whisker" style={{ left: percent(strip.lo), width: percent(strip.hi - strip.lo) }} />
      <i class="strip-dot" style={{ left: percent(strip.rate) }} />
    </span>
  );
}
