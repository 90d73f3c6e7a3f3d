import * as fc from 'fast-check';

/** Text with every character that a transport could stumble over; no lone surrogates, which no adapter takes. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom(
      '\\',
      "'",
      '"',
      '`',
      '\n',
      '\t',
      '\r',
      '\0',
      '\b',
      '\f',
      '\\N',
      'NULL',
      '{',
      '}',
      ':',
      ';',
      '--',
      '/*',
      '?',
      '&',
      '=',
      '%',
      '+',
      ' ',
      '\u2028',
      '\ufeff',
      'é',
      '日',
      '😀',
      '\x7f',
      '\x1b',
      'a',
      'n',
      '0',
      'x',
    ),
    maxLength: 20,
  }),
  fc.constantFrom('', '\\', "'", '\\N', 'NULL', '[]', "['a']", '{x:String}', '\\x41', '\\u0041', '--boundary\r\n'),
);

/** A value to bind, and what an answer shows of it. */
export interface ParameterCase {
  readonly label: string;
  readonly type: string;
  readonly value: unknown;
  readonly expected: unknown;
}

const same = (type: string, ...values: readonly unknown[]): ParameterCase[] =>
  values.map((value) => ({ label: JSON.stringify(value), type, value, expected: value }));
const shown = (type: string, value: unknown, expected: unknown): ParameterCase => ({
  label: String(value),
  type,
  value,
  expected,
});

/** One case or more of every type that a query may bind. */
export const parameterCases: readonly ParameterCase[] = [
  ...same('String', '', 'plain', "it's", 'tab\there', 'line\nbreak', 'back\\slash', '\\N', 'nul\0x', '😀 日本'),
  ...same('Nullable(String)', null, '', '\\N', 'NULL'),
  ...same('LowCardinality(String)', "a'b"),
  ...same('FixedString(3)', "a'b"),
  ...same('UInt8', 0, 255),
  ...same('Int32', -2147483648, 2147483647),
  ...same('Nullable(Int32)', null, 5),
  shown('UInt64', 2n ** 64n - 1n, '18446744073709551615'),
  shown('UInt64', 7, '7'),
  shown('Int64', -(2n ** 63n), '-9223372036854775808'),
  shown('Nullable(Int64)', null, null),
  ...same('Float64', 0, -1.5, 1e-7, 1e21, 0.1, 1.7976931348623157e308, 5e-324),
  ...same('Bool', true, false),
  shown('Decimal(38, 9)', '12345678901234567890.123456789', '12345678901234567890.123456789'),
  shown("DateTime64(6, 'UTC')", 1_764_000_000_123_456, '2025-11-24T16:00:00.123456Z'),
  shown("DateTime64(6, 'UTC')", 315_532_800_000_000, '1980-01-01T00:00:00.000000Z'),
  shown("DateTime64(6, 'UTC')", 1, '1970-01-01T00:00:00.000001Z'),
  shown("DateTime64(6, 'UTC')", 4_102_444_799_999_999, '2099-12-31T23:59:59.999999Z'),
  shown("DateTime64(6, 'UTC')", '2025-11-24 16:00:00.123456', '2025-11-24T16:00:00.123456Z'),
  shown("Nullable(DateTime64(6, 'UTC'))", null, null),
  shown("Array(DateTime64(6, 'UTC'))", [1_764_000_000_000_001], ['2025-11-24T16:00:00.000001Z']),
  ...same('Array(String)', [], ['a'], ["it's", 'b\\', '\n\t\0', '', "','"]),
  ...same('Array(Nullable(String))', ['a', null, 'NULL']),
  ...same('Array(UInt8)', [], [1, 2]),
  shown('Array(UInt64)', [0n, 2n ** 64n - 1n], ['0', '18446744073709551615']),
  ...same('Array(Float64)', [0.1, -1e-9]),
  ...same('Array(Bool)', [true, false]),
  ...same('Array(Array(String))', [['a'], [], ["'"]]),
  ...same('Tuple(String, UInt8)', ["a'b", 1]),
  ...same('Array(Tuple(String, UInt8))', [
    ['a', 1],
    ["b'\\", 2],
  ]),
  ...same('Map(String, String)', {}, { "k'": 'v\n\\', b: '' }),
  shown('Map(String, String)', new Map([['k', "v'"]]), { k: "v'" }),
  shown('Map(String, Array(UInt64))', { k: [1, 2n ** 64n - 1n] }, { k: ['1', '18446744073709551615'] }),
  shown('Map(UInt8, String)', new Map([[1, 'a']]), { 1: 'a' }),
];
