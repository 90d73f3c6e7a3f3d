import { eventFromObject } from '@michinori/events';
import { describe, expect, test } from 'vitest';
import { context, outcomeOf, receivedAtUs } from './helpers.ts';

const row = { id: 'e1', customer: 'c1', touchpoint: 't' };
const outcome = (more: object): string => outcomeOf(eventFromObject({ ...row, ...more }, context));

describe('an imported row', () => {
  test('becomes the event that its JSON would be', () => {
    const fields = new Map<string, unknown>([
      ...Object.entries(row),
      ['properties', { a: { b: 1n }, l: [1, undefined], u: undefined }],
      ['nps', 9],
      ['team', undefined],
    ]);
    const verdict = eventFromObject(fields, context);
    expect(verdict).toMatchObject({ accepted: true, event: { nps: 9, team: null, occurredAtUs: receivedAtUs } });
    expect(verdict.accepted && [...verdict.event.properties]).toEqual([
      ['a.b', 1],
      ['l', '[1,null]'],
    ]);
  });

  test('is refused with the row and its text', () => {
    const verdict = eventFromObject(
      { ...row, nps: 11, properties: { n: Number.NaN, d: '\ud800' } },
      { ...context, index: 41 },
    );
    expect(verdict).toMatchObject({
      rejected: { rejection: { index: 41, id: 'e1', code: 'number_out_of_range', path: '/nps' } },
    });
    expect(verdict.accepted || verdict.rejected.raw).toBe(
      '{"id":"e1","customer":"c1","touchpoint":"t","nps":11,"properties":{"n":"NaN","d":"\\ud800"}}',
    );
  });

  test.each([
    ['wrong_type /properties/d', { properties: { d: new Date(0) } }],
    ['wrong_type /properties/f', { properties: { f: () => 1 } }],
    ['wrong_type /properties/s', { properties: { s: Symbol('s') } }],
    ['wrong_type /properties', { properties: new Date(0) }],
    ['number_not_exact /properties/n', { properties: { n: 2n ** 64n } }],
    ['number_not_exact /properties/n', { properties: { n: 2 ** 53 } }],
    ['number_not_finite /sentiment', { sentiment: Number.POSITIVE_INFINITY }],
    [
      'duplicate_name /properties/1',
      {
        properties: new Map<unknown, unknown>([
          [1, 'a'],
          ['1', 'b'],
        ]),
      },
    ],
    ['text_with_lone_surrogate /team', { team: '\ud800' }],
    ['text_with_nul /team', { team: '\0' }],
    ['event_too_large', { properties: { a: 'x'.repeat(1_048_576) } }],
    ['event_too_large', { properties: Array.from({ length: 600_000 }, () => 1) }],
  ])('%s', (expected, more) => {
    expect(outcome(more)).toBe(expected);
  });

  test('a cycle is too deep or too large, never endless', () => {
    const one: Record<string, unknown> = {};
    one.self = one;
    expect(outcome({ properties: one })).toBe(`too_deep /properties${'/self'.repeat(19)}`);
    const two: Record<string, unknown> = {};
    two.left = two;
    two.right = two;
    expect(outcome({ properties: two })).toMatch(/^(too_deep|event_too_large)/);
  });

  test('__proto__ in a row is data', () => {
    const properties: unknown = JSON.parse('{"__proto__":{"a":1}}');
    const verdict = eventFromObject({ ...row, properties }, context);
    expect(verdict.accepted && [...verdict.event.properties]).toEqual([['__proto__.a', 1]]);
  });
});
