import type { Definition, ImprovementSegment } from './definition.ts';
import { DEFINITION_VERSION } from './definition-envelope.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json-value.ts';
import { limits } from './limits.ts';
import { readRecord, type Undecodable, undecodable } from './read-record.ts';
import { createRecordFields, type RecordFields } from './record-fields.ts';
import type { Fault } from './verdict.ts';

export type DecodedDefinition = Definition | Undecodable;

/**
 * A record of the topic of definitions → what it says. Never throws: a record that was not written by this contract, or whose kind
 * or version a newer program brought, is `undecodable` with a reason, and its bytes belong into the dead letters.
 */
export function decodeDefinition(bytes: Uint8Array): DecodedDefinition {
  const reading = readRecord(bytes, { version: DEFINITION_VERSION, upcasters: new Map() });
  if (reading.kind === 'undecodable') return reading;
  const { record } = reading;
  const faults: Fault[] = [];
  const definition = take(record, faults);
  const fault = faults[0];
  if (fault !== undefined) return undecodable('envelope_invalid', `${fault.message} (at "${fault.path}")`);
  return definition ?? undecodable('envelope_invalid', 'this kind of definition is unknown here (at "/kind")');
}

function take(record: JsonObject, faults: Fault[]): Definition | null {
  const fields = createRecordFields(record, '', faults);
  switch (record.get('kind')) {
    case 'journey':
      return takeJourney(fields);
    case 'improvement':
      return takeImprovement(fields, record.get('segment') ?? null, faults);
    case 'rebuild':
      return takeRebuild(fields);
    case 'alert-rule':
      return takeAlertRule(fields);
    default:
      return null;
  }
}

function takeJourney(fields: RecordFields): Definition {
  fields.requireNames(['v', 'kind', 'journey', 'version', 'source', 'appliedAtUs', 'appliedBy']);
  return {
    kind: 'journey',
    journey: fields.text('journey', limits.journeyLengthMax),
    version: fields.integer('version', 1, limits.journeyVersionMax),
    source: fields.text('source', limits.journeySourceLengthMax),
    appliedAtUs: fields.instant('appliedAtUs'),
    appliedBy: fields.textOrEmpty('appliedBy', limits.ownerLengthMax),
  };
}

function takeImprovement(fields: RecordFields, segment: JsonValue, faults: Fault[]): Definition {
  fields.requireNames([
    ...['v', 'kind', 'id', 'journey', 'stage', 'title', 'atUs', 'segment'],
    ...['owner', 'hypothesis', 'dueUs', 'recordedAtUs', 'recordedBy'],
  ]);
  return {
    kind: 'improvement',
    id: fields.text('id', limits.idLengthMax),
    journey: fields.text('journey', limits.journeyLengthMax),
    stage: fields.textOrEmpty('stage', limits.journeyLengthMax),
    title: fields.text('title', limits.titleLengthMax),
    atUs: fields.instant('atUs'),
    segment: segment === null ? null : takeSegment(segment, faults),
    owner: fields.textOrEmpty('owner', limits.ownerLengthMax),
    hypothesis: fields.textOrEmpty('hypothesis', limits.hypothesisLengthMax),
    dueUs: fields.instantOrNull('dueUs'),
    recordedAtUs: fields.instant('recordedAtUs'),
    recordedBy: fields.textOrEmpty('recordedBy', limits.ownerLengthMax),
  };
}

function takeRebuild(fields: RecordFields): Definition {
  fields.requireNames(['v', 'kind', 'journey', 'requestedAtUs', 'requestedBy']);
  return {
    kind: 'rebuild',
    journey: fields.textOrNull('journey', limits.journeyLengthMax),
    requestedAtUs: fields.instant('requestedAtUs'),
    requestedBy: fields.textOrEmpty('requestedBy', limits.ownerLengthMax),
  };
}

function takeAlertRule(fields: RecordFields): Definition {
  fields.requireNames(['v', 'kind', 'alert', 'source', 'changedAtUs', 'changedBy']);
  return {
    kind: 'alert-rule',
    alert: fields.text('alert', limits.journeyLengthMax),
    source: fields.textOrNull('source', limits.journeySourceLengthMax),
    changedAtUs: fields.instant('changedAtUs'),
    changedBy: fields.textOrEmpty('changedBy', limits.ownerLengthMax),
  };
}

function takeSegment(value: JsonValue, faults: Fault[]): ImprovementSegment {
  if (!isJsonObject(value)) {
    faults.push({ code: 'wrong_type', path: '/segment', message: 'expected an object or null' });
    return { name: '', values: [] };
  }
  const fields = createRecordFields(value, '/segment', faults);
  fields.requireNames(['name', 'values']);
  return {
    name: fields.text('name', limits.propertyNameLengthMax),
    values: fields.texts('values', limits.segmentValuesMax, limits.segmentValueLengthMax),
  };
}
