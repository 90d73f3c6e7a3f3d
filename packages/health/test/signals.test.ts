import { advanceSignals, type CustomerSignals, type HealthScore, movementsOf } from '@michinori/health';
import { healthDefault } from '@michinori/journey';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asOfUs, dayUs, scoreOf } from './helpers.ts';

const golden = { n: 1, mean: 1, stageMean: 0, milestoneUs: 0 };

/** Evaluates a customer day by day; null: he is in no stage that day. Changes as `day signal change`. */
function days(scores: readonly (number | null)[], thresholds = healthDefault): string[] {
  let states: ReadonlyMap<string, CustomerSignals> = new Map();
  return scores.flatMap((score, day) => {
    const atUs = asOfUs + day * dayUs;
    const given = score === null ? [] : [scoreOf({ r: score - 60 }, { atUs })];
    const next = advanceSignals(states, given, thresholds, atUs);
    states = next.states;
    return next.changes.map(({ signal, change, why }) => `${day} ${signal} ${change}${why === 'left' ? ' left' : ''}`);
  });
}

describe('signals', () => {
  it('of churn are raised below the threshold and cleared above threshold and margin', () => {
    expect(days([60, 40, 39, 40, 45, 46, 40, 39])).toEqual(['2 churn raised', '5 churn cleared', '7 churn raised']);
  });

  it('of expansion are raised above the threshold and cleared below threshold less margin', () => {
    expect(days([60, 85, 86, 80, 79, 85, 86])).toEqual([
      '2 expansion raised',
      '4 expansion cleared',
      '6 expansion raised',
    ]);
  });

  it('can change from one to the other at once', () => {
    expect(days([10, 90, 10])).toEqual([
      '0 churn raised',
      '1 churn cleared',
      '1 expansion raised',
      '2 churn raised',
      '2 expansion cleared',
    ]);
  });

  it('are cleared when the customer leaves, and begin anew when he comes back', () => {
    expect(days([10, null, null, 42, 39])).toEqual(['0 churn raised', '1 churn cleared left', '4 churn raised']);
  });

  it('follow golden time without hysteresis', () => {
    const first = advanceSignals(new Map(), [scoreOf({}, { golden })], healthDefault, asOfUs);
    expect(first.changes.map(({ signal, change }) => `${signal} ${change}`)).toEqual(['golden_time raised']);
    const later = scoreOf({}, { atUs: asOfUs + dayUs });
    const [cleared, ...more] = advanceSignals(first.states, [later], healthDefault, asOfUs + dayUs).changes;
    expect(cleared).toMatchObject({ signal: 'golden_time', change: 'cleared', raisedUs: asOfUs, atUs: asOfUs + dayUs });
    expect(more).toEqual([]);
  });

  it('remember since when they are raised', () => {
    let states: ReadonlyMap<string, CustomerSignals> = new Map();
    const seen = [10, 42, 10, 50].map((score, day) => {
      const atUs = asOfUs + day * dayUs;
      const next = advanceSignals(states, [scoreOf({ r: score - 60 }, { atUs })], healthDefault, atUs);
      states = next.states;
      return [states.get('c')?.raisedUs.churn, next.changes.map(({ raisedUs }) => raisedUs)];
    });
    expect(seen).toEqual([
      [asOfUs, [asOfUs]],
      [asOfUs, []],
      [asOfUs, []],
      [null, [asOfUs]],
    ]);
  });

  it('carry what moved the score since the evaluation before', () => {
    const before = advanceSignals(new Map(), [scoreOf({ logins: 10, quiet: -5 })], healthDefault, asOfUs);
    expect(before.changes).toEqual([]);
    const atUs = asOfUs + dayUs;
    const now = scoreOf({ quiet: -5, tickets: -12, angry: -20 }, { atUs });
    expect(advanceSignals(before.states, [now], healthDefault, atUs).changes).toEqual([
      {
        customer: 'c',
        signal: 'churn',
        change: 'raised',
        atUs,
        raisedUs: atUs,
        why: 'score',
        stage: 's',
        score: 23,
        scoreBefore: 65,
        moved: [
          { line: 'rule', rule: 'angry', from: 0, to: -20 },
          { line: 'rule', rule: 'tickets', from: 0, to: -12 },
          { line: 'rule', rule: 'logins', from: 10, to: 0 },
        ],
      },
    ]);
  });

  it('of one customer do not depend on those of others', () => {
    const ofTwo = [scoreOf({ r: -50 }, { customer: 'a' }), scoreOf({ r: 50 }, { customer: 'b' })];
    const { changes, states } = advanceSignals(new Map(), ofTwo, healthDefault, asOfUs);
    expect(changes.map(({ customer, signal }) => `${customer} ${signal}`)).toEqual(['a churn', 'b expansion']);
    expect([...states.keys()]).toEqual(['a', 'b']);
  });

  it('refuse scores that do not belong to one evaluation', () => {
    const score = scoreOf({});
    const next = (scores: HealthScore[], atUs = asOfUs, states: ReadonlyMap<string, CustomerSignals> = new Map()) =>
      advanceSignals(states, scores, healthDefault, atUs);
    expect(() => next([score, score])).toThrow(RangeError);
    expect(() => next([score], asOfUs + 1)).toThrow(RangeError);
    const { states } = next([score]);
    const earlier = scoreOf({}, { atUs: asOfUs - 1 });
    expect(() => next([earlier], asOfUs - 1, states)).toThrow(RangeError);
  });
});

const points = fc.dictionary(fc.constantFrom('a', 'b', 'd'), fc.integer({ min: -60, max: 60 }), {
  noNullPrototype: true,
});
const course = fc.array(fc.option(points, { freq: 6 }), { minLength: 1, maxLength: 12 });

describe('whatever the course of scores', () => {
  it('movements add up, signals alternate and stand where the state says, and the same scores again change nothing', () => {
    fc.assert(
      fc.property(course, (given) => {
        let states: ReadonlyMap<string, CustomerSignals> = new Map();
        const raised = new Set<string>();
        for (const [day, each] of given.entries()) {
          const atUs = asOfUs + day * dayUs;
          const scores = each === null ? [] : [scoreOf(each, { atUs })];
          const before = states.get('c')?.last ?? null;
          const { changes, states: next } = advanceSignals(states, scores, healthDefault, atUs);
          for (const { signal, change, moved, score, scoreBefore } of changes) {
            expect(raised.has(signal)).toBe(change === 'cleared');
            if (change === 'raised') raised.add(signal);
            else raised.delete(signal);
            const sum = moved.reduce((total, { from, to }) => total + to - from, 0);
            if (score !== null) expect(sum).toBe(score - (scoreBefore ?? 0));
          }
          expect(raised.has('churn') && raised.has('expansion')).toBe(false);
          const [score] = scores;
          if (score !== undefined) {
            if (score.score < 40) expect(raised.has('churn')).toBe(true);
            if (score.score > 45) expect(raised.has('churn')).toBe(false);
            expect(movementsOf(before, score).every(({ from, to }) => from !== to)).toBe(true);
          }
          expect(advanceSignals(next, scores, healthDefault, atUs)).toEqual({ states: next, changes: [] });
          states = next;
        }
      }),
      { numRuns: Number(process.env.MICHINORI_TEST_RUNS ?? 300) },
    );
  });
});
