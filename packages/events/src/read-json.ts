import { createJsonReader, JsonSyntaxError } from './json-reader.ts';
import type { JsonValue } from './json-value.ts';

export type ReadJson =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly message: string };

/**
 * One JSON text, exactly (see `JsonValue`); objects and arrays may be nested `limits.depthMax` levels. Never throws:
 * what isn't JSON comes back as a message with line and column.
 */
export function readJson(text: string): ReadJson {
  return guardSyntax(text, () => {
    const reader = createJsonReader(text);
    const value = reader.readValue(1);
    if (!Number.isNaN(reader.peek())) throw new JsonSyntaxError('expected the end of the text', reader.offset());
    return value;
  });
}

/** Runs `read` on `text` and turns a `JsonSyntaxError` into a message; any other error is a bug and passes. */
export function guardSyntax<T>(
  text: string,
  read: () => T,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string } {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return { ok: false, message: `not JSON: ${error.message} at ${place(text, error.offset)}` };
  }
}

function place(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return `line ${line}, column ${offset - lineStart + 1}`;
}
