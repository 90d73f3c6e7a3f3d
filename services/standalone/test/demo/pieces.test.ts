import { describe, expect, it } from 'vitest';
import { createOfficeClock, dayMs, plainClock, tokyoMidnight, tokyoMonday } from '../../src/demo/clock.ts';
import { countDoubleContacts } from '../../src/demo/contacts.ts';
import { exp, ln } from '../../src/demo/elementary.ts';
import { hazardsAtAge, outcomeShares, restrictedMeanDays } from '../../src/demo/outcomes.ts';
import { createRng } from '../../src/demo/rng.ts';
import { type Hazards, hazardsOf } from '../../src/demo/stages.ts';
import { createWorld } from '../../src/demo/world.ts';

const start = Date.UTC(2026, 0, 7, 3, 12, 45);

describe('elementary functions', () => {
  it('agree with the engine to 1e-14', () => {
    for (let i = 1; i < 2000; i += 1) {
      const x = (i * i) / 7919;
      expect(Math.abs(ln(x) - Math.log(x))).toBeLessThan(1e-14 * Math.max(1, Math.abs(Math.log(x))));
      const y = -i / 50;
      expect(Math.abs(exp(y) / Math.exp(y) - 1)).toBeLessThan(1e-14);
    }
    expect(exp(-800)).toBe(0);
    expect(exp(0)).toBe(1);
    expect(ln(1)).toBe(0);
  });
});

describe('random numbers', () => {
  it('are the same for the same seed and path, and others for another', () => {
    const draw = (...path: number[]) => {
      const rng = createRng(9, ...path);
      return [rng.uniform(), rng.integer(1000), rng.exponential(), rng.normal()];
    };
    expect(draw(1, 2)).toEqual(draw(1, 2));
    expect(draw(1, 2)).not.toEqual(draw(2, 1));
    expect(createRng(9).uniform()).not.toBe(createRng(9 + 2 ** 32).uniform());
  });

  it('have the moments and the weights they promise', () => {
    const rng = createRng(4, 4);
    const n = 40_000;
    let uniform = 0;
    let exponential = 0;
    let square = 0;
    let heavy = 0;
    for (let i = 0; i < n; i += 1) {
      uniform += rng.uniform();
      exponential += rng.exponential();
      square += rng.normal() ** 2;
      heavy +=
        rng.weighted([
          ['a', 3],
          ['b', 1],
        ] as const) === 'a'
          ? 1
          : 0;
    }
    expect(uniform / n).toBeCloseTo(0.5, 1);
    expect(Math.abs(exponential / n - 1)).toBeLessThan(0.025);
    expect(Math.abs(square / n - 1)).toBeLessThan(0.04);
    expect(Math.abs(heavy / n - 0.75)).toBeLessThan(0.012);
  });
});

describe('the office clock', () => {
  const clock = createOfficeClock(9);

  it('gains seven days in any week and inverts itself', () => {
    for (let i = 0; i < 200; i += 1) {
      const from = start + i * 7_654_321;
      expect(clock.daysBetween(from, from + 7 * dayMs)).toBeCloseTo(7, 9);
      const later = clock.plus(from, i * 0.37);
      expect(Math.abs(clock.daysBetween(from, later) - i * 0.37)).toBeLessThan(1e-6);
    }
  });

  it('runs fast on a Tokyo working morning and slowly on a Sunday', () => {
    const hour = (iso: string) => clock.daysBetween(Date.parse(iso), Date.parse(iso) + 3_600_000);
    expect(hour('2026-01-07T10:00:00+09:00')).toBeGreaterThan(5 * hour('2026-01-11T10:00:00+09:00'));
    expect(hour('2026-01-07T10:00:00+09:00')).toBeGreaterThan(50 * hour('2026-01-07T03:00:00+09:00'));
  });

  it('cuts an interval into pieces that add up', () => {
    const pieces = [...clock.pieces(start, start + 9.3 * dayMs)];
    const sum = (key: 'realDays' | 'clockDays') => pieces.reduce((total, piece) => total + piece[key], 0);
    expect(sum('realDays')).toBeCloseTo(9.3, 9);
    expect(sum('clockDays')).toBeCloseTo(clock.daysBetween(start, start + 9.3 * dayMs), 9);
  });

  it('knows midnight and Monday of Tokyo', () => {
    const wednesday = Date.parse('2026-01-07T00:30:00+09:00');
    expect(new Date(tokyoMidnight(wednesday)).toISOString()).toBe('2026-01-06T15:00:00.000Z');
    expect(new Date(tokyoMonday(wednesday)).toISOString()).toBe('2026-01-04T15:00:00.000Z');
  });
});

/** The same probabilities by small steps of the forward equations. */
function byIntegration(hazards: Hazards, days: number) {
  const steps = 60_000;
  const dt = days / steps;
  const gone: number[] = [];
  let [fresh, slow, advanced, lost, disengaged] = [1, 0, 0, 0, 0];
  for (let i = 0; i < steps; i += 1) {
    const { advance, cancel, disengage, exposure, exposedRatio } = hazards;
    advanced += dt * advance * (fresh + exposedRatio * slow);
    lost += dt * cancel * (fresh + slow);
    disengaged += dt * disengage * fresh;
    gone.push(disengaged);
    const moved = dt * exposure * fresh;
    fresh -= dt * (advance + cancel + disengage) * fresh + moved;
    slow += moved - dt * (advance * exposedRatio + cancel) * slow;
  }
  const silentSteps = Math.round((days - 30) / dt);
  return { advanced, lost: lost + (silentSteps > 0 ? (gone[silentSteps - 1] ?? 0) : 0) };
}

describe('closed forms', () => {
  it.each(['consideration', 'onboarding', 'adoption', 'value'] as const)(
    'equal a numerical integration: %s',
    (stage) => {
      const hazards = hazardsOf(stage, 'enterprise', 'abroad', 'usual');
      for (const days of [10, 30, 60, 90]) {
        const shares = outcomeShares(hazards, days, days - 30);
        const numeric = byIntegration(hazards, days);
        expect(shares.advanced).toBeCloseTo(numeric.advanced, 3);
        expect(shares.lost).toBeCloseTo(numeric.lost, 3);
        expect(shares.advanced + shares.lost + shares.open).toBeCloseTo(1, 12);
      }
    },
  );

  it('give hazards that are the derivative of the shares', () => {
    for (const stage of ['onboarding', 'adoption'] as const) {
      const hazards = hazardsOf(stage, 'pro', 'japan', 'usual');
      const here = outcomeShares(hazards, 45, 15);
      const later = outcomeShares(hazards, 45.001, 15.001);
      const { advancePerDay, lossPerDay } = hazardsAtAge(hazards, 45);
      expect(advancePerDay).toBeCloseTo((later.advanced - here.advanced) / 0.001 / here.open, 5);
      expect(lossPerDay).toBeCloseTo((later.lost - here.lost) / 0.001 / here.open, 5);
    }
  });

  it('give the restricted mean as the area above the incidence', () => {
    const hazards = hazardsOf('onboarding', 'pro', 'japan', 'release');
    let area = 0;
    for (let i = 0; i < 30_000; i += 1) area += (1 - outcomeShares(hazards, (i + 0.5) / 1000, 0).advanced) / 1000;
    expect(restrictedMeanDays(hazards, plainClock, start, 30)).toBeCloseTo(area, 6);
    const clock = createOfficeClock(9);
    let office = 0;
    for (let i = 0; i < 3000; i += 1) {
      const days = clock.daysBetween(start, start + ((i + 0.5) / 100) * dayMs);
      office += (1 - outcomeShares(hazards, days, 0).advanced) / 100;
    }
    expect(restrictedMeanDays(hazards, clock, start, 30)).toBeCloseTo(office, 3);
  });
});

describe('double contacts', () => {
  const call = (day: number, team: 'sales' | 'customer-success', topic: string) =>
    ({ atMs: day * dayMs, touchpoint: 'call.made', team, topic }) as const;

  it('need two teams, one topic and at most seven days', () => {
    expect(countDoubleContacts([call(0, 'sales', 'renewal'), call(7, 'customer-success', 'renewal')])).toBe(1);
    expect(countDoubleContacts([call(0, 'sales', 'renewal'), call(7.01, 'customer-success', 'renewal')])).toBe(0);
    expect(countDoubleContacts([call(0, 'sales', 'renewal'), call(2, 'sales', 'renewal')])).toBe(0);
    expect(countDoubleContacts([call(0, 'sales', 'renewal'), call(2, 'customer-success', 'nps')])).toBe(0);
  });
});

describe('options', () => {
  it.each([
    { seed: -1, endUs: 1_700_000_000_000_000 },
    { seed: 1.5, endUs: 1_700_000_000_000_000 },
    { seed: 1, endUs: 1_700_000_000_000_001 },
    { seed: 1, endUs: 0 },
    { seed: 1, endUs: 1_700_000_000_000_000, customers: 0 },
  ])('out of range are refused: %o', (options) => {
    expect(() => createWorld(options)).toThrow(RangeError);
  });
});
