import { type Condition, parseJourneys } from '@michinori/journey';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canHoldTogether } from '../src/satisfiable.ts';
import { briefly, withRules } from './helpers.ts';

const runs = Number(process.env.MICHINORI_TEST_RUNS ?? 300);

/** Two stages with one rule each and an exit. */
const staged = (first: string, second: string, exit = '[]', head = ''): string =>
  `journey: j\nversion: 1\n${head}stages: [{ id: a, enter: ${first} }, { id: b, enter: ${second} }]\nexit: ${exit}`;

describe('an exit and an enter rule', () => {
  test.each([
    ['x', 'x', true],
    ['x', 'y', false],
    ['x.*', 'x.y', true],
    ['x.y', 'x.*', true],
    ['x.*', 'x.y.*', true],
    ['x.*', 'y.*', false],
    ['x.*', 'x', false],
    ['"*"', 'x', true],
    ['"x*"', 'x', true],
    ['{ touchpoint: x, where: { property: p, eq: 1 } }', '{ touchpoint: x, where: { property: p, eq: 2 } }', false],
    ['{ touchpoint: x, where: { property: p, eq: 1 } }', '{ touchpoint: x, where: { property: p, eq: "1" } }', true],
    ['{ touchpoint: x, where: { property: p, eq: 1 } }', '{ touchpoint: x, where: { trait: p, eq: 2 } }', true],
    ['{ touchpoint: x, where: { property: p, eq: 1 } }', '{ touchpoint: x, where: { property: q, eq: 2 } }', true],
    ['{ touchpoint: x, where: { channel: [a, b] } }', '{ touchpoint: x, where: { channel: [b, c] } }', true],
    ['{ touchpoint: x, where: { channel: [a, b] } }', '{ touchpoint: x, where: { channel: [c] } }', false],
    ['{ touchpoint: x, where: { channel: a } }', '{ touchpoint: x, where: { team: c } }', true],
    [
      '{ touchpoint: x, where: { property: p, set: true } }',
      '{ touchpoint: x, where: { property: p, set: false } }',
      false,
    ],
    ['{ touchpoint: x, count: 3 }', 'x', true],
  ])('%s and %s', (exit, enter, overlaps) => {
    const rule = (text: string): string => (text.startsWith('{') ? text : `{ touchpoint: ${text} }`);
    expect(briefly(withRules(rule(enter), rule(exit)))).toEqual(overlaps ? ['exit_overlaps_enter exit'] : []);
  });

  test('the clash names the rule, of whichever stage', () => {
    const text = staged(
      '{ touchpoint: x }',
      '[{ touchpoint: y }, { touchpoint: z }]',
      '[{ touchpoint: q }, { touchpoint: z }]',
    );
    expect(briefly(text)).toEqual(['exit_overlaps_enter exit[1]']);
    const parsed = parseJourneys(text, { file: '' });
    expect(parsed.outcome === 'invalid' && parsed.problems[0]?.message).toContain('stages[1].enter[1]');
  });
});

describe('two exits', () => {
  test.each([
    ['{ touchpoint: x }', '{ touchpoint: x }', false],
    ['{ touchpoint: x, reason: a }', '{ touchpoint: x, reason: a }', false],
    ['{ touchpoint: x, reason: a }', '{ touchpoint: x, reason: b }', true],
    ['{ touchpoint: x, reason: a }', '{ touchpoint: x }', true],
    ['{ touchpoint: x, reason: a }', '{ touchpoint: x, reason: { property: a } }', true],
    ['{ touchpoint: x, reason: { property: b } }', '{ touchpoint: x, reason: { property: a } }', true],
    ['{ touchpoint: x, reason: { property: a } }', '{ touchpoint: x.y, reason: b }', false],
  ])('%s and %s', (first, second, clash) => {
    expect(briefly(withRules('{ touchpoint: s }', `[${first}, ${second}]`))).toEqual(
      clash ? ['exit_overlaps_exit exit[1]'] : [],
    );
  });
});

describe('of two stages that match one event the later one is taken', () => {
  const rule = (where: string): string => `{ touchpoint: x${where} }`;
  test.each([
    ['{ touchpoint: page.* }', '{ touchpoint: page.pricing }', false],
    ['{ touchpoint: page.pricing }', '{ touchpoint: page.* }', true],
    ['{ touchpoint: page.* }', '{ touchpoint: page.* }', true],
    ['{ touchpoint: page.* }', '{ touchpoint: "*" }', true],
    [rule(''), rule(', count: 2'), false],
    [rule(', count: 2'), rule(''), true],
    [rule(', count: 3'), rule(', count: 2'), true],
    [rule(', count: 2'), rule(', count: 3'), false],
    [rule(', count: 2, within: 1d'), rule(', count: 2'), true],
    [rule(', count: 2'), rule(', count: 2, within: 1d'), false],
    [rule(', count: 2, within: 1d'), rule(', count: 2, within: 24h'), true],
    [rule(', where: { team: a }'), rule(''), true],
    [rule(''), rule(', where: { team: a }'), false],
    [rule(', where: { team: [a, b] }'), rule(', where: { team: [b, a] }'), true],
    [rule(', where: { team: a }'), rule(', where: { channel: a }'), false],
  ])('%s then %s', (first, second, shadowed) => {
    expect(briefly(staged(first, second))).toEqual(shadowed ? ['rule_shadowed stages[0].enter'] : []);
    expect(briefly(staged(first, second, '[]', 'progress: free\n'))).toHaveLength(shadowed ? 1 : 0);
  });

  test('within one stage rules may cover each other', () => {
    expect(briefly(withRules('[{ touchpoint: page.* }, { touchpoint: page.x }]'))).toEqual([]);
  });
});

describe('terminal stages', () => {
  const terminal = (progress: string): string[] =>
    briefly(
      `journey: j\nversion: 1\nprogress: ${progress}\nstages: [{ id: a, enter: { touchpoint: a }, terminal: true }, { id: b, enter: { touchpoint: b } }]`,
    );
  test('are last where one only moves forward', () => {
    expect(terminal('forward')).toEqual(['terminal_not_last stages[0].terminal']);
    expect(terminal('free')).toEqual([]);
  });
});

describe('conditions that exclude each other', () => {
  const p = (op: Condition['op'], value?: Condition['value']): Condition => ({ property: 'p', op, value });
  test.each<[Condition[], boolean]>([
    [[], true],
    [[p('eq', 'a'), p('neq', 'a')], false],
    [[p('in', ['a', 'b']), p('not_in', ['a'])], true],
    [[p('in', ['a', 'b']), p('not_in', ['a', 'b'])], false],
    [[p('gt', 5), p('lt', 5)], false],
    [[p('gte', 5), p('lte', 5)], true],
    [[p('gte', 5), p('lt', 5)], false],
    [[p('gt', 4), p('lt', 5)], true],
    [[p('gte', 5), p('gt', 5), p('lte', 5)], false],
    [[p('lte', 5), p('lt', 5), p('gte', 5)], false],
    [[p('gt', 4), p('gt', 9), p('lt', 5)], false],
    [[p('eq', 7), p('gt', 6)], true],
    [[p('eq', 'seven'), p('gt', 6)], false],
    [[p('eq', '7.0'), p('eq', 7)], false],
    [[p('set'), p('eq', '')], true],
    [[p('not_set'), p('eq', '')], true],
    [[p('not_set'), p('neq', 'a')], true],
    [[p('not_set'), p('eq', 'a')], false],
    [[p('not_set'), p('gt', 0)], false],
    [[p('not_set'), p('contains', 'a')], false],
    [[p('contains', 'abc'), p('not_contains', 'b')], false],
    [[p('contains', 'abc'), p('not_contains', 'd')], true],
    [[p('eq', 'xay'), p('contains', 'a')], true],
    [[p('eq', 'xy'), p('contains', 'a')], false],
    [[p('eq', 'a'), p('regex', 'b')], true],
    [[p('eq', 'a'), { trait: 'p', op: 'eq', value: 'b' }], true],
    [
      [
        { channel: true, op: 'eq', value: 'a' },
        { team: true, op: 'eq', value: 'b' },
        { account: true, op: 'eq', value: 'c' },
      ],
      true,
    ],
  ])('%j: %s', (conditions, possible) => {
    expect(canHoldTogether(conditions)).toBe(possible);
  });

  const text = fc.constantFrom('', 'a', 'ab', 'b', '1', '2', '3', '2.0');
  const number = fc.constantFrom(1, 2, 3);
  const condition = fc.oneof(
    fc.tuple(fc.constantFrom('eq' as const, 'neq' as const), text).map(([op, value]) => p(op, value)),
    fc
      .tuple(fc.constantFrom('in' as const, 'not_in' as const), fc.array(text, { minLength: 1, maxLength: 4 }))
      .map(([op, value]) => p(op, value)),
    fc
      .tuple(fc.constantFrom('gt' as const, 'gte' as const, 'lt' as const, 'lte' as const), number)
      .map(([op, value]) => p(op, value)),
    fc
      .tuple(fc.constantFrom('contains' as const, 'not_contains' as const), fc.constantFrom('a', 'b', 'ab'))
      .map(([op, value]) => p(op, value)),
    fc.constantFrom(p('set'), p('not_set')),
  );
  const candidates = [
    null,
    '',
    'a',
    'ab',
    'b',
    'ba',
    'x',
    '0',
    '1',
    '1.5',
    '2',
    '2.0',
    '2.00',
    '2.5',
    '3',
    '4',
    'xabx',
  ];

  test('are never claimed where a value fulfils them all', () => {
    const byHand = ({ op, value }: Condition, given: string | null): boolean => {
      const own = given ?? '';
      const all = (Array.isArray(value) ? value : [value]).map(String);
      const order = own === '' || Number.isNaN(Number(own)) ? Number.NaN : Number(own) - Number(value);
      const holds: Partial<Record<Condition['op'], boolean>> = {
        eq: own === all[0],
        neq: own !== all[0],
        in: all.includes(own),
        not_in: !all.includes(own),
        gt: order > 0,
        gte: order >= 0,
        lt: order < 0,
        lte: order <= 0,
        contains: own.includes(String(all[0])),
        not_contains: !own.includes(String(all[0])),
        set: given !== null,
        not_set: given === null,
      };
      return holds[op] ?? false;
    };
    fc.assert(
      fc.property(fc.array(condition, { maxLength: 4 }), (conditions) => {
        const isFulfilled = candidates.some((given) => conditions.every((each) => byHand(each, given)));
        if (isFulfilled) expect(canHoldTogether(conditions)).toBe(true);
      }),
      { numRuns: runs * 5 },
    );
  });
});
