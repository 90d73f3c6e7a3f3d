import type { AlertListRow } from '@michinori/client';

/** States of a series, what needs somebody first, and last what says nothing. */
export const alertStates = ['firing', 'pending', 'query-failed', 'late-data', 'ok', 'no-data', 'insufficient'] as const;
export type AlertState = (typeof alertStates)[number];

/** Which series are shown: those of one state, or all that weren't judged. */
export const stateFilters = ['firing', 'pending', 'ok', 'unjudged'] as const;
export type StateFilter = (typeof stateFilters)[number];

/** What stands for a state beside its name, so that no meaning rests on colour. */
export const stateMarks: Record<AlertState, string> = {
  firing: '▲',
  pending: '◆',
  ok: '●',
  insufficient: '◌',
  'no-data': '○',
  'late-data': '◔',
  'query-failed': '×',
};

/** A series of a rule: a stage for everybody or one value of a segment, for `touchpoint-drop-off` also one touchpoint. */
export interface Series {
  stage: string;
  segment: string;
  touchpoint: string | null;
}

/** How a series is named in addresses: what messages of alerts write as `series=` (`seriesId` of `@michinori/alerts`). */
export function seriesIdOf({ stage, segment, touchpoint }: Series): string {
  return JSON.stringify(touchpoint === null ? [stage, segment] : [stage, segment, touchpoint]);
}

/** Reads `series=["onboarding","plan:pro"]`; null for anything else. */
export function readSeries(text: string | null): Series | null {
  try {
    const parts: unknown = JSON.parse(text ?? '');
    if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string')) return null;
    const [stage = '', segment, touchpoint = null] = parts as string[];
    return segment === undefined || parts.length > 3 ? null : { stage, segment, touchpoint };
  } catch {
    return null;
  }
}

/** What is said of a series first: an alarm that fired goes on while it can't be judged; the second is why it can't. */
export function standingOf({ state, firing }: Pick<AlertListRow, 'state' | 'firing'>): {
  state: AlertState;
  unjudged: AlertState | null;
} {
  const known = alertStates.find((one) => one === state) ?? 'query-failed';
  if (!firing || known === 'firing') return { state: known, unjudged: null };
  return { state: 'firing', unjudged: isUnjudged(known) ? known : null };
}

const isUnjudged = (state: AlertState) => !['firing', 'pending', 'ok'].includes(state);

export function isShown(row: Pick<AlertListRow, 'state' | 'firing'>, filter: StateFilter | null): boolean {
  const { state, unjudged } = standingOf(row);
  if (filter === null) return true;
  return filter === 'unjudged' ? isUnjudged(state) || unjudged !== null : state === filter;
}

/** The rows, what needs somebody first; within a state as the answer has them. */
export function byUrgency(rows: readonly AlertListRow[]): AlertListRow[] {
  const rank = (row: AlertListRow) => alertStates.indexOf(standingOf(row).state);
  return rows.toSorted((a, b) => rank(a) - rank(b));
}

/** How many series stand how: firing, pending, ok, not judged. */
export function tally(rows: readonly AlertListRow[]): Record<StateFilter, number> {
  const count = (filter: StateFilter) => rows.filter((row) => isShown(row, filter)).length;
  return { firing: count('firing'), pending: count('pending'), ok: count('ok'), unjudged: count('unjudged') };
}

/** Of a drop-off those who were lost, of what stalls those who still stand there, of a volume everybody. */
const outcomes: Readonly<Record<string, string>> = {
  'stage-drop-off': 'dropped',
  'touchpoint-drop-off': 'dropped',
  'stalled-share': 'open',
};

interface Judged extends Series {
  kind: string;
  windowFrom: string | null;
  windowTo: string | null;
}

/** The parameters of `/journeys/JOURNEY/customers` for those behind a series, as the links of messages have them. */
export function customersQuery({ kind, stage, segment, touchpoint, windowFrom, windowTo }: Judged): URLSearchParams {
  const outcome = outcomes[kind];
  return new URLSearchParams({
    stage,
    ...(outcome === undefined ? {} : { outcome }),
    ...(segment === '' ? {} : { segment }),
    ...(touchpoint === null ? {} : { touchpoint }),
    ...(windowFrom === null || windowTo === null ? {} : { from: windowFrom, to: windowTo }),
  });
}

/** Places on the scale of a strip, 0…1: the usual range, the interval and the share. Null where something is missing. */
export function stripOf({ rate, lo, hi, usual, usualLo, usualHi }: Figures): Strip | null {
  if (rate === null || lo === null || hi === null || usual === null) return null;
  const max = Math.min(1, Math.max(hi, usualHi ?? usual, 0.01) * 1.15);
  const place = (value: number) => Math.min(1, value / max);
  return {
    max,
    usual: place(usual),
    usualLo: place(usualLo ?? usual),
    usualHi: place(usualHi ?? usual),
    lo: place(lo),
    hi: place(hi),
    rate: place(rate),
  };
}

interface Figures {
  rate: number | null;
  lo: number | null;
  hi: number | null;
  usual: number | null;
  usualLo: number | null;
  usualHi: number | null;
}

export interface Strip {
  /** Share at the right end. */
  max: number;
  usual: number;
  usualLo: number;
  usualHi: number;
  lo: number;
  hi: number;
  rate: number;
}
