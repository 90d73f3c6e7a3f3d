import { parseInstant } from './instant.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json-value.ts';

/**
 * One step up: a record of version n → the same record in version n + 1. Pure, total, and frozen once released: what it
 * can't make sense of it leaves in place for the decoder to refuse.
 */
export type Upcaster = (record: JsonObject) => JsonObject;

/** The upcaster from each old version, by that version. */
export const upcasters: ReadonlyMap<number, Upcaster> = new Map([[0, fromVersion0]]);

/** A record of an old version brought to the present one, step by step; null if some step is missing. */
export function upcast(
  record: JsonObject,
  version: number,
  steps: ReadonlyMap<number, Upcaster>,
  target: number,
): JsonObject | null {
  let current = record;
  for (let from = version; from < target; from += 1) {
    const step = steps.get(from);
    if (step === undefined) return null;
    current = step(current);
  }
  return current;
}

/**
 * Version 0 (before the first release): no `kind` and no `dialect` (everything was a native event), `user` for
 * customer, ISO times `occurredAt` and `receivedAt`, fields that weren't given were left out, no traits.
 */
function fromVersion0(record: JsonObject): JsonObject {
  const old = record.get('event');
  if (!isJsonObject(old)) return record;
  const event = new Map<string, JsonValue>();
  for (const name of VERSION_1_EVENT_FIELDS) event.set(name, old.get(name) ?? null);
  event.set('customer', old.get('user') ?? null);
  event.set('occurredAtUs', microseconds(old.get('occurredAt')));
  event.set('receivedAtUs', microseconds(old.get('receivedAt')));
  event.set('properties', old.get('properties') ?? new Map());
  event.set('traits', new Map());
  for (const [name, value] of old) {
    if (!event.has(name) && !VERSION_0_ONLY.has(name)) event.set(name, value);
  }
  return new Map<string, JsonValue>([
    ['v', 1],
    ['kind', 'event'],
    ['dialect', 'native'],
    ['event', event],
  ]);
}

const VERSION_0_ONLY: ReadonlySet<string> = new Set(['user', 'occurredAt', 'receivedAt']);

const VERSION_1_EVENT_FIELDS = [
  'id',
  'customer',
  'anonymous',
  'account',
  'touchpoint',
  'channel',
  'team',
  'direction',
  'topic',
  'occurredAtUs',
  'receivedAtUs',
  'sequence',
  'sentiment',
  'nps',
  'amount',
  'properties',
  'traits',
];

function microseconds(value: JsonValue | undefined): JsonValue {
  if (typeof value !== 'string') return value ?? null;
  const parsed = parseInstant(value);
  return parsed.ok ? parsed.us : value;
}
