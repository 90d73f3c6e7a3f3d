import { type EventText, readEventTexts } from '../event-texts.ts';
import { clockShiftUs, parseInstant } from '../instant.ts';
import { CLOSE_OBJECT, COMMA, createJsonReader, type JsonReader, OPEN_ARRAY, OPEN_OBJECT } from '../json-reader.ts';
import { isJsonObject, type JsonObject, type JsonValue, kindOf } from '../json-value.ts';
import { limits } from '../limits.ts';
import { guardSyntax } from '../read-json.ts';
import { type MalformedRequest, malformed } from '../request.ts';
import { decodeUtf8 } from '../utf8.ts';
import { vendorTime } from './vendor-values.ts';

/** `envelope`: the object around the list, the single event itself, or empty for a bare array. */
export interface DialectBody {
  readonly outcome: 'read';
  readonly text: string;
  readonly envelope: JsonObject;
  readonly events: readonly EventText[];
  /** Whether the events stood in a list, by name or bare. */
  readonly isList: boolean;
}

/** The body as text, or why it can't be one: too large, or not UTF-8. */
export function readText(body: Uint8Array): { readonly outcome: 'text'; readonly text: string } | MalformedRequest {
  if (body.byteLength > limits.requestBytesMax) {
    const message = `a request may have ${limits.requestBytesMax} bytes, this one has ${body.byteLength}`;
    return malformed('request_too_large', '', message);
  }
  const decoded = decodeUtf8(body);
  if (decoded.ok) return { outcome: 'text', text: decoded.text };
  return malformed('invalid_utf8', '', `the body is not UTF-8: byte ${decoded.byteOffset} is the first invalid one`);
}

/**
 * Splits a JSON text into its events: the elements of the member called `list` (null: of none), of a bare array, or the
 * object itself.
 */
export function readDialectBody(text: string, list: string | null): DialectBody | MalformedRequest {
  const read = guardSyntax(text, (): DialectBody | MalformedRequest => {
    const reader = createJsonReader(text);
    const first = reader.peek();
    if (Number.isNaN(first)) return malformed('empty_body', '', 'the body is empty');
    const body = first === OPEN_OBJECT ? readEnvelope(reader, text, list) : readBare(reader, text, first);
    if (body.outcome === 'malformed' && body.code === 'too_many_events') return body;
    if (Number.isNaN(reader.peek())) return body;
    return malformed('invalid_json', '', 'not JSON: there is more after the first value');
  });
  return read.ok ? read.value : malformed('invalid_json', '', read.message);
}

function readBare(reader: JsonReader, text: string, first: number): DialectBody | MalformedRequest {
  if (first === OPEN_ARRAY) return withEvents(readEventTexts(reader), text, new Map(), '');
  return malformed('wrong_type', '', `expected an object or an array, got ${kindOf(reader.readValue(1))}`);
}

function readEnvelope(reader: JsonReader, text: string, list: string | null): DialectBody | MalformedRequest {
  const start = reader.offset();
  const members = new Map<string, JsonValue>();
  let events: EventText[] | null | undefined;
  reader.expect(OPEN_OBJECT);
  let isFirst = true;
  while (reader.peek() !== CLOSE_OBJECT || !isFirst) {
    const name = reader.readName();
    const isList = name === list && reader.peek() === OPEN_ARRAY;
    if (isList) events = readEventTexts(reader);
    if (events === null) return withEvents(null, text, members, `/${name}`);
    const value = isList ? null : reader.readValue(2);
    members.set(name, members.has(name) ? { unkept: 'duplicate_name', text: '' } : value);
    isFirst = false;
    if (reader.peek() !== COMMA) break;
    reader.expect(COMMA);
  }
  reader.expect(CLOSE_OBJECT);
  if (list === null || !members.has(list)) {
    const event = { value: members, start, end: reader.offset() };
    return { outcome: 'read', text, envelope: members, events: [event], isList: false };
  }
  const path = `/${list}`;
  const given = members.get(list) ?? null;
  if (given !== null && !isJsonObject(given) && typeof given === 'object' && 'unkept' in given) {
    return malformed('duplicate_name', path, 'this name stands twice in the request');
  }
  if (events === undefined) return malformed('wrong_type', path, `expected an array, got ${kindOf(given)}`);
  return withEvents(events, text, members, path);
}

function withEvents(
  events: readonly EventText[] | null,
  text: string,
  envelope: JsonObject,
  path: string,
): DialectBody | MalformedRequest {
  if (events === null) {
    return malformed('too_many_events', path, `a request may have ${limits.requestEventsMax} events`);
  }
  if (events.length === 0) return malformed('no_events', path, 'there is no event in the request');
  return { outcome: 'read', text, envelope, events, isList: true };
}

/** By how many microseconds a request's events are shifted, given the client's time of sending. */
export function readShift(sentAt: JsonValue, path: string, receivedAtUs: number): number | MalformedRequest {
  const time = vendorTime(sentAt);
  if (time === null) return 0;
  if (typeof time !== 'string') {
    return malformed('invalid_sent_at', path, `expected a time as text, got ${kindOf(time)}`);
  }
  const parsed = parseInstant(time);
  return parsed.ok ? clockShiftUs(receivedAtUs, parsed.us) : malformed('invalid_sent_at', path, parsed.message);
}
