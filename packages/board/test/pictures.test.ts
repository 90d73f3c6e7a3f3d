import type { JourneyCycleTimeRow, JourneyMapRow, JourneyPathsRow } from '@michinori/client';
import { describe, expect, it } from 'vitest';
import { bandOf } from '../src/app/charts/curve-option.ts';
import { createFormat } from '../src/app/format/format.ts';
import { rotationOf, secondsOf, turnAt, untilTurnMs } from '../src/app/kiosk/rotation.ts';
import { timelineDays } from '../src/app/pages/customer/timeline.ts';
import { curvesOf, verdictOf } from '../src/app/pages/cycle-time.ts';
import { bySegment, columnsOf, emotionCurve, goalsOf, mostLost } from '../src/app/pages/map/journey-picture.ts';
import { sankeyOf, waysOf } from '../src/app/pages/paths.ts';
import { en } from '../src/app/words/en.ts';

const mapRow = (part: Partial<JourneyMapRow>): JourneyMapRow => ({
  ...{ kind: 'stage', stage: 's', to: null, touchpoint: null, title: 'S', position: 1, segment: null, bucket: null },
  ...{
    entered: 100,
    advanced: 50,
    lost: 20,
    open: 30,
    rate: 0.5,
    lo: 0.4,
    hi: 0.6,
    state: 'ok',
    share: null,
    health: null,
  },
  ...{ sentiment: null, sentimentLo: null, sentimentHi: null, goal: null, goalMet: null, secondsP50: null },
  ...part,
});
const felt = (stage: string, sentiment: number, half = 0.05) =>
  mapRow({ stage, sentiment, sentimentLo: sentiment - half, sentimentHi: sentiment + half });

describe('the journey map', () => {
  it('stands stages in their order, with their touchpoints and ways', () => {
    const columns = columnsOf([
      mapRow({ stage: 'b', position: 2, lost: 40 }),
      mapRow({ kind: 'touchpoint', stage: 'a', touchpoint: 'seen', entered: 3 }),
      mapRow({ kind: 'touchpoint', stage: 'a', touchpoint: 'drawn', entered: 0 }),
      mapRow({ kind: 'edge', stage: 'a', to: 'lost', entered: 5 }),
      mapRow({ kind: 'edge', stage: 'a', to: 'b', entered: 50 }),
      mapRow({ stage: 'a', position: 1 }),
    ]);
    expect(columns.map(({ stage, isLast }) => [stage.stage, isLast])).toEqual([
      ['a', false],
      ['b', true],
    ]);
    expect(columns[0]?.touchpoints.map(({ isEvidenced }) => isEvidenced)).toEqual([true, false]);
    expect(columns[0]?.ways.map(({ to }) => to)).toEqual(['b', 'lost']);
    expect(mostLost(columns)?.stage).toBe('b');
    expect(mostLost(columnsOf([mapRow({ lost: 0 })]))).toBeNull();
  });

  it('marks a trough only where the whole interval lies below the mean of the stages', () => {
    const trough = (...stages: JourneyMapRow[]) => columnsOf(stages).find(({ isTrough }) => isTrough)?.stage.stage;
    expect(trough(felt('a', 0.3), felt('b', -0.2), felt('c', 0.5))).toBe('b');
    expect(trough(felt('a', 0.3, 0.5), felt('b', 0.2, 0.5), felt('c', 0.4, 0.5))).toBeUndefined();
    expect(trough(mapRow({}))).toBeUndefined();
  });

  it('draws the mood from 1 at the top to −1 at the bottom, and not across a stage without any or without an interval', () => {
    const pieces = emotionCurve([felt('a', 1), mapRow({ stage: 'b' }), felt('c', -1), felt('d', 0)]);
    expect(pieces.map((piece) => piece.map(({ x, y, top, bottom }) => [x, y, top, bottom]))).toEqual([
      [[0.125, 0, 0, 0.025000000000000022]],
      [
        [0.625, 1, 0.975, 1],
        [0.875, 0.5, 0.475, 0.525],
      ],
    ]);
  });

  it('reads goals as the API writes them', () => {
    expect(goalsOf('advanced_rate ≥ 0.7, mean_sentiment ≥ -0.1, something')).toEqual([
      { metric: 'advanced_rate', sign: '≥', value: 0.7 },
      { metric: 'mean_sentiment', sign: '≥', value: -0.1 },
      null,
    ]);
  });
});

it('a map that is split has the rows of each segment together, in the order of the answer', () => {
  const rows = [mapRow({ segment: 'pro' }), mapRow({ segment: '' }), mapRow({ segment: 'pro', kind: 'edge' })];
  expect(bySegment(rows)).toEqual([
    { segment: 'pro', rows: [rows[0], rows[2]] },
    { segment: '', rows: [rows[1]] },
  ]);
  expect(bySegment([mapRow({ segment: null })]).map(({ segment }) => segment)).toEqual([null]);
});

describe('cycle time', () => {
  const format = createFormat('en', 'UTC', en);
  const day = 86_400;
  const verdict = (part: Partial<JourneyCycleTimeRow>) =>
    verdictOf({ period: 'after', didVerdict: null, ...part } as JourneyCycleTimeRow, en, format);

  it('says shorter, longer, or that it can not tell, with the interval', () => {
    const change = { differenceSeconds: -3 * day, differenceLo: -5 * day, differenceHi: -day };
    expect(verdict({ ...change, verdict: 'shorter' })).toBe('Shorter by 3 days (1 day to 5 days).');
    expect(verdict({ ...change, period: 'all', verdict: 'shorter' })).toBe(
      '3 days shorter than the others (1 day to 5 days).',
    );
    expect(verdict({ ...change, differenceHi: day, verdict: 'no evidence' })).toBe(
      'No evidence of a change: −3 days, but anything from −5 days to +1 day fits.',
    );
    expect(verdict({ verdict: 'too early' })).toMatch(/^Too early/);
    expect(verdict({ verdict: null })).toBe('');
  });

  it('takes the difference in differences for a trial', () => {
    const row = {
      verdict: 'shorter',
      differenceSeconds: -9 * day,
      didVerdict: 'longer',
      didSeconds: day,
      didLo: 3600,
      didHi: 2 * day,
    } as const;
    expect(verdict(row)).toBe('Longer by 1 day (1 hr to 2 days).');
  });

  it('makes a curve of every cohort, in days and in order, with a stepped band', () => {
    const point = (seconds: number, share: number) => ({
      period: 'before',
      segment: 'pro',
      seconds,
      share,
      lo: share / 2,
      hi: share * 2,
      atRisk: 9,
    });
    const [curve, ...others] = curvesOf([point(2 * day, 0.4), point(day, 0.1)], en);
    expect(others).toEqual([]);
    expect(curve).toEqual({
      name: 'pro · Before',
      points: [
        { x: 1, y: 0.1, lo: 0.05, hi: 0.2 },
        { x: 2, y: 0.4, lo: 0.2, hi: 0.8 },
      ],
    });
    if (curve === undefined) throw new Error('no curve');
    expect(bandOf(curve, 5)).toEqual([
      [1, 0.2],
      [2, 0.2],
      [2, 0.8],
      [2, 0.2],
      [2, 0.05],
      [1, 0.05],
    ]);
    expect(bandOf(curve, 1.5)).toEqual([
      [1, 0.2],
      [1, 0.05],
    ]);
  });
});

describe('paths', () => {
  const way = (from: string | null, to: string | null, transitions: number, outcome: string | null = null) =>
    ({ stage: 's', from, to, transitions, outcome, n: 100, share: 0.1, lo: 0, hi: 0.2 }) as JourneyPathsRow;

  it('shows the most frequent ways and counts the rest', () => {
    const { ways, foldedCount } = waysOf([way('a', 'b', 1), way('b', 'a', 9), way(null, 'a', 5)], 2);
    expect(ways.map(({ from, to }) => [from, to])).toEqual([
      ['b', 'a'],
      ['', 'a'],
    ]);
    expect(foldedCount).toBe(1);
  });

  it('never goes in a circle, also where customers do, and keeps an outcome apart from a touchpoint of the same name', () => {
    const rows = [
      way('a', 'a', 9),
      way('a', 'b', 8),
      way('b', 'a', 7),
      way('a', null, 6, 'lost'),
      way('b', 'lost', 5),
      way(null, 'a', 4),
    ];
    const { nodes, links } = sankeyOf(waysOf(rows, 10).ways, 'Begin', (outcome) => outcome.toUpperCase());
    const sides = new Map(nodes.map(({ id, side }) => [id, side]));
    expect(links.every(({ source, target }) => sides.get(source) === 'from' && sides.get(target) === 'to')).toBe(true);
    expect(nodes.map(({ label }) => label).sort()).toEqual(['Begin', 'LOST', 'a', 'a', 'b', 'b', 'lost']);
    expect(links.length).toBe(rows.length);
  });
});

describe('a wall screen', () => {
  it('turns by the clock alone: the same page everywhere, every page as long, after any sleep', () => {
    const shown = Array.from({ length: 9 }, (_, index) => turnAt(index * 10_000, 20, 3));
    expect(shown).toEqual([0, 0, 1, 1, 2, 2, 0, 0, 1]);
    expect(turnAt(Date.parse('2026-11-22T00:00:00Z'), 20, 0)).toBe(0);
    expect([0, 1, 19_999, 20_000].map((nowMs) => untilTurnMs(nowMs, 20))).toEqual([20_000, 19_999, 1, 20_000]);
  });

  it('shows every journey, its health where it has rules, a funnel if one is described, alerts if there are rules', () => {
    const pages = (ids: string[], hasFunnel: boolean, scored: string[] = [], hasAlerts = false) =>
      rotationOf(ids, { hasFunnel, hasAlerts, scored }).map(({ page }) => page);
    expect(pages(['a'], false)).toEqual(['map', 'cycle-time', 'nps']);
    expect(pages(['a'], false, ['a', 'other'])).toEqual(['map', 'cycle-time', 'nps', 'health']);
    expect(pages(['a', 'b'], true, ['b']).length).toBe(8);
    expect(pages(['a'], true, [], true)).toEqual(['map', 'cycle-time', 'nps', 'funnel', 'alerts']);
    expect(['60', '1', 'x', null, '99999'].map(secondsOf)).toEqual([60, 20, 20, 20, 3600]);
  });
});

describe('a timeline', () => {
  it('has days of the chosen time zone', () => {
    const events = [{ at: '2026-01-01T14:59:00Z' }, { at: '2026-01-01T15:00:00Z' }, { at: '2026-01-01T23:00:00Z' }];
    expect(timelineDays(events, 'Asia/Tokyo').map(({ date, events: { length } }) => [date, length])).toEqual([
      ['2026-01-01', 1],
      ['2026-01-02', 2],
    ]);
    expect(timelineDays(events, 'UTC').length).toBe(1);
  });
});
