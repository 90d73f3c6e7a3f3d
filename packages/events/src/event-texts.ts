import { CLOSE_ARRAY, COMMA, type JsonReader, OPEN_ARRAY } from './json-reader.ts';
import type { JsonValue } from './json-value.ts';
import { limits } from './limits.ts';

/** One event of a request, not judged yet, with its place in the text (UTF-16 offsets, end exclusive). */
export interface EventText {
  readonly value: JsonValue;
  readonly start: number;
  readonly end: number;
}

/** The elements of the array that begins here, or null if a request may not have so many. */
export function readEventTexts(reader: JsonReader): EventText[] | null {
  const events: EventText[] = [];
  reader.expect(OPEN_ARRAY);
  if (reader.peek() === CLOSE_ARRAY) {
    reader.expect(CLOSE_ARRAY);
    return events;
  }
  for (;;) {
    reader.peek();
    const start = reader.offset();
    const value = reader.readValue(1);
    if (events.length === limits.requestEventsMax) return null;
    events.push({ value, start, end: reader.offset() });
    if (reader.peek() !== COMMA) break;
    reader.expect(COMMA);
  }
  reader.expect(CLOSE_ARRAY);
  return events;
}
