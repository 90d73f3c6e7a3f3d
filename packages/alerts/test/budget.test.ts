import { episodesPerEvaluation, falseAlarmsPerWeek, levelFor, levelMax, parseCron, timingOf } from '@michinori/alerts';
import { benjaminiHochberg } from '@michinori/statistics';
import { describe, expect, test } from 'vitest';
import { ruleOf } from './helpers.ts';
import { normal, seededRandom } from './worlds.ts';

const cronOf = (text: string) => {
  const parsed = parseCron(text);
  if ('message' in parsed) throw new Error(parsed.message);
  return parsed.cron;
};

describe('timing', () => {
  test.each([
    ['0 6 * * *', 7, 1, { strideDays: 1, spanDays: 0 }],
    ['0 6 * * *', 7, 3, { strideDays: 1, spanDays: 2 }],
    ['0 6 * * 1', 7, 2, { strideDays: 7, spanDays: 7 }],
    ['0 * * * *', 7, 30, { strideDays: 1, spanDays: 1 }],
    ['*/15 * * * *', 1, 4, { strideDays: 1, spanDays: 0 }],
  ])('%s, windows of %i days, for: %i', (schedule, windowDays, consecutive, { strideDays, spanDays }) => {
    const timing = timingOf(ruleOf({ cron: cronOf(schedule), windowDays, consecutive }));
    expect(timing.strideDays).toBeCloseTo(strideDays, 2);
    expect(timing.spanDays).toBeCloseTo(spanDays, 2);
    expect(timing).toMatchObject({ windowDays, baselineWindows: 84 / windowDays });
  });
});

describe('budget and level', () => {
  test('the level spends the budget, or is the highest one', () => {
    for (const family of [1, 5, 40, 200, 5000]) {
      for (const consecutive of [1, 2, 5]) {
        for (const windowDays of [1, 7]) {
          for (const budget of [0.01, 0.5, 3]) {
            const rule = ruleOf({ consecutive, windowDays, falseAlarmsPerWeek: budget });
            const level = levelFor(rule, family);
            const spent = falseAlarmsPerWeek(level, timingOf(rule), family);
            expect(spent).toBeLessThanOrEqual(budget * (1 + 1e-9));
            if (level < levelMax(timingOf(rule))) expect(spent).toBeGreaterThan(budget * 0.999);
          }
        }
      }
    }
  });

  test('daily windows, daily evaluations: the level is the budget a day', () => {
    const rule = ruleOf({ consecutive: 1, windowDays: 1, falseAlarmsPerWeek: 0.7 });
    const level = levelFor(rule, 200);
    expect(level / (1 - level) ** 2).toBeCloseTo(0.1, 3);
  });

  test('a larger budget gives a higher level, and no series none', () => {
    const levels = [0.001, 0.01, 0.1, 1].map((falseAlarms) =>
      levelFor(ruleOf({ falseAlarmsPerWeek: falseAlarms }), 50),
    );
    expect(levels).toEqual(levels.toSorted((a, b) => a - b));
    expect(levels[0]).toBeLessThan((levels[3] ?? 0) / 10);
    expect(levelFor(ruleOf(), 0)).toBe(0);
  });

  test('windows without common days still share their baseline, the more the shorter it is', () => {
    const of = (baselineWindows: number) =>
      episodesPerEvaluation(0.01, { strideDays: 7, spanDays: 7, windowDays: 7, baselineWindows });
    expect(of(1e9)).toBeCloseTo(1e-4, 8);
    expect(of(4)).toBeGreaterThan(3e-4);
    expect(of(12)).toBeLessThan(of(4));
  });

  test('the procedure rejects q ÷ (1 − q)² of many true hypotheses', () => {
    const random = seededRandom(5);
    for (const q of [0.1, 0.2]) {
      let rejected = 0;
      const rounds = 6000;
      for (let round = 0; round < rounds; round++) {
        rejected += benjaminiHochberg(Array.from({ length: 100 }, random)).filter((each) => each <= q).length;
      }
      expect(rejected / rounds / (q / (1 - q) ** 2)).toBeGreaterThan(0.85);
      expect(rejected / rounds / (q / (1 - q) ** 2)).toBeLessThan(1.15);
    }
  });

  test.each([
    [1, 1, 0.02],
    [7, 1, 0.02],
    [7, 2, 0.02],
    [7, 4, 0.02],
    [3, 4, 0.1],
    [1, 2, 0.1],
    [2, 3, 0.1],
  ])(
    'moving windows of %i days, for: %i: not more episodes than reckoned, and not far fewer',
    (windowDays, consecutive, perSeries) => {
      const random = seededRandom(17);
      const days = 200_000;
      const noise = Array.from({ length: days + windowDays }, () => normal(random));
      const sums: number[] = [];
      let sum = noise.slice(0, windowDays).reduce((a, b) => a + b, 0);
      for (let day = 0; day < days; day++) {
        sums.push(sum);
        sum += (noise[day + windowDays] ?? 0) - (noise[day] ?? 0);
      }
      const bar = sums.toSorted((a, b) => b - a)[Math.floor(days * perSeries)] ?? 0;
      let [streak, episodes] = [0, 0];
      for (const each of sums) {
        streak = each > bar ? streak + 1 : 0;
        if (streak === consecutive) episodes++;
      }
      const timing = timingOf(ruleOf({ windowDays, consecutive, baselineDays: 800 }));
      const reckoned = episodesPerEvaluation(perSeries, timing) * days;
      expect(episodes).toBeLessThan(reckoned * 1.05);
      expect(episodes).toBeGreaterThan(reckoned / (consecutive === 1 ? 1.1 : 3.5));
    },
  );
});
