import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { encodeRows } from '../src/insert-format.ts';
import { checkParameters } from '../src/parameters.ts';
import { scanPlaceholders } from '../src/placeholders.ts';
import { defineQuery } from '../src/query.ts';
import { parseRows } from '../src/rows.ts';
import {
  bigintColumn,
  flagColumn,
  integerColumn,
  isoFromMicroseconds,
  microsecondsFromIso,
  textMapColumn,
} from '../src/values.ts';

describe('placeholders', () => {
  test('are found once each, outside strings, names and comments', () => {
    const sql =
      "SELECT {a:String}, '{b:String}', `{c:String}` -- {d:String}\n/* {e:String} */, { f : Array(Tuple(String, UInt8)) }, {a:String}, 'it''s', {g:DateTime64(6, 'UTC')}";
    expect(scanPlaceholders('q', sql)).toEqual([
      { name: 'a', type: 'String' },
      { name: 'f', type: 'Array(Tuple(String, UInt8))' },
      { name: 'g', type: "DateTime64(6, 'UTC')" },
    ]);
  });

  test.each(['SELECT {a}', 'SELECT {1:String}', 'SELECT {}', 'SELECT {a:String}, {a:UInt8}'])(
    '%s is refused at definition',
    (sql) => {
      const define = () => defineQuery({ name: 'q', sql, params: z.unknown(), row: z.unknown() });
      expect(define).toThrow(expect.objectContaining({ codeName: 'BAD_PLACEHOLDER' }));
    },
  );
});

describe('a value that its type cannot hold is refused', () => {
  test.each([
    ['UInt8', 256],
    ['UInt8', -1],
    ['Int8', 128],
    ['Int64', 2n ** 63n],
    ['UInt64', 2n ** 64n],
    ['UInt64', 2 ** 53],
    ['UInt64', 1.5],
    ['Array(UInt8)', [1, 300]],
    ['Map(String, UInt8)', { a: 300 }],
    ['Tuple(String, UInt8)', ['a', 300]],
    ['Nullable(UInt8)', 300],
    ['Float64', Number.NaN],
    ['Float64', Number.POSITIVE_INFINITY],
    ["DateTime64(6, 'UTC')", 0.5],
    ['DateTime', 1],
    ['Date', 1],
    ['String', null],
    ['Array(String)', [null]],
    ['String', undefined],
    ['String', Symbol('x')],
  ])('%s %s', (type, value) => {
    const check = () => checkParameters('q', [{ name: 'v', type }], { v: value });
    expect(check).toThrow(
      expect.objectContaining({ codeName: 'BAD_PARAMETERS', message: expect.stringContaining('query q') }),
    );
  });

  test('values of the prototype are not parameters', () => {
    const check = () => checkParameters('q', [{ name: 'toString', type: 'String' }], {});
    expect(check).toThrow(expect.objectContaining({ codeName: 'BAD_PARAMETERS' }));
  });
});

describe('rows', () => {
  test('map keys keep their order and their name', () => {
    const row = [
      new Map([
        ['b', '1'],
        ['1', '2'],
        ['__proto__', '3'],
      ]),
      2n ** 64n - 1n,
      null,
      ['x', "'"],
      true,
    ];
    expect(encodeRows(['m', 'u', 'n', 'a', 'f'], [row])).toBe(
      `[{"b":"1","1":"2","__proto__":"3"},18446744073709551615,null,["x","'"],true]\n`,
    );
  });

  test.each([[[undefined]], [[Number.NaN]], [[() => 1]], [[[Number.POSITIVE_INFINITY]]], [[]], [['a', 'b']]])(
    '%s is not storable',
    (row) => {
      expect(() => encodeRows(['c'], [['fine'], row])).toThrow(
        expect.objectContaining({
          codeName: 'VALUE_NOT_STORABLE',
          kind: 'data',
          message: expect.stringContaining('row 1'),
        }),
      );
    },
  );

  test('an answer cut short is an interrupted one, another shape names query, row and field', () => {
    const row = z.object({ n: integerColumn });
    expect(parseRows('q', row, '[{"n":"1"},{"n":2}]')).toEqual([{ n: 1 }, { n: 2 }]);
    expect(() => parseRows('q', row, '[{"n":"1"},')).toThrow(
      expect.objectContaining({ codeName: 'ANSWER_INTERRUPTED' }),
    );
    expect(() => parseRows('q', row, '')).toThrow(expect.objectContaining({ codeName: 'ANSWER_INTERRUPTED' }));
    expect(() => parseRows('q', row, '{}')).toThrow(expect.objectContaining({ codeName: 'UNEXPECTED_ANSWER' }));
    const wrong = () => parseRows('q', row, '[{"n":1},{"n":"x"}]');
    expect(wrong).toThrow(
      expect.objectContaining({ codeName: 'BAD_ROW', message: expect.stringMatching(/query q, row 1.*n/) }),
    );
  });

  test('integers beyond 2^53 are exact or an error', () => {
    expect(bigintColumn.parse('18446744073709551615')).toBe(2n ** 64n - 1n);
    expect(integerColumn.parse('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
    expect(integerColumn.safeParse('9007199254740993').success).toBe(false);
    expect(integerColumn.safeParse('1.5').success).toBe(false);
    expect([0, 1, true, false].map((value) => flagColumn.parse(value))).toEqual([false, true, true, false]);
  });

  test('a map column keeps __proto__', () => {
    expect(textMapColumn.parse(JSON.parse('{"__proto__":"x","1":"y"}'))).toEqual(
      new Map([
        ['1', 'y'],
        ['__proto__', 'x'],
      ]),
    );
    expect(textMapColumn.safeParse({ a: 1 }).success).toBe(false);
    expect(textMapColumn.safeParse([]).success).toBe(false);
  });
});

describe('times', () => {
  test.each([0, 1, 999_999, 1_000_000, 315_532_800_000_000, 1_764_000_000_123_456, 4_102_444_799_999_999, -1])(
    '%i µs there and back',
    (us) => {
      expect(microsecondsFromIso(isoFromMicroseconds(us))).toBe(us);
    },
  );

  test.each([
    ['2025-11-24T16:00:00.123456Z', 1_764_000_000_123_456],
    ['2025-11-24T16:00:00Z', 1_764_000_000_000_000],
    ['2025-11-24T16:00:00.5Z', 1_764_000_000_500_000],
    ['2025-11-24T16:00:00.123456999Z', 1_764_000_000_123_456],
    ['2025-11-24 16:00:00', null],
    ['2025-13-24T16:00:00Z', null],
    ['2025-11-24T16:00:00+09:00', null],
  ])('%s', (text, us) => {
    expect(microsecondsFromIso(text)).toBe(us);
  });
});
