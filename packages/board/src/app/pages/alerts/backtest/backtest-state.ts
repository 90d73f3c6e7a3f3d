import type { AlertBacktestBody } from '@michinori/client';
import { isDate } from '../../../state/range.ts';
import { addDays, startOfDate } from '../../../state/zone.ts';

export const knownBys = ['auto', 'received', 'occurred'] as const;

/** A time in which something is known to have gone wrong: whole days, both included. */
export interface IncidentDraft {
  first: string;
  last: string;
  /** Id of a stage; empty: every stage. */
  stage: string;
}

/** The back-test that an address describes. */
export interface BacktestState {
  /** Id of a stored rule; null: the one that the page shows, or the first. */
  test: string | null;
  /** A text of one's own in its place. */
  text: string | null;
  /** Days, both included; null: as long as there are events. */
  first: string | null;
  last: string | null;
  knownBy: (typeof knownBys)[number];
  incidents: readonly IncidentDraft[];
}

type Changes = Record<string, string | readonly string[] | null>;

/** Reads `test=ID&rule=TEXT&first=2026-01-01&last=…&knownBy=received&incident=2026-09-07..2026-09-11@interest`. */
export function readBacktest(query: URLSearchParams): BacktestState {
  const day = (name: string) => (isDate(query.get(name) ?? '') ? query.get(name) : null);
  return {
    test: query.get('test') || null,
    text: query.get('rule') || null,
    first: day('first'),
    last: day('last'),
    knownBy: knownBys.find((known) => known === query.get('knownBy')) ?? 'auto',
    incidents: query.getAll('incident').map((text) => {
      const [days = '', ...stage] = text.split('@');
      const [first = '', last = ''] = days.split('..');
      return { first, last, stage: stage.join('@') };
    }),
  };
}

/** The parameters of an address for a back-test; the inverse of `readBacktest`. */
export function writeBacktest({ test, text, first, last, knownBy, incidents }: BacktestState): Changes {
  return {
    ...{ test, rule: text, first, last },
    knownBy: knownBy === 'auto' ? null : knownBy,
    incident: incidents.map((one) => `${one.first}..${one.last}${one.stage === '' ? '' : `@${one.stage}`}`),
  };
}

/** The question; days are those of the time zone. Incidents without two dates in order are left out. */
export function backtestBody(
  state: BacktestState,
  { alert, timezone, language }: { alert: string | null; timezone: string; language: 'en' | 'ja' },
): AlertBacktestBody {
  const iso = (date: string) => new Date(startOfDate(timezone, date)).toISOString();
  const whole = state.incidents.filter(({ first, last }) => isDate(first) && isDate(last) && first <= last);
  return {
    ...(state.text === null ? { alert: alert ?? '' } : { rule: state.text }),
    ...(state.first === null ? {} : { from: iso(state.first) }),
    ...(state.last === null ? {} : { to: iso(addDays(state.last, 1)) }),
    knownBy: state.knownBy,
    ...(whole.length === 0
      ? {}
      : {
          incidents: whole.map(({ first, last, stage }) => ({
            ...{ from: iso(first), to: iso(addDays(last, 1)) },
            ...(stage === '' ? {} : { stage }),
          })),
        }),
    locale: language,
  };
}

/** A fault of the text of a rule. */
export interface Fault {
  /** From 1; null where the fault is of no place. */
  line: number | null;
  column: number | null;
  message: string;
}

/** Takes the place out of a message such as `line 4, column 1: horizn: there is no key …`. */
export function faultOf(message: string): Fault {
  const [, line, column, rest] = /^line (\d+), column (\d+): (.*)$/s.exec(message) ?? [];
  if (line === undefined || column === undefined || rest === undefined) return { line: null, column: null, message };
  return { line: Number(line), column: Number(column), message: rest };
}

/** Where a line of a text begins and ends, in characters. */
export function lineSpan(text: string, line: number): { from: number; to: number } {
  const before = text.split('\n').slice(0, line - 1);
  const from = before.reduce((sum, one) => sum + one.length + 1, 0);
  const end = text.indexOf('\n', from);
  return { from: Math.min(from, text.length), to: end === -1 ? text.length : end };
}

/** Places on the scale of false alarms a week: the rate, its interval, the budget. */
export function budgetStrip(rate: { perWeek: number; lo: number; hi: number; budget: number }) {
  const max = Math.max(rate.hi, rate.budget, 0.01) * 1.15;
  return { rate: rate.perWeek / max, lo: rate.lo / max, hi: rate.hi / max, budget: rate.budget / max };
}
