import type { AlertHistoryRow, AlertListRow } from '@michinori/client';
import { describe, expect, it } from 'vitest';
import { bandsOf, topOf } from '../src/app/charts/trend-option.ts';
import { createFormat } from '../src/app/format/format.ts';
import {
  byUrgency,
  customersQuery,
  isShown,
  readSeries,
  seriesIdOf,
  standingOf,
  stripOf,
  tally,
} from '../src/app/pages/alerts/alert-state.ts';
import { episodesOf, isVolume, isWithin, linesOf, placeOf, ticksOf } from '../src/app/pages/alerts/episodes.ts';
import { visitsSentence } from '../src/app/pages/customer/visits-sentence.ts';
import { linkedInstants } from '../src/app/state/linked-instants.ts';
import { en } from '../src/app/words/en.ts';

const series = { stage: 'trial', segment: 'plan:pro', touchpoint: null };
const standing = (state: string, firing = false) => ({ state, firing }) as AlertListRow;

describe('series of alerts', () => {
  it('are named in addresses as messages name them', () => {
    expect(seriesIdOf(series)).toBe('["trial","plan:pro"]');
    const touched = { ...series, segment: '', touchpoint: 'email "A"' };
    expect(seriesIdOf(touched)).toBe('["trial","","email \\"A\\""]');
    for (const one of [series, touched]) expect(readSeries(seriesIdOf(one))).toEqual(one);
    for (const text of [null, '', '{}', '["trial"]', '["a","b","c","d"]', '[1,2]', 'trial']) {
      expect([text, readSeries(text)]).toEqual([text, null]);
    }
  });

  it('go on firing while they can not be judged, and say why', () => {
    expect(standingOf(standing('firing', true))).toEqual({ state: 'firing', unjudged: null });
    expect(standingOf(standing('late-data', true))).toEqual({ state: 'firing', unjudged: 'late-data' });
    expect(standingOf(standing('late-data'))).toEqual({ state: 'late-data', unjudged: null });
    expect(standingOf(standing('something new'))).toEqual({ state: 'query-failed', unjudged: null });
  });

  it('come with what needs somebody first, and are counted once unless both fire and can not be judged', () => {
    const rows = [
      standing('insufficient'),
      standing('ok'),
      standing('late-data', true),
      standing('pending'),
      standing('firing', true),
    ];
    expect(byUrgency(rows).map(({ state }) => state)).toEqual(['late-data', 'firing', 'pending', 'ok', 'insufficient']);
    expect(tally(rows)).toEqual({ firing: 2, pending: 1, ok: 1, unjudged: 2 });
    expect(rows.map((row) => isShown(row, 'unjudged'))).toEqual([true, false, true, false, false]);
    expect(rows.every((row) => isShown(row, null))).toBe(true);
  });

  it('lead to the customers that messages lead to', () => {
    const window = { windowFrom: '2026-09-07T15:00:00Z', windowTo: '2026-09-14T15:00:00Z' };
    const query = (kind: string, more = {}) =>
      Object.fromEntries(customersQuery({ ...series, ...window, kind, ...more }));
    const { windowFrom: from, windowTo: to } = window;
    expect(query('stage-drop-off')).toEqual({ stage: 'trial', outcome: 'dropped', segment: 'plan:pro', from, to });
    expect(query('stalled-share', { segment: '' })).toEqual({ stage: 'trial', outcome: 'open', from, to });
    expect(query('volume', { segment: '', windowFrom: null })).toEqual({ stage: 'trial' });
    expect(query('touchpoint-drop-off', { touchpoint: 'x' })).toMatchObject({ touchpoint: 'x', outcome: 'dropped' });
  });

  it('have a strip that holds interval and usual range', () => {
    const strip = stripOf({ rate: 0.3, lo: 0.2, hi: 0.4, usual: 0.1, usualLo: 0.05, usualHi: 0.15 });
    expect(strip?.max).toBeCloseTo(0.46, 9);
    expect(strip?.hi).toBeCloseTo(0.4 / 0.46, 9);
    expect(strip?.usualLo).toBeCloseTo(0.05 / 0.46, 9);
    expect(stripOf({ rate: 0.9, lo: 0.8, hi: 0.99, usual: 0.5, usualLo: null, usualHi: null })?.max).toBe(1);
    expect(stripOf({ rate: null, lo: null, hi: null, usual: 0.5, usualLo: null, usualHi: null })).toBeNull();
  });
});

describe('episodes', () => {
  const row = (episode: string, transition: string, day: number, more = {}) =>
    ({
      ...{ alert: 'a', journey: 'j', ...series, transition, reason: null, episode, k: 4, n: 10, rate: 0.4 },
      ...{ at: `2026-09-0${day}T06:00:00Z`, startedAt: '2026-09-01T06:00:00Z' },
      ...more,
    }) as AlertHistoryRow;

  it('are made of what happened to them, the newest first', () => {
    const rows = [
      row('e2', 'started', 6, { startedAt: '2026-09-06T06:00:00Z' }),
      row('e1', 'resolved', 5, { reason: 'calm', k: null }),
      row('e1', 'fired', 2, { k: 5 }),
      row('e1', 'started', 1),
      row('e3', 'dropped', 3, { segment: '' }),
    ];
    const [e2, e1, e3] = episodesOf(rows);
    expect(e2).toMatchObject({ id: 'e2', firedAt: null, endedAt: null, end: null });
    expect(e1).toMatchObject({ firedAt: rows[2]?.at, endedAt: rows[1]?.at, end: 'resolved', reason: 'calm' });
    expect(e1?.latest.k).toBe(5);
    expect(e3).toMatchObject({ id: 'e3', firedAt: null, end: 'dropped' });
    expect(linesOf(episodesOf(rows)).map(({ spans }) => spans.map(({ id }) => id))).toEqual([['e2', 'e1'], ['e3']]);
    // Of an episode whose alarm lies before the rows it is known that it fired.
    expect(episodesOf([row('e4', 'resolved', 4)])[0]?.firedAt).toBe('2026-09-01T06:00:00Z');
  });

  it('belong to a range that they reach into', () => {
    const [episode] = episodesOf([row('e1', 'started', 1), row('e1', 'dropped', 3)]);
    const [open] = episodesOf([row('e1', 'started', 1)]);
    if (episode === undefined || open === undefined) throw new Error('no episode');
    const day = (date: number) => Date.UTC(2026, 8, date, 12);
    expect([isWithin(episode, day(2), day(9)), isWithin(episode, day(4), day(9))]).toEqual([true, false]);
    expect([isWithin(open, day(8), day(9)), isWithin(open, day(-5), day(0))]).toEqual([true, false]);
  });

  it('are of a volume where the rate is the count', () => {
    expect(isVolume({ k: 0, n: 12, rate: 12 })).toBe(true);
    expect([isVolume({ k: 0, n: 12, rate: 0 }), isVolume({ k: 1, n: 1, rate: 1 })]).toEqual([false, false]);
  });

  it('have their place on a scale of days', () => {
    const day = 86_400_000;
    expect([placeOf(5 * day, 0, 10 * day), placeOf(-1, 0, 10), placeOf(11, 0, 10)]).toEqual([0.5, 0, 1]);
    expect(ticksOf(0, 10 * day, 6).map((tick) => tick / day)).toEqual([0, 2, 4, 6, 8]);
    expect(ticksOf(0, day, 6)).toEqual([0]);
  });
});

describe('a course over time', () => {
  it('has a band for every run of periods with an interval', () => {
    const of = (lo: number | null, hi: number | null) => ({ lo, hi });
    expect(bandsOf([of(0.1, 0.3), of(0.2, 0.4), of(null, null), of(0.1, 0.2)])).toEqual([
      [
        [0, 0.3],
        [1, 0.4],
        [1, 0.2],
        [0, 0.1],
      ],
    ]);
  });

  it('has room for its intervals, up to the next tenth', () => {
    const line = (y: number, hi: number | null) => ({
      name: '',
      points: [{ period: '', y, lo: null, hi, n: 1, isWeak: false }],
    });
    expect(topOf([line(0.2, 0.41)], null)).toEqual({ max: 0.5 });
    expect(topOf([line(0.2, 0.3)], { value: 0.5, lo: 0.4, hi: 0.6 })).toEqual({ max: 0.6 });
    expect(topOf([line(120, null)], null)).toEqual({});
  });
});

describe('a list of customers', () => {
  const format = createFormat('en', 'UTC', en);

  it('takes the instants of a link, if they are instants', () => {
    const of = (text: string) => linkedInstants(new URLSearchParams(text));
    const range = { from: '2026-09-07T15:00:00.000000Z', to: '2026-09-14T15:00:00.000Z' };
    expect(of(`from=${range.from}&to=${range.to}`)).toEqual(range);
    for (const text of ['', `from=${range.from}`, `from=${range.to}&to=${range.from}`, 'from=1&to=2'])
      expect([text, of(text)]).toEqual([text, null]);
  });

  it('says who it holds', () => {
    const asked = { stage: 'Trial', outcome: 'dropped', touchpoint: 'email', segments: ['plan:pro', 'plan:', 'x:y'] };
    const sentence = visitsSentence(
      { ...asked, outcome: 'dropped', from: '2026-09-01T00:00:00Z', to: '2026-09-08T00:00:00Z' },
      en,
      format,
    );
    expect(sentence).toBe(
      'Everybody who entered Trial, between Sep 1, 2026, 12:00 AM and Sep 8, 2026, 12:00 AM, with the outcome “Left or silent”, touched by email, plan pro or (none), x y',
    );
  });
});
