import type { FaultSink } from '../fields.ts';
import { formatInstant } from '../instant.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json-value.ts';
import { limits } from '../limits.ts';
import { childPath } from '../pointer.ts';
import { createDraft, type DraftBuilder, type Mapped, objectAt } from './draft.ts';
import { identityTouchpoints, pageTouchpoint, putPrevious } from './identity-touchpoints.ts';
import { putOwnFields } from './own-fields.ts';
import { vendorId, vendorText, vendorTime } from './vendor-values.ts';

/** The group types of PostHog whose key is the account, the first that an event has. */
export const accountGroups = ['account', 'company', 'organization', 'organisation', 'tenant', 'workspace'] as const;

/** Members of `properties` that go elsewhere. */
const moved: ReadonlySet<string> = new Set(['distinct_id', 'token', '$set', '$anon_distinct_id', '$michinori']);

/** `shiftUs`: what the judge will add to the time; a time relative to the receipt is given without it. */
export interface PosthogMapContext {
  readonly receivedAtUs: number;
  readonly shiftUs: number;
}

/** One event of a PostHog client → native form. The table is in docs/dialects/posthog.md. */
export function mapPosthogEvent(event: JsonObject, context: PosthogMapContext): Mapped {
  const faults: FaultSink = [];
  const draft = createDraft();
  const properties = objectAt(event, 'properties', '', faults);
  const name = vendorText(event.get('event'));
  if (name === null) faults.push({ code: 'missing_field', path: '', message: 'an event of PostHog needs an "event"' });

  const kept = new Map([...properties].filter(([member]) => !moved.has(member)));
  draft.putFlat('properties', kept, event.has('properties') ? '/properties' : '');
  putTraits(event, properties, draft, faults);
  draft.put('id', takeId(event, properties), event.has('uuid') ? '/uuid' : '/properties/$insert_id');
  putTime(event, context, draft);
  putWho(event, properties, draft);
  putByName(name, properties, draft, faults);
  putOwnFields(draft, properties, '$michinori', '/properties', faults);
  return { draft: draft.draft(), fault: faults[0] ?? null };
}

function takeId(event: JsonObject, properties: JsonObject): JsonValue {
  return vendorId(event.get('uuid')) ?? vendorId(properties.get('$insert_id'));
}

function putTraits(event: JsonObject, properties: JsonObject, draft: DraftBuilder, faults: FaultSink): void {
  draft.putFlat('traits', objectAt(properties, '$set', '/properties', faults), '/properties/$set');
  for (const [name, value] of objectAt(event, '$set', '', faults)) {
    draft.add('traits', name, value, childPath('/$set', name));
  }
}

/** `timestamp`, or `offset`: milliseconds between the event and its sending (browsers). */
function putTime(event: JsonObject, { receivedAtUs, shiftUs }: PosthogMapContext, draft: DraftBuilder): void {
  const time = vendorTime(event.get('timestamp'));
  const offset = event.get('offset') ?? null;
  if (time !== null) draft.put('occurredAt', time, '/timestamp');
  else if (typeof offset === 'number' && Math.abs(offset) <= limits.aheadUsMax * 366) {
    const us = receivedAtUs - Math.round(offset * 1_000) - shiftUs;
    draft.put('occurredAt', formatInstant(us), '/offset');
  } else draft.put('occurredAt', offset, '/offset');
}

/**
 * The distinct id is the customer, unless the client says that it doesn't know who that is: then it is the anonymous id.
 * `$identify` names both.
 */
function putWho(event: JsonObject, properties: JsonObject, draft: DraftBuilder): void {
  const own = vendorId(event.get('distinct_id'));
  const id = own ?? vendorId(properties.get('distinct_id'));
  const origin = own === null ? '/properties/distinct_id' : '/distinct_id';
  const isAnonymous = properties.get('$is_identified') === false || properties.get('$process_person_profile') === false;
  draft.put(isAnonymous && event.get('event') !== '$identify' ? 'anonymous' : 'customer', id, origin);
  draft.put('anonymous', vendorId(properties.get('$anon_distinct_id')), '/properties/$anon_distinct_id');

  const groups = properties.get('$groups');
  if (!isJsonObject(groups)) return;
  const type = accountGroups.find((candidate) => vendorId(groups.get(candidate)) !== null);
  if (type !== undefined) draft.put('account', vendorId(groups.get(type)), `/properties/$groups/${type}`);
}

function putByName(name: JsonValue, properties: JsonObject, draft: DraftBuilder, faults: FaultSink): void {
  if (name === '$identify' || name === '$set') draft.put('touchpoint', identityTouchpoints.identify, '/event');
  else if (name === '$create_alias' || name === '$merge_dangerously') {
    draft.put('touchpoint', identityTouchpoints.alias, '/event');
    putPrevious(draft, properties.get('alias') ?? null, '/properties/alias', faults);
  } else if (name === '$groupidentify') putGroup(properties, draft, faults);
  else if (name === '$pageview') draft.put('touchpoint', pageTouchpoint(null), '/event');
  else if (name === '$screen') {
    draft.put('touchpoint', pageTouchpoint(vendorText(properties.get('$screen_name'))), '/properties/$screen_name');
  } else draft.put('touchpoint', name, '/event');
}

function putGroup(properties: JsonObject, draft: DraftBuilder, faults: FaultSink): void {
  draft.put('touchpoint', identityTouchpoints.group, '/event');
  if (accountGroups.some((type) => type === properties.get('$group_type'))) {
    draft.put('account', vendorId(properties.get('$group_key')), '/properties/$group_key');
    draft.putFlat('traits', objectAt(properties, '$group_set', '/properties', faults), '/properties/$group_set');
  }
}
