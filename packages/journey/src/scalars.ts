import { isScalar } from 'yaml';
import { type Cursor, kindOf, reportType } from './cursor.ts';
import { parseDuration } from './duration.ts';
import type { ConditionValue } from './journey.ts';
import { journeyLimits } from './limits.ts';
import { nearestWord } from './nearest-word.ts';
import type { Report } from './problem.ts';

/** Plain words that YAML 1.1 reads as true or false and YAML 1.2 as text. */
const yes = /^(?:y|yes|on)$/i;
const no = /^(?:n|no|off)$/i;

/** A text of 1 to `lengthMax` characters; null, reported, otherwise. */
export function readText(cursor: Cursor, lengthMax: number, report: Report): string | null {
  const { node } = cursor;
  if (node === null || !isScalar(node) || typeof node.value !== 'string') {
    const source = isScalar(node) ? node.source : undefined;
    reportType(cursor, 'a text', report, source === undefined || source === '' ? null : JSON.stringify(source));
    return null;
  }
  const text = node.value;
  if (text === '') report('empty_text', cursor, 'must not be empty');
  else if (text.length > lengthMax)
    report('text_too_long', cursor, `has ${text.length} characters, at most ${lengthMax} are allowed`);
  else if (!isStorable(text)) report('text_not_storable', cursor, 'contains U+0000 or half a surrogate pair');
  else return text;
  return null;
}

/** One of a few words; null, reported with the nearest one, otherwise. */
export function readWord<Word extends string>(cursor: Cursor, words: readonly Word[], report: Report): Word | null {
  if (kindOf(cursor) !== 'text') {
    reportType(cursor, `one of ${words.join(', ')}`, report);
    return null;
  }
  const text = readText(cursor, journeyLimits.valueLengthMax, report);
  if (text === null) return null;
  const found = words.find((word) => word === text);
  if (found === undefined) {
    report('unknown_value', cursor, `${shown(text)} is not one of ${words.join(', ')}`, nearestWord(text, words));
  }
  return found ?? null;
}

/** A whole number within bounds (inclusive). */
export function readInteger(cursor: Cursor, min: number, max: number, report: Report): number | null {
  const number = readNumber(cursor, 'a whole number', report);
  if (number === null) return null;
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  report('number_out_of_range', cursor, `must be a whole number from ${min} to ${max}`);
  return null;
}

/** A number written in decimal notation. */
export function readNumber(cursor: Cursor, expected: string, report: Report): number | null {
  const { node } = cursor;
  if (kindOf(cursor) !== 'number' || !isScalar(node)) {
    const text = isScalar(node) && typeof node.value === 'string' ? node.value : '';
    reportType(cursor, expected, report, /^-?[0-9]+(\.[0-9]+)?$/.test(text) ? String(Number(text)) : null);
    return null;
  }
  return isPlainNumber(node.source ?? '')
    ? Number(node.value)
    : reportNotation(cursor, node.source ?? '', String(Number(node.value)), report);
}

export function readBoolean(cursor: Cursor, report: Report): boolean | null {
  const { node } = cursor;
  if (isScalar(node) && typeof node.value === 'boolean') return node.value;
  const text = isScalar(node) && typeof node.value === 'string' ? node.value : '';
  reportType(cursor, 'true or false', report, yes.test(text) ? 'true' : no.test(text) ? 'false' : null);
  return null;
}

/** A duration in µs. */
export function readDuration(cursor: Cursor, report: Report): number | null {
  const { node } = cursor;
  const isNumber = kindOf(cursor) === 'number' && isScalar(node);
  const text = isNumber ? (node.source ?? '') : readText(cursor, journeyLimits.valueLengthMax, report);
  if (text === null) return null;
  const duration = parseDuration(text);
  if (duration.ok) return duration.us;
  report('invalid_duration', cursor, duration.message, duration.suggestion);
  return null;
}

/**
 * A value that events are compared with. What could be read as something else than was meant is refused: plain `on`, `no`
 * (text or truth value?), and numbers that a comparison of texts would see otherwise than they are written (`010`, `1.10`).
 */
export function readConditionValue(cursor: Cursor, report: Report): ConditionValue | null {
  const { node } = cursor;
  const kind = kindOf(cursor);
  if (!isScalar(node) || kind === 'nothing') {
    reportType(cursor, 'a text, a number, true or false', report);
    return null;
  }
  const source = node.source ?? '';
  if (kind === 'boolean') return node.value === true;
  if (kind === 'number') {
    if (!isPlainNumber(source)) return reportNotation(cursor, source, JSON.stringify(source), report);
    if (String(node.value) === source) return Number(node.value);
    report(
      'ambiguous_value',
      cursor,
      `the number ${source} would be compared as ${String(node.value)}; put it in quotes if it is a text`,
      JSON.stringify(source),
    );
    return null;
  }
  const text = String(node.value);
  if (node.type === 'PLAIN' && (yes.test(text) || no.test(text))) {
    report(
      'ambiguous_value',
      cursor,
      `${text} is a text here and true or false elsewhere; put it in quotes, or write true or false`,
      JSON.stringify(text),
    );
    return null;
  }
  if (text.length > journeyLimits.valueLengthMax) {
    report(
      'text_too_long',
      cursor,
      `has ${text.length} characters, at most ${journeyLimits.valueLengthMax} are allowed`,
    );
    return null;
  }
  if (isStorable(text)) return text;
  report('text_not_storable', cursor, 'contains U+0000 or half a surrogate pair');
  return null;
}

export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function isPlainNumber(source: string): boolean {
  return (
    /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/.test(source) && (source.includes('.') || Number.isSafeInteger(Number(source)))
  );
}

function reportNotation(cursor: Cursor, source: string, suggestion: string, report: Report): null {
  const octal = /^0[0-9]+$/.test(source) ? ': it is octal to some programs' : '';
  const quotes = suggestion.startsWith('"') ? '; put it in quotes if it is a text' : '';
  report('ambiguous_value', cursor, `${shown(source)} is no plain decimal number${octal}${quotes}`, suggestion);
  return null;
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text);
}
