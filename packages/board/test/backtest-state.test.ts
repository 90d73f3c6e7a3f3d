import { describe, expect, it } from 'vitest';
import { csvOfRows } from '../src/app/data/csv.ts';
import {
  type BacktestState,
  backtestBody,
  budgetStrip,
  faultOf,
  lineSpan,
  readBacktest,
  writeBacktest,
} from '../src/app/pages/alerts/backtest/backtest-state.ts';

const empty: BacktestState = { test: null, text: null, first: null, last: null, knownBy: 'auto', incidents: [] };
const full: BacktestState = {
  ...{ test: 'losses', text: 'alert: a\njourney: "b"\n', first: '2026-01-01', last: '2026-03-31', knownBy: 'received' },
  incidents: [
    { first: '2026-02-01', last: '2026-02-03', stage: 'trial@home' },
    { first: '', last: '', stage: '' },
  ],
};

function queryOf(state: BacktestState): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(writeBacktest(state))) {
    for (const one of [value].flat()) if (one !== null) query.append(name, String(one));
  }
  return query;
}

describe('a back-test in an address', () => {
  it('is read back as it was written', () => {
    for (const state of [empty, full]) expect(readBacktest(queryOf(state))).toEqual(state);
    expect(queryOf(empty).toString()).toBe('');
    expect(readBacktest(new URLSearchParams('first=2026-02-30&knownBy=x&rule='))).toEqual(empty);
  });

  it('asks about whole days of the time zone, the last one included, and only for incidents that have an end', () => {
    const world = { alert: 'losses', timezone: 'Asia/Tokyo', language: 'ja' as const };
    expect(backtestBody(empty, world)).toEqual({ alert: 'losses', knownBy: 'auto', locale: 'ja' });
    expect(backtestBody(full, world)).toEqual({
      ...{ rule: full.text, knownBy: 'received', locale: 'ja' },
      ...{ from: '2025-12-31T15:00:00.000Z', to: '2026-03-31T15:00:00.000Z' },
      incidents: [{ from: '2026-01-31T15:00:00.000Z', to: '2026-02-03T15:00:00.000Z', stage: 'trial@home' }],
    });
    const backwards = { ...empty, incidents: [{ first: '2026-02-03', last: '2026-02-01', stage: '' }] };
    expect(backtestBody(backwards, world)).not.toHaveProperty('incidents');
  });
});

describe('faults of a rule', () => {
  it('have their place in its text', () => {
    expect(faultOf('line 4, column 2: horizn: there is\nno key')).toEqual({
      ...{ line: 4, column: 2, message: 'horizn: there is\nno key' },
    });
    expect(faultOf('The text holds 2 rules')).toEqual({ line: null, column: null, message: 'The text holds 2 rules' });
    const text = 'alert: a\nhorizn: 3d\nb';
    const part = (line: number) => text.slice(lineSpan(text, line).from, lineSpan(text, line).to);
    expect([part(1), part(2), part(3), part(9)]).toEqual(['alert: a', 'horizn: 3d', 'b', '']);
  });
});

it('the budget stands on the scale of the rate', () => {
  const strip = budgetStrip({ perWeek: 1, lo: 0.5, hi: 2, budget: 0.5 });
  expect(strip.budget).toBeCloseTo(strip.lo, 9);
  expect(strip.hi).toBeCloseTo(1 / 1.15, 9);
  expect(budgetStrip({ perWeek: 0, lo: 0, hi: 0.1, budget: 1 }).budget).toBeCloseTo(1 / 1.15, 9);
});

it('CSV is that of the API: quoted where it must be, no formulas, numbers as they are', () => {
  const rows = [
    { a: 'x,"y"', b: -1.5, c: null, d: '=1+1' },
    { a: '-x', b: 0, c: true, d: 'line\nbreak' },
  ];
  expect(csvOfRows(rows)).toBe('a,b,c,d\r\n"x,""y""",-1.5,,\'=1+1\r\n\'-x,0,true,"line\nbreak"\r\n');
});
