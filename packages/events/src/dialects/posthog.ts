import { isJsonObject, type JsonObject, type JsonValue } from '../json-value.ts';
import { createDerivedIds } from './derived-id.ts';
import type { DialectContext, DialectRequest } from './dialect-request.ts';
import { judgeDraft } from './judge-draft.ts';
import { readPosthogText } from './posthog-body.ts';
import { mapPosthogEvent } from './posthog-event.ts';
import { readDialectBody, readShift } from './read-body.ts';

/**
 * A request of a PostHog client: one event, an array, or `{ "batch": […], "api_key", "sent_at"? }`, as JSON or as the
 * form field `data`. `sentAtMs`: the client's time of sending where it stands in the address (`_`), as text. Never throws.
 */
export function parsePosthogRequest(
  body: Uint8Array,
  context: DialectContext & { readonly sentAtMs?: string | null },
): DialectRequest {
  const { receivedAtUs } = context;
  const decoded = readPosthogText(body);
  if (decoded.outcome === 'malformed') return decoded;
  const read = readDialectBody(decoded.text, 'batch');
  if (read.outcome === 'malformed') return read;
  const { text, envelope, events } = read;
  const [sentAt, path] = findSentAt(envelope, context.sentAtMs ?? null);
  const shiftUs = readShift(sentAt, path, receivedAtUs);
  if (typeof shiftUs !== 'number') return shiftUs;

  const draftContext = {
    ...context,
    text,
    shiftUs,
    derivedId: createDerivedIds('posthog', typeof sentAt === 'string' ? sentAt : null),
    map: (event: JsonObject) => mapPosthogEvent(event, { receivedAtUs, shiftUs }),
    needsWho: 'an event of PostHog needs a "distinct_id"',
  };
  const verdicts = events.map((event, index) => judgeDraft(event, index, draftContext));
  return { outcome: 'parsed', verdicts, key: findKey(envelope, events[0]?.value ?? null), sender: null };
}

function findSentAt(envelope: JsonObject, sentAtMs: string | null): readonly [JsonValue, string] {
  for (const name of ['sent_at', 'sentAt']) {
    const value = envelope.get(name) ?? null;
    if (value !== null && value !== '') return [value, `/${name}`];
  }
  const isMs = sentAtMs !== null && /^\d{12,14}$/.test(sentAtMs);
  return [isMs ? new Date(Number(sentAtMs)).toISOString() : null, ''];
}

/** The project's key of PostHog is our API key: beside the batch, in an event, or in its properties. */
function findKey(envelope: JsonObject, first: JsonValue): string | null {
  const event = isJsonObject(first) ? first : envelope;
  const properties = event.get('properties');
  const places = [envelope, event, ...(isJsonObject(properties) ? [properties] : [])];
  for (const place of places) {
    for (const name of ['api_key', 'token']) {
      const key = place.get(name);
      if (typeof key === 'string' && key !== '') return key;
    }
  }
  return null;
}
