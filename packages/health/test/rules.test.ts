import { goldenTime, scoreCustomer } from '@michinori/health';
import { type HealthTest, healthDefault } from '@michinori/journey';
import { describe, expect, it } from 'vitest';
import { asOfUs, dayUs, factsOf, holds, ruleOf } from './helpers.ts';

const all = { touchpoint: '*', where: [] };

describe('a rule', () => {
  it('idle holds from a microsecond after the time on', () => {
    const test: HealthTest = { kind: 'idle', ...all, forUs: 7 * dayUs };
    expect(holds(test, { kind: 'idle', lastUs: asOfUs - 7 * dayUs })).toBe(false);
    expect(holds(test, { kind: 'idle', lastUs: asOfUs - 7 * dayUs - 1 })).toBe(true);
  });

  it('idle begins with the stage or cycle for whom the event never was, or was before', () => {
    const test: HealthTest = { kind: 'idle', ...all, forUs: 7 * dayUs };
    const late = { enteredUs: asOfUs - 7 * dayUs };
    const lateCycle = { ...late, cycleUs: asOfUs - 7 * dayUs };
    for (const lastUs of [null, asOfUs - 90 * dayUs]) {
      const fact = { kind: 'idle' as const, lastUs };
      expect(holds(test, fact, { ...late, scope: 'stage' })).toBe(false);
      expect(holds(test, fact, { enteredUs: late.enteredUs - 1, scope: 'stage' })).toBe(true);
      expect(holds(test, fact, late)).toBe(true);
      expect(holds(test, fact, lateCycle)).toBe(false);
    }
  });

  it('count has inclusive bounds', () => {
    const count = (n: number) => ({ kind: 'count' as const, count: n });
    const between: HealthTest = { kind: 'count', ...all, withinUs: 7 * dayUs, atLeast: 2, atMost: 3 };
    expect([1, 2, 3, 4].map((n) => holds(between, count(n)))).toEqual([false, true, true, false]);
  });

  it('count with at_most asks only who was there for all of the window', () => {
    const none: HealthTest = { kind: 'count', ...all, withinUs: 7 * dayUs, atLeast: null, atMost: 0 };
    const fact = { kind: 'count' as const, count: 0 };
    const since = (us: number) => ({ enteredUs: us, cycleUs: us });
    expect(holds(none, fact, since(asOfUs - 7 * dayUs))).toBe(true);
    expect(holds(none, fact, since(asOfUs - 7 * dayUs + 1))).toBe(false);
    expect(holds({ ...none, withinUs: null }, fact, since(asOfUs))).toBe(true);
    expect(holds({ ...none, atLeast: 1, atMost: null }, { kind: 'count', count: 1 }, since(asOfUs))).toBe(true);
  });

  it('trend compares with the window before, from the minimum on', () => {
    const trend = (recent: number, before: number) => ({ kind: 'trend' as const, recent, before });
    const base = { kind: 'trend' as const, ...all, withinUs: dayUs, minimum: 3 };
    const fall: HealthTest = { ...base, atLeast: null, atMost: 0.5 };
    expect([trend(2, 4), trend(3, 4), trend(0, 2), trend(0, 3)].map((fact) => holds(fall, fact))).toEqual([
      true,
      false,
      false,
      true,
    ]);
    const rise: HealthTest = { ...base, atLeast: 1.1, atMost: null };
    expect([trend(11, 10), trend(10, 10), trend(2, 0), trend(3, 0)].map((fact) => holds(rise, fact))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it('sentiment compares the mean exactly, from the minimum on', () => {
    const test: HealthTest = { kind: 'sentiment', ...all, withinUs: dayUs, atLeast: null, atMost: -0.2, minimum: 2 };
    const fact = (n: number, sum: number) => ({ kind: 'sentiment' as const, n, sumMillionths: sum });
    expect(holds(test, fact(3, -600_000))).toBe(true);
    expect(holds(test, fact(3, -599_999))).toBe(false);
    expect(holds(test, fact(1, -900_000))).toBe(false);
    expect(holds({ ...test, minimum: 1 }, fact(0, 0))).toBe(false);
    expect(holds({ ...test, atLeast: 0.000123, atMost: null }, fact(2, 246))).toBe(true);
  });

  it('nps takes the class of the latest response, if it is young enough', () => {
    const classes = ['detractor', 'passive', 'promoter'] as const;
    const of = (score: number, daysAgo = 0) => ({ kind: 'nps' as const, score, atUs: asOfUs - daysAgo * dayUs });
    const seen = [0, 6, 7, 8, 9, 10].map((score) =>
      classes.filter((each) => holds({ kind: 'nps', class: each, withinUs: null }, of(score, 900))).join(),
    );
    expect(seen).toEqual(['detractor', 'detractor', 'passive', 'passive', 'promoter', 'promoter']);
    const young: HealthTest = { kind: 'nps', class: 'detractor', withinUs: 9 * dayUs };
    expect([9, 10].map((days) => holds(young, of(3, days)))).toEqual([true, false]);
    expect(holds(young, { kind: 'nps', score: null, atUs: null })).toBe(false);
  });

  it('stalled holds beyond the time, and never where it is not known', () => {
    const test: HealthTest = { kind: 'stalled', quantile: 0.9 };
    const spent = (30 * dayUs) / 1e6;
    expect(holds(test, { kind: 'stalled', beyondSeconds: spent })).toBe(false);
    expect(holds(test, { kind: 'stalled', beyondSeconds: spent - 1e-6 })).toBe(true);
    expect(holds(test, { kind: 'stalled', beyondSeconds: null })).toBe(false);
  });

  it('without its fact, or with one of another kind, is a fault of the caller', () => {
    const rules = [ruleOf({ kind: 'stalled', quantile: 0.9 })];
    const rest = { health: healthDefault, rules };
    expect(() => scoreCustomer(factsOf({}), rest, asOfUs)).toThrow(RangeError);
    expect(() => scoreCustomer(factsOf({ r: { kind: 'count', count: 1 } }), rest, asOfUs)).toThrow(RangeError);
    const fact = { r: { kind: 'stalled' as const, beyondSeconds: null } };
    expect(() => scoreCustomer(factsOf(fact), rest, asOfUs - 40 * dayUs)).toThrow(RangeError);
  });
});

describe('a ledger', () => {
  it('has the clamp as a line of its own', () => {
    const test: HealthTest = { kind: 'count', ...all, withinUs: null, atLeast: 1, atMost: null };
    const facts = factsOf({ a: { kind: 'count', count: 2 }, b: { kind: 'count', count: 0 } });
    const ledgerWith = (points: number) =>
      scoreCustomer(
        facts,
        { health: healthDefault, rules: [ruleOf(test, { id: 'a', points }), ruleOf(test, { id: 'b', points: 1 })] },
        asOfUs,
      );
    expect(ledgerWith(55)).toMatchObject({
      score: 100,
      ledger: [
        { line: 'start', points: 60 },
        { line: 'rule', rule: 'a', points: 55, evidence: { kind: 'count', count: 2 } },
        { line: 'clamp', points: -15 },
      ],
    });
    expect(ledgerWith(-70).ledger.at(-1)).toEqual({ line: 'clamp', points: 10 });
    for (const points of [40, -60]) expect(ledgerWith(points).ledger).toHaveLength(2);
  });
});

describe('golden time', () => {
  const definition = { milestones: ['m'], withinUs: 7 * dayUs };
  const golden = { n: 2, sumMillionths: 600_000, stageMean: 0.2, milestoneUs: asOfUs - 7 * dayUs };
  const at = (fields: Partial<typeof golden> | { stageMean: null } | { milestoneUs: null }) =>
    goldenTime(factsOf({}, { golden: { ...golden, ...fields } }), definition, asOfUs);

  it('needs a milestone and a mood above that of the stage', () => {
    expect(at({})).toEqual({ n: 2, mean: 0.3, stageMean: 0.2, milestoneUs: golden.milestoneUs });
    expect(at({ milestoneUs: golden.milestoneUs - 1 })).toBeNull();
    expect(at({ milestoneUs: null })).toBeNull();
    expect(at({ stageMean: 0.3 })).toBeNull();
    expect(at({ stageMean: null })).toBeNull();
    expect(at({ n: 0, sumMillionths: 0, stageMean: -1 })).toBeNull();
  });

  it('is nothing where the definition has none, and a fault where the facts have none', () => {
    expect(goldenTime(factsOf({}, { golden }), null, asOfUs)).toBeNull();
    expect(() => goldenTime(factsOf({}), definition, asOfUs)).toThrow(RangeError);
  });
});
