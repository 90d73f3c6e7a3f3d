import { type EventText, readEventTexts } from './event-texts.ts';
import { unknownField } from './fields.ts';
import { clockShiftUs, parseInstant } from './instant.ts';
import { CLOSE_OBJECT, COMMA, createJsonReader, type JsonReader, OPEN_ARRAY, OPEN_OBJECT } from './json-reader.ts';
import { type JsonValue, kindOf } from './json-value.ts';
import { limits } from './limits.ts';
import { guardSyntax } from './read-json.ts';
import { type MalformedRequest, malformed } from './request.ts';

export type ReadRequest =
  | { readonly outcome: 'read'; readonly events: readonly EventText[]; readonly shiftUs: number }
  /** An object on a line of its own, and then more: perhaps one event per line. */
  | { readonly outcome: 'more' }
  | MalformedRequest;

/**
 * Splits the text of a request into its events in one pass: an object with the name `events` is a batch, any other
 * object is an event. The clock shift is settled here because it belongs to the request.
 */
export function readRequest(text: string, receivedAtUs: number): ReadRequest {
  const read = guardSyntax(text, () => {
    const reader = createJsonReader(text);
    const first = reader.peek();
    if (Number.isNaN(first)) return malformed('empty_body', '', 'the body is empty');
    const start = reader.offset();
    const request = first === OPEN_OBJECT ? readObject(reader, receivedAtUs) : readArrayOrScalar(reader, first);
    if (request.outcome === 'malformed' && request.code === 'too_many_events') return request;
    const end = reader.offset();
    if (Number.isNaN(reader.peek())) return request;
    return first === OPEN_OBJECT && isLine(text, start, end, reader.offset())
      ? { outcome: 'more' as const }
      : malformed('invalid_json', '', 'not JSON: there is more after the first value');
  });
  return read.ok ? read.value : malformed('invalid_json', '', read.message);
}

/** Whether the value from `start` to `end` has a line to itself, before what begins at `next`. */
function isLine(text: string, start: number, end: number, next: number): boolean {
  const newline = text.indexOf('\n', start);
  return newline >= end && newline < next;
}

function readArrayOrScalar(reader: JsonReader, first: number): ReadRequest {
  if (first === OPEN_ARRAY) return withEvents(readEventTexts(reader), '', 0);
  const value = reader.readValue(1);
  return malformed('wrong_type', '', `expected an event, an array of events or {"events": […]}, got ${kindOf(value)}`);
}

function withEvents(events: readonly EventText[] | null, path: string, shiftUs: number): ReadRequest {
  if (events === null) {
    return malformed('too_many_events', path, `a request may have ${limits.requestEventsMax} events`);
  }
  return events.length === 0
    ? malformed('no_events', path, 'there is no event in the request')
    : { outcome: 'read', events, shiftUs };
}

interface TopLevel {
  readonly members: Map<string, JsonValue>;
  /** Undefined if there is no `events`; its elements if it is an array. */
  readonly events: readonly EventText[] | null | undefined;
  readonly repeated: string | null;
}

function readObject(reader: JsonReader, receivedAtUs: number): ReadRequest {
  const start = reader.offset();
  const { members, events, repeated } = readTopLevel(reader);
  if (events === null) return withEvents(null, '/events', 0);
  if (!members.has('events')) {
    return { outcome: 'read', events: [{ value: members, start, end: reader.offset() }], shiftUs: 0 };
  }
  if (repeated !== null) return malformed('duplicate_name', `/${repeated}`, 'this name stands twice in the request');
  for (const name of members.keys()) {
    if (name === 'events' || name === 'sentAt') continue;
    const { path, message } = unknownField(name, ['events', 'sentAt'], '');
    return malformed('unknown_field', path, `beside "events": ${message}`);
  }
  if (events === undefined) {
    return malformed('wrong_type', '/events', `expected an array, got ${kindOf(members.get('events') ?? null)}`);
  }
  const shift = takeShift(members.get('sentAt') ?? null, receivedAtUs);
  return typeof shift === 'number' ? withEvents(events, '/events', shift) : shift;
}

function readTopLevel(reader: JsonReader): TopLevel {
  const members = new Map<string, JsonValue>();
  let events: readonly EventText[] | null | undefined;
  let repeated: string | null = null;
  reader.expect(OPEN_OBJECT);
  let isFirst = true;
  while (reader.peek() !== CLOSE_OBJECT || !isFirst) {
    const name = reader.readName();
    let value: JsonValue = null;
    if (name === 'events' && reader.peek() === OPEN_ARRAY) {
      events = readEventTexts(reader);
      if (events === null) break;
    } else {
      value = reader.readValue(2);
    }
    if (members.has(name)) {
      value = { unkept: 'duplicate_name', text: '' };
      if (name === 'events' || name === 'sentAt') repeated = name;
    }
    members.set(name, value);
    isFirst = false;
    if (reader.peek() !== COMMA) break;
    reader.expect(COMMA);
  }
  if (events !== null) reader.expect(CLOSE_OBJECT);
  return { members, events, repeated };
}

function takeShift(sentAt: JsonValue, receivedAtUs: number): number | MalformedRequest {
  if (sentAt === null) return 0;
  if (typeof sentAt !== 'string') {
    return malformed('invalid_sent_at', '/sentAt', `expected a time as text, got ${kindOf(sentAt)}`);
  }
  const parsed = parseInstant(sentAt);
  return parsed.ok ? clockShiftUs(receivedAtUs, parsed.us) : malformed('invalid_sent_at', '/sentAt', parsed.message);
}
