import { type RejectionCode, rejectionCodes } from './codes.ts';
import { ENVELOPE_VERSION } from './envelope.ts';
import type { Scalar, TouchpointEvent } from './event.ts';
import { type FaultSink, takeAmount, takeDirection, takeInteger, takeNumber, takeObject, takeText } from './fields.ts';
import { flatten } from './flatten.ts';
import type { JsonObject, JsonValue } from './json-value.ts';
import { limits } from './limits.ts';
import { childPath } from './pointer.ts';
import { readRecord, type Undecodable, undecodable } from './read-record.ts';
import { upcasters } from './upcast.ts';
import type { RejectedEvent } from './verdict.ts';

export type DecodedEnvelope =
  | { readonly kind: 'event'; readonly event: TouchpointEvent; readonly dialect: string }
  | {
      readonly kind: 'rejected';
      readonly rejected: RejectedEvent;
      readonly dialect: string;
      readonly receivedAtUs: number;
    }
  | Undecodable;

/**
 * A log record of any version → what it says, in today's form. Never throws: a record that was not written by this
 * contract is `undecodable` with a reason, and its bytes belong into the dead letters.
 */
export function decodeEnvelope(bytes: Uint8Array): DecodedEnvelope {
  const reading = readRecord(bytes, { version: ENVELOPE_VERSION, upcasters });
  if (reading.kind === 'undecodable') return reading;
  const { record } = reading;
  const faults: FaultSink = [];
  const result = record.get('kind') === 'rejected' ? takeRejected(record, faults) : takeEventRecord(record, faults);
  const fault = faults[0];
  return fault === undefined ? result : undecodable('envelope_invalid', `${fault.message} (at "${fault.path}")`);
}

const EVENT_RECORD = ['v', 'kind', 'dialect', 'event'];
const REJECTED_RECORD = ['v', 'kind', 'dialect', 'receivedAtUs', 'rejection', 'raw'];
const REJECTION = ['index', 'id', 'code', 'path', 'message'];
const AFTER_2200_US = 7_258_118_400_000_000;

function takeEventRecord(record: JsonObject, faults: FaultSink): DecodedEnvelope {
  requireNames(record, EVENT_RECORD, '', faults);
  if (record.get('kind') !== 'event') faults.push(invalid('/kind', 'a record is an event or rejected'));
  const dialect = required(
    takeText(field(record, 'dialect'), limits.channelLengthMax, '/dialect', faults),
    '/dialect',
    faults,
  );
  const fields = takeObject(field(record, 'event'), '/event', faults) ?? new Map();
  return { kind: 'event', event: takeStoredEvent(fields, faults), dialect };
}

function takeStoredEvent(fields: JsonObject, faults: FaultSink): TouchpointEvent {
  const at = (name: string): string => `/event/${name}`;
  const text = (name: string, lengthMax: number): string | null =>
    takeText(field(fields, name), lengthMax, at(name), faults);
  const receivedAtUs = takeStoredInstant(fields, 'receivedAtUs', AFTER_2200_US, faults);
  const event: TouchpointEvent = {
    id: required(text('id', limits.idLengthMax), at('id'), faults),
    customer: text('customer', limits.customerLengthMax),
    anonymous: text('anonymous', limits.customerLengthMax),
    account: text('account', limits.accountLengthMax),
    touchpoint: required(text('touchpoint', limits.touchpointLengthMax), at('touchpoint'), faults),
    channel: text('channel', limits.channelLengthMax),
    team: text('team', limits.teamLengthMax),
    direction: takeDirection(field(fields, 'direction'), at('direction'), faults),
    topic: text('topic', limits.topicLengthMax),
    occurredAtUs: takeStoredInstant(fields, 'occurredAtUs', receivedAtUs + limits.aheadUsMax, faults),
    receivedAtUs,
    sequence: takeInteger(
      field(fields, 'sequence'),
      Number.MIN_SAFE_INTEGER,
      Number.MAX_SAFE_INTEGER,
      at('sequence'),
      faults,
    ),
    sentiment: takeNumber(
      field(fields, 'sentiment'),
      limits.sentimentMin,
      limits.sentimentMax,
      at('sentiment'),
      faults,
    ),
    nps: takeInteger(field(fields, 'nps'), limits.npsMin, limits.npsMax, at('nps'), faults),
    amount: takeAmount(field(fields, 'amount'), at('amount'), faults),
    properties: takeStoredFlat(fields, 'properties', faults),
    traits: takeStoredFlat(fields, 'traits', faults),
  };
  requireNames(fields, Object.keys(event), '/event', faults);
  if (event.customer === null && event.anonymous === null)
    faults.push(invalid('/event', 'neither customer nor anonymous'));
  return event;
}

function takeStoredInstant(fields: JsonObject, name: string, max: number, faults: FaultSink): number {
  const us = takeInteger(field(fields, name), limits.occurredAtUsMin, max, `/event/${name}`, faults);
  return us ?? required(null, `/event/${name}`, faults, 0);
}

function takeStoredFlat(fields: JsonObject, name: string, faults: FaultSink): ReadonlyMap<string, Scalar> {
  const path = `/event/${name}`;
  const object = required(takeObject(field(fields, name), path, faults), path, faults, new Map<string, JsonValue>());
  for (const [key, value] of object) {
    const isFlat = value !== null && (typeof value !== 'object' || 'unkept' in value);
    if (!isFlat) faults.push(invalid(childPath(path, key), 'expected text, a number or a boolean'));
  }
  return faults.length > 0 ? new Map() : flatten(object, path, faults);
}

function takeRejected(record: JsonObject, faults: FaultSink): DecodedEnvelope {
  requireNames(record, REJECTED_RECORD, '', faults);
  const rejection = takeObject(field(record, 'rejection'), '/rejection', faults) ?? new Map<string, JsonValue>();
  requireNames(rejection, REJECTION, '/rejection', faults);
  const dialect = required(
    takeText(field(record, 'dialect'), limits.channelLengthMax, '/dialect', faults),
    '/dialect',
    faults,
  );
  const receivedAtUs = takeInteger(field(record, 'receivedAtUs'), 0, AFTER_2200_US, '/receivedAtUs', faults);
  const code = rejectionCodes.find((known) => known === rejection.get('code'));
  if (code === undefined) faults.push(invalid('/rejection/code', 'this code is unknown here'));
  return {
    kind: 'rejected',
    dialect,
    receivedAtUs: required(receivedAtUs, '/receivedAtUs', faults, 0),
    rejected: {
      rejection: {
        index: required(
          takeInteger(field(rejection, 'index'), 0, Number.MAX_SAFE_INTEGER, '/rejection/index', faults),
          '/rejection/index',
          faults,
          0,
        ),
        id: takeText(field(rejection, 'id'), limits.idLengthMax, '/rejection/id', faults),
        code: code ?? ('invalid_json' satisfies RejectionCode),
        path: takeAnyText(rejection, 'path', '/rejection/path', faults),
        message: takeAnyText(rejection, 'message', '/rejection/message', faults),
      },
      raw: takeAnyText(record, 'raw', '/raw', faults),
    },
  };
}

function field(object: JsonObject, name: string): JsonValue {
  return object.get(name) ?? null;
}

function invalid(path: string, message: string): FaultSink[number] {
  return { code: 'wrong_type', path, message };
}

function takeAnyText(object: JsonObject, name: string, path: string, faults: FaultSink): string {
  const value = field(object, name);
  if (typeof value === 'string') return value;
  faults.push(invalid(path, 'expected text'));
  return '';
}

function required(value: string | null, path: string, faults: FaultSink): string;
function required<T>(value: T | null, path: string, faults: FaultSink, instead: T): T;
function required(value: unknown, path: string, faults: FaultSink, instead: unknown = ''): unknown {
  if (value !== null) return value;
  faults.push(invalid(path, 'expected a value'));
  return instead;
}

/** Exactly these names: a reader that ignored one it doesn't know would lose what a newer writer meant by it. */
function requireNames(object: JsonObject, names: readonly string[], path: string, faults: FaultSink): void {
  for (const name of object.keys()) {
    if (!names.includes(name)) faults.push(invalid(childPath(path, name), 'this name is unknown here'));
  }
  for (const name of names) {
    if (!object.has(name)) faults.push(invalid(path, `"${name}" is missing`));
  }
}
