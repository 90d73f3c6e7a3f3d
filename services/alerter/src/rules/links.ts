import { type AlertKind, seriesId, type Transition } from '@michinori/alerts';

/** Where an alarm leads. */
export interface AlertLinks {
  /** The series among the alerts of the board; null without a board. */
  readonly board: string | null;
  /** On the board, the customers behind the number; null without a board. */
  readonly customers: string | null;
  /** The same as a question to the query API. */
  readonly customersPath: string;
}

/** Which customers a kind is about: of a drop-off those who were lost, of what stalls those who still stand there, of a volume everybody. */
const outcomes: Readonly<Record<AlertKind, string | null>> = {
  'stage-drop-off': 'dropped',
  'touchpoint-drop-off': 'dropped',
  'stalled-share': 'open',
  volume: null,
};

/**
 * The links of a transition: its series among the alerts, and the customers who entered the stage in the window that was judged. Board and query API take
 * the same parameters. Pure.
 */
export function linksOf(
  boardUrl: string | null,
  { id, journey, kind }: { readonly id: string; readonly journey: string; readonly kind: AlertKind },
  { key, verdict }: Pick<Transition, 'key' | 'verdict'>,
): AlertLinks {
  const window = verdict?.figures?.window;
  const iso = (us: number) => new Date(us / 1000).toISOString();
  const outcome = outcomes[kind];
  const asked = new URLSearchParams({
    stage: key.stage,
    ...(outcome === null ? {} : { outcome }),
    ...(key.segment === '' ? {} : { segment: key.segment }),
    ...(key.touchpoint === null ? {} : { touchpoint: key.touchpoint }),
    ...(window === undefined ? {} : { from: iso(window.fromUs), to: iso(window.toUs) }),
  });
  const path = `/journeys/${encodeURIComponent(journey)}/customers?${asked}`;
  const base = boardUrl?.replace(/\/+$/, '');
  return {
    board: base === undefined ? null : `${base}/alerts?${new URLSearchParams({ alert: id, series: seriesId(key) })}`,
    customers: base === undefined ? null : `${base}${path}`,
    customersPath: `/v1${path}`,
  };
}
