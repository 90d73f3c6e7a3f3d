import type { Unkept } from './json-value.ts';

const ZERO = 48;

/**
 * The number that a JSON literal stands for, if a double keeps it: the shortest decimal that identifies the double
 * (ECMA-262 Number::toString) must be numerically equal to the literal, and whole numbers must lie within ±(2^53 − 1).
 * −0 is 0.
 *
 * Literals of at most 15 significant digits always pass (DBL_DIG in C, IEEE 754: 53 bits keep 15 decimal digits), which
 * is the quick way out; exponents take the slow way because of underflow.
 */
export function exactNumber(literal: string): number | Unkept {
  const value = Number(literal);
  if (value === 0 ? !isZero(literal) : !Number.isFinite(value)) return notExact(literal);
  if (value === 0) return 0;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return notExact(literal);
  if (literal.length <= 15 && !/e/i.test(literal)) return value;
  return normalForm(literal) === normalForm(String(value)) ? value : notExact(literal);
}

function notExact(literal: string): Unkept {
  return { unkept: 'number_not_exact', text: literal.slice(0, 64) };
}

function isZero(literal: string): boolean {
  for (let i = 0; i < literal.length; i += 1) {
    const code = literal.charCodeAt(i);
    if (code > ZERO && code <= ZERO + 9) return false;
    if (code === 101 || code === 69) return true;
  }
  return true;
}

/** Sign, digits without zeros at either end, and power of ten: equal for equal numbers. Loops, because /0+$/ is quadratic. */
function normalForm(literal: string): string {
  const sign = literal.startsWith('-') ? '-' : '';
  const exponentAt = literal.search(/e/i);
  const mantissa = literal.slice(sign.length, exponentAt < 0 ? undefined : exponentAt);
  const dot = mantissa.indexOf('.');
  const digits = dot < 0 ? mantissa : mantissa.slice(0, dot) + mantissa.slice(dot + 1);
  let start = 0;
  while (start < digits.length && digits.charCodeAt(start) === ZERO) start += 1;
  let end = digits.length;
  while (end > start && digits.charCodeAt(end - 1) === ZERO) end -= 1;
  const fractionDigits = dot < 0 ? 0 : mantissa.length - dot - 1;
  const written = exponentAt < 0 ? 0 : Number(literal.slice(exponentAt + 1));
  return `${sign}${digits.slice(start, end)}e${written - fractionDigits + (digits.length - end)}`;
}
