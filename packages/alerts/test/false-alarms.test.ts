import { type AlertRule, evaluateRule, noState, seriesId } from '@michinori/alerts';
import { describe, expect, test } from 'vitest';
import { dayUs, ruleOf } from './helpers.ts';
import { drawWorld, isSpike, readingsAt, seededRandom, type World } from './worlds.ts';

/** 200 is the full size: 200 series for a year, 200 doublings among 200 series. The default fits a minute. */
const runs = Math.min(200, Number(process.env.MICHINORI_TEST_RUNS ?? 30));
const days = runs < 200 ? 84 : 364;

const chance = { rho: () => 0, weekdays: 0 };
const varying = { rho: () => 0.02, weekdays: 0.2 };
const mixed = { rho: (series: number) => (series % 5 === 0 ? 0.05 : 0), weekdays: 0.2 };

function report(line: string): void {
  if (process.env.MICHINORI_TEST_REPORT === '1') process.stderr.write(`${line}\n`);
}

/** Alarms a week of a rule and of the rule of three standard deviations in a world without any change. */
function alarmsPerWeek(rule: AlertRule, world: Pick<World, 'rho' | 'weekdays'>) {
  const perDay = rule.windowDays === 1 ? ([30, 300] as const) : ([10, 100] as const);
  const first = rule.baselineDays + rule.windowDays;
  const drawn = drawWorld(seededRandom(2026), {
    ...world,
    series: runs,
    days: first + days,
    perDay,
    rate: [0.05, 0.5],
  });
  let state = noState(rule.id);
  let [fired, spikes] = [0, 0];
  let spiking = new Set<string>();
  for (let day = first; day < first + days; day++) {
    const readings = readingsAt(rule, drawn, day);
    const advanced = evaluateRule(rule, state, readings, day * dayUs);
    state = advanced.state;
    fired += advanced.transitions.filter(({ kind }) => kind === 'fired').length;
    const now = new Set(readings.filter((reading) => isSpike(reading)).map(({ key }) => seriesId(key)));
    spikes += [...now].filter((id) => !spiking.has(id)).length;
    spiking = now;
  }
  return { fired: fired / (days / 7), spikes: spikes / (days / 7) };
}

describe('a year in which nothing happens stays within the budget of false alarms', () => {
  test.each([
    ['days, chance alone', { windowDays: 1, consecutive: 1 }, chance],
    ['days, over-dispersed with weekdays', { windowDays: 1, consecutive: 1 }, varying],
    ['days, over-dispersed with weekdays, for: 2', { windowDays: 1, consecutive: 2 }, varying],
    ['weeks, chance alone', { windowDays: 7, consecutive: 1 }, chance],
    ['weeks, over-dispersed', { windowDays: 7, consecutive: 1 }, varying],
    ['weeks, over-dispersed, for: 2', { windowDays: 7, consecutive: 2 }, varying],
    [
      'weeks, every fifth series over-dispersed, eight weeks of baseline',
      { windowDays: 7, consecutive: 1, baselineDays: 56 },
      mixed,
    ],
    ['volume of days with weekdays', { windowDays: 1, consecutive: 1, kind: 'volume' as const }, varying],
    ['three days, over-dispersed with weekdays', { windowDays: 3, consecutive: 1 }, varying],
  ])('%s', (name, parts, world) => {
    const rule = ruleOf({ ...parts, falseAlarmsPerWeek: 1, minLift: 1 });
    const { fired, spikes } = alarmsPerWeek(rule, world);
    report(`${name}: ${fired.toFixed(2)} false alarms a week; three standard deviations ${spikes.toFixed(2)}`);
    expect(fired).toBeLessThanOrEqual(1.25);
  });
});

/** Share of doublings of one series among others that are found within three windows: by a rule, and by three standard deviations. */
function foundShare(rule: AlertRule, world: Pick<World, 'rho' | 'weekdays'>, rate: number) {
  const perDay = (200 / rule.windowDays) * (world.weekdays > 0 ? 7 / 6 : 1);
  const total = rule.baselineDays + 3 * rule.windowDays;
  const others = drawWorld(seededRandom(7), {
    ...world,
    series: runs - 1,
    days: total,
    perDay: [perDay, perDay],
    rate: [0.05, 0.5],
  });
  let [found, spikes] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const one = { series: 1, perDay: [perDay, perDay], rate: [rate, rate], days: total } as const;
    const change = { day: rule.baselineDays, factor: 2 };
    const [doubled] = drawWorld(seededRandom(1000 + run), { ...world, ...one, change });
    if (doubled === undefined) throw new Error('no series');
    const named = { ...doubled, name: 'doubled' };
    const after = Array.from({ length: 3 * rule.windowDays }, (_, i) => rule.baselineDays + 1 + i);
    if (after.some((day) => readingsAt(rule, [named], day).some((reading) => isSpike(reading)))) spikes++;
    let [state, isFound] = [noState(rule.id), false];
    for (const day of after) {
      if (isFound) break;
      const advanced = evaluateRule(rule, state, readingsAt(rule, [named, ...others], day), day * dayUs);
      state = advanced.state;
      isFound = advanced.transitions.some(({ kind, key }) => kind === 'fired' && key.stage === named.name);
    }
    if (isFound) found++;
  }
  return { found: found / runs, spikes: spikes / runs };
}

describe('a doubled drop-off of 200 entries a window is found within three windows', () => {
  test.each([
    ['days, chance alone, from 10 %', { windowDays: 1, consecutive: 1 }, chance, 0.1],
    ['weeks, chance alone, from 10 %', { windowDays: 7, consecutive: 1 }, chance, 0.1],
    ['weeks, over-dispersed, from 20 %', { windowDays: 7, consecutive: 1 }, varying, 0.2],
    ['weeks, over-dispersed, from 20 %, for: 2', { windowDays: 7, consecutive: 2 }, varying, 0.2],
  ])('%s', (name, parts, world, rate) => {
    const rule = ruleOf({ ...parts, falseAlarmsPerWeek: 1 });
    const { found, spikes } = foundShare(rule, world, rate);
    report(`${name}: found ${(100 * found).toFixed(1)} %; three standard deviations ${(100 * spikes).toFixed(1)} %`);
    expect(found).toBeGreaterThanOrEqual(0.9);
  });
});
