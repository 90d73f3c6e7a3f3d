import { describeUnkept, type FaultSink } from '../fields.ts';
import { isUnkept, type JsonObject, type JsonValue, kindOf } from '../json-value.ts';
import { nearest } from '../nearest.ts';
import { childPath } from '../pointer.ts';
import { quoted } from '../text.ts';
import type { Fault } from '../verdict.ts';
import { createDraft, type DraftBuilder, type Mapped, objectAt } from './draft.ts';
import { identityTouchpoints, pageTouchpoint, putPrevious } from './identity-touchpoints.ts';
import { putOwnFields } from './own-fields.ts';
import { vendorId, vendorText, vendorTime } from './vendor-values.ts';

/** The calls that carry an event (Segment "Spec", RudderStack "Event spec"). */
export const segmentCalls = ['track', 'identify', 'group', 'page', 'screen', 'alias'] as const;
export type SegmentCall = (typeof segmentCalls)[number];

/** `call`: the one that the path names, null in a batch, where each event names its own. */
export interface SegmentMapContext {
  readonly call: SegmentCall | null;
  /** The context of a batch holds for each of its events, as far as they don't say otherwise. */
  readonly sharedContext: JsonObject;
}

/** One call of a Segment or RudderStack client → native form. The table is in docs/dialects/segment.md. */
export function mapSegmentCall(event: JsonObject, { call, sharedContext }: SegmentMapContext): Mapped {
  const faults: FaultSink = [];
  const type = call ?? takeCall(event.get('type') ?? null, faults);
  const draft = createDraft();
  putWho(event, draft);
  if (type !== null) {
    draft.putFlat('properties', event.get('properties') ?? null, '/properties');
    draft.putFlat('traits', event.get('traits') ?? null, '/traits');
    putByCall(type, event, draft, faults);
    putContext(objectAt(event, 'context', '', faults), '/context', draft, faults);
    putContext(sharedContext, null, draft, faults);
  }
  return { draft: draft.draft(), fault: faults[0] ?? null };
}

function takeCall(value: JsonValue, faults: FaultSink): SegmentCall | null {
  const found = segmentCalls.find((call) => call === value);
  if (found !== undefined) return found;
  if (value === null) faults.push(missing('a call of a batch needs a "type"'));
  else if (isUnkept(value)) faults.push(describeUnkept(value, '/type'));
  else if (typeof value !== 'string') {
    faults.push({ code: 'wrong_type', path: '/type', message: `expected text, got ${kindOf(value)}` });
  } else {
    const near = nearest(value, segmentCalls);
    const hint = near === null ? `known are ${segmentCalls.join(', ')}` : `did you mean ${quoted(near)}?`;
    faults.push({ code: 'unknown_value', path: '/type', message: `${quoted(value)} is no call; ${hint}` });
  }
  return null;
}

function missing(message: string): Fault {
  return { code: 'missing_field', path: '', message };
}

function putWho(event: JsonObject, draft: DraftBuilder): void {
  draft.put('id', vendorId(event.get('messageId')), '/messageId');
  draft.put('customer', vendorId(event.get('userId')), '/userId');
  draft.put('anonymous', vendorId(event.get('anonymousId')), '/anonymousId');
  draft.put('channel', vendorText(event.get('channel')), '/channel');
  const hasTimestamp = vendorText(event.get('timestamp')) !== null;
  const time = hasTimestamp ? 'timestamp' : 'originalTimestamp';
  draft.put('occurredAt', vendorTime(event.get(time)), `/${time}`);
}

function putByCall(call: SegmentCall, event: JsonObject, draft: DraftBuilder, faults: FaultSink): void {
  if (call === 'track') {
    const name = vendorText(event.get('event'));
    if (name === null) faults.push(missing('a track call needs an "event"'));
    draft.put('touchpoint', name, '/event');
  } else if (call === 'page' || call === 'screen') {
    const name = vendorText(event.get('name'));
    draft.put('touchpoint', pageTouchpoint(name), name === null ? '' : '/name');
    draft.add('properties', 'category', vendorText(event.get('category')), '/category');
  } else {
    draft.put('touchpoint', identityTouchpoints[call], '');
    if (call === 'alias') putPrevious(draft, event.get('previousId') ?? null, '/previousId', faults);
    if (call === 'group') {
      const group = vendorId(event.get('groupId'));
      if (group === null) faults.push(missing('a group call needs a "groupId"'));
      draft.put('account', group, '/groupId');
    }
  }
}

/** `path` null: the context of the batch, which has no place in the event. */
function putContext(context: JsonObject, path: string | null, draft: DraftBuilder, faults: FaultSink): void {
  const place = (...names: string[]) => (path === null ? '' : names.reduce(childPath, path));
  const found: FaultSink = [];
  for (const part of ['page', 'campaign']) {
    for (const [name, value] of objectAt(context, part, '/context', found)) {
      draft.add('properties', `${part}.${name}`, value, place(part, name));
    }
  }
  for (const [name, value] of objectAt(context, 'traits', '/context', found)) {
    draft.add('traits', name, value, place('traits', name));
  }
  if (!draft.draft().fields.has('account')) draft.put('account', vendorId(context.get('groupId')), place('groupId'));
  if (path !== null) putOwnFields(draft, context, 'michinori', '/context', found);
  faults.push(...(path === null ? found.map((fault) => ({ ...fault, path: '' })) : found));
}
