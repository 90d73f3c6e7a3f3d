import {
  compareSeries,
  decideEvaluation,
  evaluateRule,
  levelFor,
  noState,
  type SeriesReading,
  seriesId,
} from '@michinori/alerts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayUs, keyOf, ruleOf, weeklyReading, windowOf } from './helpers.ts';

const rule = ruleOf({ consecutive: 1 });
const evaluationUs = 20_031 * dayUs;
const past = [38, 42, 40, 37, 43, 41].map((k) => ({ k, n: 200 }));
const calm = (stage: string) => weeklyReading(keyOf(stage), { k: 41, n: 200 }, past);
const others = Array.from({ length: 20 }, (_, i) => calm(`other-${i}`));

function verdictOf(reading: SeriesReading, by = rule, among: readonly SeriesReading[] = others) {
  const { verdicts } = decideEvaluation(by, [reading, ...among], { evaluationUs });
  return verdicts.find(({ key }) => compareSeries(key, reading.key) === 0);
}

describe('a verdict', () => {
  test('carries the figures', () => {
    const verdict = verdictOf(weeklyReading(keyOf('trial', 'plan:pro'), { k: 90, n: 200 }, past));
    expect(verdict).toMatchObject({
      key: { stage: 'trial', segment: 'plan:pro', touchpoint: null },
      finding: 'alarming',
      figures: { k: 90, n: 200, rate: 0.45, window: { fromUs: 19_993 * dayUs, toUs: 20_000 * dayUs } },
    });
    const { figures, q } = verdict ?? {};
    expect(figures?.usual).toBeCloseTo(0.2, 2);
    expect(figures?.usualLo).toBeGreaterThan(0.17);
    expect(figures?.usualHi).toBeLessThan(0.24);
    expect([figures?.lo, figures?.hi].map((x) => x?.toFixed(3))).toEqual(['0.383', '0.519']);
    expect(figures?.lift).toBeCloseTo(2.24, 1);
    expect(figures?.p).toBeLessThan(1e-7);
    expect(q).toBeCloseTo(21 * (figures?.p ?? 0), 12);
  });

  test.each([
    ['usual', { k: 41, n: 200 }, 'calm'],
    ['better than usual', { k: 10, n: 200 }, 'calm'],
    ['somewhat high, as by chance', { k: 47, n: 200 }, 'calm'],
    ['somewhat high: between the bars', { k: 52, n: 200 }, 'raised'],
    ['doubled', { k: 80, n: 200 }, 'alarming'],
    ['nobody', { k: 0, n: 0 }, 'no-data'],
  ] as const)('%s', (_name, current, finding) => {
    expect(verdictOf(weeklyReading(keyOf('trial'), current, past))?.finding).toBe(finding);
  });

  test('a rise below the minimum lift is no alarm, however sure, and below half of it calm', () => {
    const many = past.map(({ k, n }) => ({ k: 100 * k, n: 100 * n }));
    const steady = Array.from({ length: 12 }, () => ({ k: 4000, n: 20_000 }));
    const at = (k: number) => verdictOf(weeklyReading(keyOf('trial'), { k, n: 20_000 }, steady), rule, [])?.finding;
    expect(at(5200)).toBe('alarming');
    expect(at(4700)).toBe('raised');
    expect(at(4350)).toBe('calm');
    expect(verdictOf(weeklyReading(keyOf('trial'), { k: 4350, n: 20_000 }, many), rule, [])?.finding).toBe('calm');
  });

  test('a short past is insufficient, and windows that reach into the current one are none of it', () => {
    const reading = weeklyReading(keyOf('trial'), { k: 90, n: 200 }, past);
    if (reading.status !== 'read') throw new Error('not read');
    const three = { ...reading, baseline: reading.baseline.slice(0, 3) };
    expect(verdictOf(three)?.finding).toBe('insufficient');
    const overlapping = [windowOf(20_000, 7, 0, 200), windowOf(19_999, 7, 0, 200), windowOf(20_007, 7, 0, 200)];
    expect(verdictOf({ ...three, baseline: [...three.baseline, ...overlapping] })?.finding).toBe('insufficient');
    expect(verdictOf({ ...reading, baseline: [...overlapping, ...reading.baseline] })).toEqual(verdictOf(reading));
    const empty = { ...three, baseline: [...three.baseline, windowOf(19_900, 7, 0, 0)] };
    expect(verdictOf(empty)?.finding).toBe('insufficient');
  });

  test.each(['no-data', 'late-data', 'query-failed'] as const)('%s is passed on', (status) => {
    expect(verdictOf({ status, key: keyOf('trial') })).toEqual({
      ...{ key: keyOf('trial'), finding: status, figures: null, q: null },
    });
  });

  test('weekdays are compared with their like', () => {
    const daily = ruleOf({ windowDays: 1, baselineDays: 84, consecutive: 1 });
    const at = (current: { k: number; weekdayOffset: number }): SeriesReading => {
      const end = 20_000 + current.weekdayOffset;
      const rateOn = (day: number) => (day % 7 === 0 ? 90 : 40);
      return {
        ...{ status: 'read', key: keyOf('trial'), current: windowOf(end, 1, current.k, 200) },
        baseline: Array.from({ length: 84 }, (_, i) =>
          windowOf(end - i - 1, 1, rateOn(end - i - 1) + ((i * 7) % 5) - 2, 200),
        ),
      };
    };
    const highDay = (7 - (20_000 % 7)) % 7;
    expect(verdictOf(at({ k: 92, weekdayOffset: highDay }), daily, [])?.finding).toBe('calm');
    expect(verdictOf(at({ k: 92, weekdayOffset: highDay + 1 }), daily, [])?.finding).toBe('alarming');
  });
});

describe('an outage is not a drop-off', () => {
  const counted = past.map((each) => ({ ...each, events: 50_000 }));
  const at = (k: number, events: number, n = 200) =>
    verdictOf(weeklyReading(keyOf('trial'), { k, n, events }, counted))?.finding;

  test('a rise that the missing events would make is late data', () => {
    expect(at(80, 50_000)).toBe('alarming');
    expect(at(80, 40_000)).toBe('late-data');
    expect(at(80, 48_000)).toBe('alarming');
    expect(at(190, 40_000)).toBe('alarming');
  });

  test('a volume that varies by itself is no outage', () => {
    const varying = past.map((each, i) => ({
      ...each,
      events: [38_000, 55_000, 46_000, 61_000, 42_000, 52_000][i] ?? 0,
    }));
    const of = (events: number) =>
      verdictOf(weeklyReading(keyOf('trial'), { k: 80, n: 200, events }, varying))?.finding;
    expect([of(40_000), of(12_000)]).toEqual(['alarming', 'late-data']);
  });

  test('half of the events missing is late data whatever the rate', () => {
    expect(at(40, 20_000)).toBe('late-data');
    expect(at(40, 40_000)).toBe('calm');
  });

  test('without a count of events half of the entries missing is late data', () => {
    const many = past.map(({ k, n }) => ({ k: 10 * k, n: 10 * n }));
    const withoutEvents = (n: number) => verdictOf(weeklyReading(keyOf('trial'), { k: n / 2, n }, many))?.finding;
    expect(withoutEvents(2000)).toBe('alarming');
    expect(withoutEvents(1200)).toBe('alarming');
    expect(withoutEvents(600)).toBe('late-data');
  });

  test('a window below min_n is insufficient, unless that itself is an outage', () => {
    const at = (n: number, usualN: number, events?: number) =>
      verdictOf(
        weeklyReading(keyOf('trial'), { k: n, n, ...(events === undefined ? {} : { events }) }, [
          { k: 10, n: usualN, ...(events === undefined ? {} : { events: 50_000 }) },
        ]),
      )?.finding;
    expect([at(29, 40), at(30, 40)]).toEqual(['insufficient', 'alarming']);
    expect(at(29, 200)).toBe('late-data');
    expect([at(29, 200, 50_000), at(29, 200, 10_000)]).toEqual(['insufficient', 'late-data']);
  });

  test('as volume that falls it is the alarm itself', () => {
    const volume = ruleOf({ kind: 'volume', consecutive: 1, minLift: 1.5 });
    const of = (n: number) => verdictOf(weeklyReading(keyOf('trial'), { k: 0, n }, past), volume, []);
    expect(of(190)?.finding).toBe('calm');
    expect(of(40)).toMatchObject({ finding: 'alarming', figures: { k: 0, n: 40, rate: 40, usualLo: null } });
    expect(of(40)?.figures?.lift).toBeCloseTo(5, 9);
    expect(of(0)?.finding).toBe('alarming');
    expect(of(400)?.finding).toBe('calm');
    const rare = weeklyReading(keyOf('trial'), { k: 0, n: 0 }, [{ k: 0, n: 12 }]);
    expect(verdictOf(rare, volume, [])?.finding).toBe('insufficient');
  });
});

describe('many series', () => {
  test('share the level: what alarms alone does not alarm among hundreds', () => {
    const reading = weeklyReading(keyOf('trial'), { k: 62, n: 200 }, past);
    const alone = verdictOf(reading, rule, others.slice(0, 4));
    const many = verdictOf(
      reading,
      rule,
      Array.from({ length: 600 }, (_, i) => calm(`o-${i}`)),
    );
    expect([alone?.finding, many?.finding]).toEqual(['alarming', 'raised']);
  });

  test('an alarm that is known does not lower the bar for others', () => {
    const known = Array.from({ length: 15 }, (_, i) => weeklyReading(keyOf(`known-${i}`), { k: 120, n: 200 }, past));
    const borderline = weeklyReading(keyOf('trial'), { k: 54, n: 200 }, past);
    const readings = [borderline, ...known, ...others];
    const episode = { id: 'e', startedUs: 0, windowFromUs: 19_993 * dayUs, firedUs: evaluationUs };
    const episodes = new Map(known.map(({ key }) => [seriesId(key), episode]));
    const first = decideEvaluation(rule, readings, { evaluationUs });
    const later = decideEvaluation(rule, readings, { evaluationUs, episodes });
    const pending = new Map(known.map(({ key }) => [seriesId(key), { ...episode, firedUs: null }]));
    expect(decideEvaluation(rule, readings, { evaluationUs, episodes: pending }).family).toBe(36);
    const of = ({ verdicts }: typeof first) => verdicts.find(({ key }) => key.stage === 'trial');
    expect(of(later)?.q).toBeGreaterThan(5 * (of(first)?.q ?? 1));
    expect(first).toMatchObject({ family: 36, level: levelFor(rule, 36) });
    expect(later).toMatchObject({ family: 21, level: levelFor(rule, 21) });
    expect(later.verdicts.filter(({ finding }) => finding === 'alarming')).toHaveLength(15);
  });

  test('the windows of an open episode are not usual, until half of the past lies in it', () => {
    const doubledFor = (weeks: number) =>
      weeklyReading(
        keyOf('trial'),
        { k: 82, n: 200 },
        Array.from({ length: 12 }, (_, i) => ({ k: i < weeks ? 80 : 40, n: 200 })),
      );
    const usualAfter = (weeks: number, windowFromUs = (20_000 - 7 * (weeks + 1)) * dayUs) => {
      const episodes = new Map([[seriesId(keyOf('trial')), { id: 'e', startedUs: 0, windowFromUs, firedUs: 0 }]]);
      const { verdicts } = decideEvaluation(rule, [doubledFor(weeks)], { evaluationUs, episodes });
      return verdicts[0]?.figures?.usual ?? 0;
    };
    expect([0, 3, 6].map((weeks) => usualAfter(weeks).toFixed(2))).toEqual(['0.20', '0.20', '0.20']);
    expect(usualAfter(7)).toBeGreaterThan(0.29);
    expect(usualAfter(3, 21_000 * dayUs)).toBeGreaterThan(0.23);
  });

  test('evaluateRule knows which of them fire', () => {
    const readings = [weeklyReading(keyOf('trial'), { k: 120, n: 200 }, past), ...others];
    const first = evaluateRule(rule, noState(rule.id), readings, evaluationUs);
    const second = evaluateRule(rule, first.state, readings, evaluationUs + dayUs);
    expect([first.evaluation.family, second.evaluation.family]).toEqual([21, 20]);
    expect(second.transitions).toEqual([]);
    expect(second.state.series.find(({ key }) => key.stage === 'trial')?.state).toBe('firing');
  });

  test('nothing to judge is no error', () => {
    expect(decideEvaluation(rule, [], { evaluationUs })).toEqual({
      ...{ rule: 'r', evaluationUs, level: 0, family: 0, verdicts: [] },
    });
  });

  test('the order of series and of windows has no influence', () => {
    const count = fc.record({ n: fc.integer({ min: 0, max: 400 }), share: fc.double({ min: 0, max: 1, noNaN: true }) });
    const counts = fc.array(
      count.map(({ n, share }) => ({ k: Math.round(n * share), n })),
      { minLength: 1, maxLength: 12 },
    );
    const series = fc.array(fc.tuple(counts, counts), { minLength: 1, maxLength: 6 });
    const shuffles = fc.tuple(fc.infiniteStream(fc.nat()), series);
    fc.assert(
      fc.property(shuffles, ([random, all]) => {
        const shuffled = <T>(list: readonly T[]): T[] =>
          list
            .map((item) => ({ item, at: random.next().value ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ item }) => item);
        const readings = all.map(([[current], before], i) =>
          weeklyReading(keyOf(`s${i}`), current ?? { k: 0, n: 0 }, before),
        );
        const turned = shuffled(readings).map((reading) =>
          reading.status === 'read' ? { ...reading, baseline: shuffled(reading.baseline) } : reading,
        );
        expect(decideEvaluation(rule, turned, { evaluationUs })).toEqual(
          decideEvaluation(rule, readings, { evaluationUs }),
        );
      }),
    );
  });
});
