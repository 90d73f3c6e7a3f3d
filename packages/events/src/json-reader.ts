import { exactNumber } from './json-number.ts';
import type { JsonObject, JsonValue, Unkept } from './json-value.ts';
import { limits } from './limits.ts';

/** Not JSON: what was expected at which UTF-16 offset. Caught where a body is read; never leaves the package. */
export class JsonSyntaxError extends Error {
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(reason);
    this.name = 'JsonSyntaxError';
    this.offset = offset;
  }
}

/** Reads RFC 8259 JSON from a text, value by value, exactly (see `JsonValue`). Everything but `peek` and `offset` throws `JsonSyntaxError`. */
export interface JsonReader {
  /** The code of the next character that isn't white space; NaN at the end. */
  peek(): number;
  offset(): number;
  /** Skips the punctuation character `code` or fails. */
  expect(code: number): void;
  /** A member's name and its colon. */
  readName(): string;
  /** `depth` is the level that an object or array would have here; below `limits.depthMax` they are only checked for syntax. */
  readValue(depth: number): JsonValue;
}

export const QUOTE = 34;
export const COMMA = 44;
export const COLON = 58;
export const OPEN_ARRAY = 91;
export const CLOSE_ARRAY = 93;
export const OPEN_OBJECT = 123;
export const CLOSE_OBJECT = 125;
const BACKSLASH = 92;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;

const TOO_DEEP: Unkept = { unkept: 'too_deep', text: '' };
const DUPLICATE_NAME: Unkept = { unkept: 'duplicate_name', text: '' };

/** A reader at the beginning of `text`. */
export function createJsonReader(text: string): JsonReader {
  let at = 0;

  function fail(reason: string, offset = at): never {
    throw new JsonSyntaxError(offset >= text.length ? `${reason}, but the text ends` : reason, offset);
  }

  function peek(): number {
    for (;;) {
      const code = text.charCodeAt(at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return code;
      at += 1;
    }
  }

  function expect(code: number): void {
    if (peek() !== code) fail(`expected ${String.fromCharCode(code)}`);
    at += 1;
  }

  function readName(): string {
    if (peek() !== QUOTE) fail('expected a name in double quotes');
    const name = readString();
    expect(COLON);
    return name;
  }

  function readString(): string {
    const start = at;
    let hasEscape = false;
    for (let i = start + 1; ; i += 1) {
      const code = text.charCodeAt(i);
      if (code === QUOTE) {
        at = i + 1;
        return hasEscape ? decodeEscapes(start, at) : text.slice(start + 1, i);
      }
      if (code === BACKSLASH) {
        hasEscape = true;
        i += 1;
      } else if (!(code >= 32)) {
        fail(code < 32 ? 'control characters must be escaped' : 'expected the closing quote', i);
      }
    }
  }

  function decodeEscapes(start: number, end: number): string {
    try {
      return String(JSON.parse(text.slice(start, end)));
    } catch {
      return fail('this text has an invalid escape', start);
    }
  }

  function readNumber(): number | Unkept {
    const start = at;
    if (text.charCodeAt(at) === MINUS) at += 1;
    if (text.charCodeAt(at) === ZERO) at += 1;
    else skipDigits();
    if (text.charCodeAt(at) === DOT) {
      at += 1;
      skipDigits();
    }
    const code = text.charCodeAt(at);
    if (code === 101 || code === 69) {
      at += 1;
      const sign = text.charCodeAt(at);
      if (sign === MINUS || sign === 43) at += 1;
      skipDigits();
    }
    return exactNumber(text.slice(start, at));
  }

  function skipDigits(): void {
    const start = at;
    for (let code = text.charCodeAt(at); code >= ZERO && code <= NINE; code = text.charCodeAt(at)) at += 1;
    if (at === start) fail('expected a digit');
  }

  function readWord<T>(word: string, value: T): T {
    if (!text.startsWith(word, at)) fail('expected a JSON value');
    at += word.length;
    return value;
  }

  function readScalar(code: number): JsonValue {
    if (code === QUOTE) return readString();
    if (code === MINUS || (code >= ZERO && code <= NINE)) return readNumber();
    if (code === 116) return readWord('true', true);
    if (code === 102) return readWord('false', false);
    return readWord('null', null);
  }

  function readValue(depth: number): JsonValue {
    const code = peek();
    if (code !== OPEN_OBJECT && code !== OPEN_ARRAY) return readScalar(code);
    if (depth > limits.depthMax) return skipNested();
    return code === OPEN_OBJECT ? readObject(depth) : readArray(depth);
  }

  function readObject(depth: number): JsonObject {
    const members = new Map<string, JsonValue>();
    at += 1;
    if (peek() === CLOSE_OBJECT) {
      at += 1;
      return members;
    }
    for (;;) {
      const name = readName();
      const value = readValue(depth + 1);
      const sizeBefore = members.size;
      members.set(name, value);
      if (members.size === sizeBefore) members.set(name, DUPLICATE_NAME);
      if (isClosed(CLOSE_OBJECT)) return members;
    }
  }

  function readArray(depth: number): JsonValue[] {
    const elements: JsonValue[] = [];
    at += 1;
    if (peek() === CLOSE_ARRAY) {
      at += 1;
      return elements;
    }
    for (;;) {
      elements.push(readValue(depth + 1));
      if (isClosed(CLOSE_ARRAY)) return elements;
    }
  }

  function isClosed(closer: number): boolean {
    const code = peek();
    if (code !== COMMA && code !== closer) fail(`expected , or ${String.fromCharCode(closer)}`);
    at += 1;
    return code === closer;
  }

  /** Checks the syntax of an object or array of any depth without recursion. */
  function skipNested(): Unkept {
    const closers: number[] = [];
    do {
      const code = peek();
      const isOpening = code === OPEN_OBJECT || code === OPEN_ARRAY;
      if (isOpening) {
        closers.push(code + 2);
        at += 1;
        if (peek() !== code + 2) {
          if (code === OPEN_OBJECT) readName();
          continue;
        }
        at += 1;
        closers.pop();
      } else {
        readScalar(code);
      }
      for (let closer = closers.at(-1); closer !== undefined; closer = closers.at(-1)) {
        if (!isClosed(closer)) {
          if (closer === CLOSE_OBJECT) readName();
          break;
        }
        closers.pop();
      }
    } while (closers.length > 0);
    return TOO_DEEP;
  }

  return { peek, offset: () => at, expect, readName, readValue };
}
