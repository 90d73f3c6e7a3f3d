import { isUnkept, type JsonValue, readJson } from '@michinori/events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requestText } from './arbitraries.ts';
import { runs } from './helpers.ts';
import { rational } from './oracle.ts';

function plain(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return [...value].map(([name, member]) => [name, plain(member)]).sort();
  return value;
}

function plainParsed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainParsed);
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, member]) => [name, plainParsed(member)])
      .sort();
  return Object.is(value, -0) ? 0 : value;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const damaged = fc
  .tuple(fc.oneof(fc.json(), requestText), fc.nat(), fc.nat(3), fc.string({ maxLength: 2 }))
  .map(([text, place, dropped, insert]) => {
    const at = place % (text.length + 1);
    return text.slice(0, at) + insert + text.slice(at + dropped);
  });

describe('reading JSON exactly', () => {
  test('the syntax is that of JSON.parse', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), damaged), (text) => readJson(text).ok === parses(text)),
      runs(3_000),
    );
  });

  test('what is kept is what JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5, stringUnit: 'binary' }), (text) => {
        const read = readJson(text);
        if (!read.ok || JSON.stringify(plain(read.value)).includes('"unkept":')) return;
        expect(plain(read.value)).toEqual(plainParsed(JSON.parse(text)));
      }),
      runs(1_000),
    );
  });

  test('a number is kept if and only if its double prints as an equal number and is not beyond ±(2^53 − 1)', () => {
    const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,22})(\.\d{1,22})?([eE][+-]?\d{1,3})?$/);
    const doubles = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(
        fc.oneof(
          digits,
          doubles.map(String),
          doubles.map((value) => value.toPrecision(17)),
          doubles.map((value) => value.toFixed(6)),
        ),
        (text) => {
          const read = readJson(text);
          if (!read.ok) throw new Error(read.message);
          const value = Number(text);
          const isExact = Number.isFinite(value) && rational(String(value)) === rational(text);
          const isTooBig = Number.isInteger(value) && Math.abs(value) > Number.MAX_SAFE_INTEGER;
          expect(isUnkept(read.value)).toBe(!isExact || isTooBig);
          if (isExact && !isTooBig) expect(read.value).toBe(value === 0 ? 0 : value);
        },
      ),
      runs(3_000),
    );
  });

  test('long literals take linear time', () => {
    const zeros = '0'.repeat(1_000_000);
    expect(readJson(`1.${zeros}1`)).toMatchObject({ value: { unkept: 'number_not_exact' } });
    expect(readJson(`1.${zeros}`)).toEqual({ ok: true, value: 1 });
    expect(readJson(`0.${zeros}1e1000001`)).toMatchObject({ ok: true, value: 1 });
    expect(readJson(`1e${zeros}3`)).toEqual({ ok: true, value: 1000 });
  });
});
