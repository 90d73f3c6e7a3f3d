import { isJsonObject, type JsonObject, type JsonValue } from '../json-value.ts';
import { limits } from '../limits.ts';
import { malformed } from '../request.ts';
import { createDerivedIds } from './derived-id.ts';
import type { DialectContext, DialectRequest } from './dialect-request.ts';
import { judgeDraft } from './judge-draft.ts';
import { type DialectBody, readDialectBody, readShift, readText } from './read-body.ts';
import { mapSegmentCall, type SegmentCall } from './segment-call.ts';

const NOTHING: JsonObject = new Map();

/**
 * A request of a Segment or RudderStack client: one call, or with `call` null a batch `{ "batch": […], "sentAt"? }`. The
 * content type is not looked at, because these clients say anything. Never throws; `sender` is `rudderstack` if it is
 * recognised.
 */
export function parseSegmentRequest(
  body: Uint8Array,
  context: DialectContext & { readonly call: SegmentCall | null },
): DialectRequest {
  const { call, receivedAtUs } = context;
  const decoded = readText(body);
  if (decoded.outcome === 'malformed') return decoded;
  const read = readDialectBody(decoded.text, call === null ? 'batch' : null);
  if (read.outcome === 'malformed') return read;
  const { text, envelope, events, isList } = read;
  const isBatch = envelope.has('batch') && isList;
  if (isBatch !== (call === null) || isBatch !== isList) {
    const expected = call === null ? '{"batch": […]}' : 'one call as an object';
    return malformed('wrong_type', '', `expected ${expected}`);
  }
  const first = events[0]?.value;
  const sentAt = envelope.get('sentAt') ?? (isBatch && isJsonObject(first) ? (first.get('sentAt') ?? null) : null);
  const shiftUs = readShift(sentAt, envelope.has('sentAt') ? '/sentAt' : '/batch/0/sentAt', receivedAtUs);
  if (typeof shiftUs !== 'number') return shiftUs;

  const shared = isBatch ? (envelope.get('context') ?? null) : null;
  const sharedContext = isJsonObject(shared) ? shared : NOTHING;
  if (sharedContext.size > 0 && repeatedBytes(read) > limits.requestBytesMax) {
    const message = `the context of a batch counts for each of its events, and then the request has more than ${limits.requestBytesMax} bytes`;
    return malformed('request_too_large', '/context', message);
  }
  const draftContext = {
    ...context,
    text,
    shiftUs,
    derivedId: createDerivedIds('segment', typeof sentAt === 'string' ? sentAt : null),
    map: (event: JsonObject) => mapSegmentCall(event, { call, sharedContext }),
    needsWho: 'a call needs a "userId" or an "anonymousId"',
  };
  const verdicts = events.map((event, index) => judgeDraft(event, index, draftContext));
  const key = envelope.get('writeKey');
  return {
    outcome: 'parsed',
    verdicts,
    key: typeof key === 'string' && key !== '' ? key : null,
    sender: events.some(({ value }) => isOfRudderStack(value)) ? 'rudderstack' : null,
  };
}

/** The size of a batch if what stands beside its events stood in each of them: a small request must not become a huge one. */
function repeatedBytes({ text, events }: DialectBody): number {
  const ofList = (events.at(-1)?.end ?? 0) - (events[0]?.start ?? 0);
  return ofList + (text.length - ofList) * events.length;
}

/** RudderStack's clients name themselves, or give each event a channel and the time at which it was made. */
function isOfRudderStack(event: JsonValue): boolean {
  if (!isJsonObject(event)) return false;
  const context = event.get('context');
  const library = isJsonObject(context) ? context.get('library') : undefined;
  const name = isJsonObject(library) ? library.get('name') : undefined;
  if (typeof name === 'string' && /rudder/i.test(name)) return true;
  return typeof event.get('originalTimestamp') === 'string' && typeof event.get('channel') === 'string';
}
