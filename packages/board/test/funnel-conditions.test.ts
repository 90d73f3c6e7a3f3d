import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type FilterDraft,
  filterOf,
  filterOps,
  readSubject,
  subjectText,
} from '../src/app/pages/funnel/filter-draft.ts';
import { readFunnel, writeFunnel } from '../src/app/pages/funnel/funnel-address.ts';
import { bodyOf, type FunnelState, namedStep, timesOf } from '../src/app/pages/funnel/funnel-state.ts';
import { trendLines } from '../src/app/pages/funnel/trend-lines.ts';
import { readView } from '../src/app/state/view.ts';

const nowMs = Date.parse('2026-03-01T00:00:00Z');
const viewOf = (query = '') => readView(new URLSearchParams(query), { timezone: 'UTC', languages: ['en'] });
const queryOf = (state: FunnelState) => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(writeFunnel(state))) {
    for (const one of [value].flat()) if (one !== null) query.append(name, String(one));
  }
  return query;
};
const usual = { order: 'sequential', window: { value: 30, unit: 'day' }, unit: 'customer' } as const;
const isPro: FilterDraft = { subject: { kind: 'trait', name: 'plan' }, op: 'in', values: ['pro', 'a,b "c"'] };
const isWeb: FilterDraft = { subject: { kind: 'channel', name: '' }, op: 'eq', values: ['web'] };

const text = fc.string({ minLength: 1, maxLength: 8 }).filter((one) => !one.startsWith('?'));
const spans = fc.record({
  value: fc.integer({ min: 1, max: 99_999 }),
  unit: fc.constantFrom('minute' as const, 'hour' as const, 'day' as const, 'week' as const),
});
const subjects = fc.oneof(
  fc.record({ kind: fc.constantFrom('trait' as const, 'property' as const), name: fc.string({ maxLength: 8 }) }),
  fc.record({ kind: fc.constantFrom('channel' as const, 'team' as const, 'account' as const), name: fc.constant('') }),
);
const filters = fc.record({
  subject: subjects,
  op: fc.constantFrom(...filterOps),
  values: fc.array(fc.string({ maxLength: 8 }), { maxLength: 3 }),
});
const several = <Item>(item: fc.Arbitrary<Item>) =>
  fc.option(fc.array(item, { minLength: 1, maxLength: 3 }), { nil: undefined });
const maybe = <Item>(item: fc.Arbitrary<Item>) => fc.option(item, { nil: undefined });
const numbers = fc.integer({ min: 1, max: 20 });
const states: fc.Arbitrary<FunnelState> = fc.record({
  steps: fc.array(
    fc.record({ text, isOptional: fc.boolean(), where: several(filters), within: maybe(spans), atLeast: maybe(spans) }),
    { maxLength: 4 },
  ),
  order: fc.constantFrom('sequential' as const, 'strict' as const, 'any' as const),
  window: spans,
  unit: fc.constantFrom('customer' as const, 'account' as const),
  exclude: several(fc.record({ text, after: numbers, before: numbers, where: several(filters) })),
  hold: several(subjects),
  filter: several(filters),
  trend: maybe(fc.constantFrom('hour' as const, 'day' as const, 'week' as const, 'month' as const)),
  times: maybe(fc.record({ from: numbers, to: numbers })),
});

describe('conditions of a funnel', () => {
  it('are read back from the address that they were written to', () => {
    fc.assert(
      fc.property(states, (state) => {
        expect(readFunnel(new URLSearchParams(queryOf(state).toString()))).toEqual(state);
      }),
    );
  });

  it('that an address garbles are passed over', () => {
    const query = 'step=a&where=x&where=["a"]&where=[1,"age","eq"]&within=1&within=1:0d&exclude=[1]&filter={}&hold=age';
    expect(readFunnel(new URLSearchParams(query))).toEqual({ ...usual, steps: [{ text: 'a', isOptional: false }] });
  });

  it('are asked as the API wants them, numbered by the steps that have a name', () => {
    const span = { value: 3, unit: 'hour' } as const;
    const state: FunnelState = {
      ...usual,
      steps: [
        { text: 'a', isOptional: false, where: [isWeb], within: span },
        { text: '', isOptional: false },
        { text: 'b', isOptional: true, where: [isPro], within: span, atLeast: { value: 1, unit: 'minute' } },
        { text: 'c', isOptional: false },
      ],
      exclude: [
        { text: 'x|y*', after: 1, before: 4, where: [isWeb] },
        { text: 'z', after: 1, before: 2 },
        { text: '', after: 1, before: 4 },
      ],
      hold: [
        { kind: 'property', name: 'contract' },
        { kind: 'trait', name: '' },
      ],
      filter: [{ subject: { kind: 'property', name: 'age' }, op: 'not_set', values: ['left'] }],
    };
    const where = [{ channel: true, op: 'eq', value: 'web' }];
    expect(bodyOf(state, viewOf('segment=plan:pro'), nowMs)).toMatchObject({
      steps: [
        { touchpoint: 'a', where },
        {
          ...{ touchpoint: 'b', optional: true, within: span, atLeast: { value: 1, unit: 'minute' } },
          where: [{ trait: 'plan', op: 'in', value: ['pro', 'a,b "c"'] }],
        },
        { touchpoint: 'c' },
      ],
      exclude: [{ touchpoint: ['x', 'y*'], where, after: 1, before: 3 }],
      hold: ['property:contract'],
      filter: [
        { trait: 'plan', op: 'in', value: ['pro'] },
        { property: 'age', op: 'not_set' },
      ],
    });
    const first = bodyOf(state, viewOf(), nowMs)?.steps[0];
    expect(first).not.toHaveProperty('within');
    const any = bodyOf({ ...state, order: 'any' }, viewOf(), nowMs);
    expect(any?.exclude?.slice(0, 2)).toEqual([{ touchpoint: ['x', 'y*'], where }, { touchpoint: 'z' }]);
    expect(JSON.stringify(any?.steps)).not.toMatch(/within|atLeast|optional/);
  });

  it('that are not whole are not asked', () => {
    const draft = (part: Partial<FilterDraft>): FilterDraft => ({ ...isPro, ...part });
    expect(filterOf(draft({ values: [] }))).toBeNull();
    expect(filterOf(draft({ op: 'eq', values: [''] }))).toBeNull();
    expect(filterOf(draft({ subject: { kind: 'property', name: '' } }))).toBeNull();
    expect(filterOf(draft({ op: 'set', values: [] }))).toEqual({ trait: 'plan', op: 'set' });
    expect(filterOf(draft({ op: 'gte', values: ['3', '4'] }))).toEqual({ trait: 'plan', op: 'gte', value: '3' });
    expect([subjectText({ kind: 'team', name: '' }), subjectText({ kind: 'trait', name: '' })]).toEqual(['team', null]);
    expect([readSubject('trait:a:b'), readSubject('age:b')]).toEqual([{ kind: 'trait', name: 'a:b' }, null]);
  });

  it('count steps that have a name, and measure time between two that there are', () => {
    const steps = ['a', ' ', 'b'].map((one) => ({ text: one, isOptional: false }));
    expect([0, 1, 2, 3, 4].map((number) => namedStep(steps, number))).toEqual([0, 1, 0, 2, 0]);
    expect(timesOf({ from: 2, to: 3 }, 3)).toEqual({ fromStep: 2, toStep: 3 });
    for (const times of [undefined, { from: 2, to: 2 }, { from: 1, to: 4 }, { from: 0, to: 2 }])
      expect(timesOf(times, 3)).toEqual({ fromStep: 1, toStep: 3 });
  });
});

it('the course of a funnel is its last step by bucket, a line per segment', () => {
  const row = (segment: string | null, bucket: string, step: number, rate: number | null, state = 'ok') =>
    ({ segment, bucket, step, rate, lo: rate, hi: rate, n: 40, state }) as Parameters<typeof trendLines>[0][number];
  const rows = [
    row('a', 'b1', 1, 1),
    row('a', 'b1', 2, 0.5),
    row('a', 'b2', 2, null, 'insufficient'),
    row('', 'b1', 2, 0.2),
  ];
  const lines = trendLines(rows, { segment: (one) => one || 'none', bucket: (one) => one.toUpperCase() });
  const point = { lo: 0.5, hi: 0.5, n: 40 };
  expect(lines).toEqual([
    {
      name: 'a',
      points: [
        { period: 'B1', y: 0.5, ...point, isWeak: false },
        { period: 'B2', y: null, lo: null, hi: null, n: 40, isWeak: true },
      ],
    },
    { name: 'none', points: [{ period: 'B1', y: 0.2, lo: 0.2, hi: 0.2, n: 40, isWeak: false }] },
  ]);
});
