import type { Scalar, TouchpointEvent } from './event.ts';
import {
  describeUnkept,
  type FaultSink,
  takeAmount,
  takeDirection,
  takeInteger,
  takeNumber,
  takeObject,
  takeText,
  unknownField,
} from './fields.ts';
import { flatten } from './flatten.ts';
import { parseInstant } from './instant.ts';
import { isJsonObject, isUnkept, type JsonObject, type JsonValue, kindOf } from './json-value.ts';
import { limits } from './limits.ts';
import type { Fault } from './verdict.ts';

/** The top-level names of the native event, in the order of the documentation. */
export const eventFields = [
  'id',
  'customer',
  'anonymous',
  'account',
  'touchpoint',
  'channel',
  'team',
  'direction',
  'topic',
  'occurredAt',
  'sequence',
  'sentiment',
  'nps',
  'amount',
  'properties',
  'traits',
] as const;

const known: ReadonlySet<string> = new Set(eventFields);

/** What an event can't say itself. `shiftUs` is added to a given `occurredAt` (see `clockShiftUs`); without `newId` an id is required. */
export interface CheckContext {
  readonly receivedAtUs: number;
  readonly shiftUs?: number;
  readonly newId?: () => string;
}

export type Checked =
  | { readonly ok: true; readonly event: TouchpointEvent }
  | { readonly ok: false; readonly fault: Fault; readonly id: string | null };

/**
 * One event in native form → the canonical event, or the first fault. This is the only place where an event is judged:
 * every dialect and the importer map to the native form and come here.
 */
export function checkEvent(value: JsonValue, context: CheckContext): Checked {
  if (!isJsonObject(value)) return { ok: false, fault: notAnObject(value), id: null };
  const faults: FaultSink = [];
  const event = takeEvent(value, context, faults);
  const fault = faults[0];
  if (fault === undefined) return { ok: true, event };
  return { ok: false, fault, id: takeText(value.get('id') ?? null, limits.idLengthMax, '', []) };
}

/** The fault of a value that isn't an object and therefore no event. */
export function notAnObject(value: JsonValue): Fault {
  if (isUnkept(value)) return describeUnkept(value, '');
  return { code: 'not_an_object', path: '', message: `an event is an object, not ${kindOf(value)}` };
}

function takeEvent(fields: JsonObject, context: CheckContext, faults: FaultSink): TouchpointEvent {
  for (const name of fields.keys()) {
    if (known.has(name)) continue;
    faults.push(unknownField(name, eventFields, ''));
    break;
  }
  const text = (name: string, lengthMax: number): string | null =>
    takeText(fields.get(name) ?? null, lengthMax, `/${name}`, faults);
  const id = text('id', limits.idLengthMax);
  const customer = text('customer', limits.customerLengthMax);
  const anonymous = text('anonymous', limits.customerLengthMax);
  const touchpoint = text('touchpoint', limits.touchpointLengthMax);
  const sentiment = fields.get('sentiment') ?? null;
  const event = {
    customer,
    anonymous,
    account: text('account', limits.accountLengthMax),
    touchpoint: touchpoint ?? '',
    channel: text('channel', limits.channelLengthMax),
    team: text('team', limits.teamLengthMax),
    direction: takeDirection(fields.get('direction') ?? null, '/direction', faults),
    topic: text('topic', limits.topicLengthMax),
    occurredAtUs: takeOccurredAt(fields.get('occurredAt') ?? null, context, faults),
    receivedAtUs: context.receivedAtUs,
    sequence: takeSequence(fields.get('sequence') ?? null, faults),
    sentiment: takeNumber(sentiment, limits.sentimentMin, limits.sentimentMax, '/sentiment', faults),
    nps: takeInteger(fields.get('nps') ?? null, limits.npsMin, limits.npsMax, '/nps', faults),
    amount: takeAmount(fields.get('amount') ?? null, '/amount', faults),
    properties: takeFlat(fields, 'properties', faults),
    traits: takeFlat(fields, 'traits', faults),
  };
  if (touchpoint === null) faults.push(missing('missing_field', 'an event needs a "touchpoint"'));
  if (customer === null && anonymous === null) {
    faults.push(missing('customer_required', 'an event needs a "customer" or an "anonymous" id'));
  }
  if (event.properties.size + event.traits.size > limits.propertiesMax) {
    const count = event.properties.size + event.traits.size;
    const message = `at most ${limits.propertiesMax} properties and traits, got ${count}`;
    faults.push({
      code: 'too_many_properties',
      path: event.properties.size === 0 ? '/traits' : '/properties',
      message,
    });
  }
  if (id === null && context.newId === undefined) faults.push(missing('missing_field', 'an event needs an "id" here'));
  return { id: id ?? (faults.length === 0 ? (context.newId?.() ?? '') : ''), ...event };
}

function missing(code: 'missing_field' | 'customer_required', message: string): Fault {
  return { code, path: '', message };
}

function takeSequence(value: JsonValue, faults: FaultSink): number | null {
  return takeInteger(value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, '/sequence', faults);
}

function takeOccurredAt(value: JsonValue, context: CheckContext, faults: FaultSink): number {
  const path = '/occurredAt';
  const text = takeText(value, limits.timeLengthMax, path, faults);
  if (text === null) return context.receivedAtUs;
  const parsed = parseInstant(text);
  if (!parsed.ok) {
    faults.push({ code: parsed.code, path, message: parsed.message });
    return context.receivedAtUs;
  }
  const us = parsed.us + (context.shiftUs ?? 0);
  if (us >= limits.occurredAtUsMin && us <= context.receivedAtUs + limits.aheadUsMax) return us;
  const message = 'an event may have happened from 1980 until 24 hours after its receipt';
  faults.push({ code: 'time_out_of_range', path, message });
  return context.receivedAtUs;
}

const NOTHING: ReadonlyMap<string, Scalar> = new Map();

function takeFlat(fields: JsonObject, name: string, faults: FaultSink): ReadonlyMap<string, Scalar> {
  const object = takeObject(fields.get(name) ?? null, `/${name}`, faults);
  if (object === null || faults.length > 0) return NOTHING;
  return flatten(object, `/${name}`, faults);
}
