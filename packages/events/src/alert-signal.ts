import { isJsonObject, type JsonObject, type JsonValue } from './json-value.ts';
import { limits } from './limits.ts';
import { readRecord, type Undecodable, undecodable } from './read-record.ts';
import { createRecordFields, type RecordFields } from './record-fields.ts';
import type { SignalHead } from './signal.ts';
import type { Fault } from './verdict.ts';

/** The version that is written. A change of the form raises it; a member more does so too, for readers refuse what they don't know. */
export const ALERT_SIGNAL_VERSION = 1;

/** An alert fires for a series, or it is over. `revision` is always 1: an end takes nothing back, it is a fact of its own. Times µs since 1970, shares 0…1. */
export interface AlertSignal extends SignalHead {
  readonly kind: 'alert';
  /** Id of the rule. */
  readonly alert: string;
  readonly journey: string;
  readonly stage: string;
  /** Null: everybody. */
  readonly segment: { readonly by: string; readonly value: string } | null;
  readonly touchpoint: string | null;
  /** What sort of alert it is, e.g. `stage-drop-off`. */
  readonly alertKind: string;
  readonly state: 'firing' | 'resolved';
  readonly severity: string;
  readonly startedAtUs: number;
  /** Null exactly while it fires. */
  readonly resolvedAtUs: number | null;
  readonly k: number | null;
  readonly n: number | null;
  readonly rate: number | null;
  readonly usualRate: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly lift: number | null;
  readonly q: number | null;
  /** By language tag. */
  readonly title: Readonly<Record<string, string>>;
  readonly text: Readonly<Record<string, string>>;
  readonly boardUrl: string;
  readonly customersUrl: string;
  /** Of the query API. */
  readonly customersPath: string;
  readonly runbookUrl: string | null;
}

const figures = ['k', 'n', 'rate', 'usualRate', 'lo', 'hi', 'lift', 'q'] as const;
const names = [
  ...[
    'v',
    'kind',
    'id',
    'revision',
    'retracted',
    'announcedAtUs',
    'alert',
    'journey',
    'stage',
    'segment',
    'touchpoint',
  ],
  ...['alertKind', 'state', 'severity', 'startedAtUs', 'resolvedAtUs', ...figures],
  ...['title', 'text', 'boardUrl', 'customersUrl', 'customersPath', 'runbookUrl'],
] as const;

/** An alert as a record of the topic of signals: UTF-8 JSON, see docs/signals.md. `decodeAlertSignal` gives the identical signal back. */
export function encodeAlertSignal(signal: AlertSignal): Uint8Array {
  const members: Record<string, unknown> = { v: ALERT_SIGNAL_VERSION, ...signal };
  return Buffer.from(JSON.stringify(Object.fromEntries(names.map((name) => [name, members[name]]))), 'utf8');
}

/** A record of the topic of signals → the alert that it tells of. Never throws: other kinds are `undecodable`, too. */
export function decodeAlertSignal(bytes: Uint8Array): AlertSignal | Undecodable {
  const reading = readRecord(bytes, { version: ALERT_SIGNAL_VERSION, upcasters: new Map() });
  if (reading.kind === 'undecodable') return reading;
  const { record } = reading;
  if (record.get('kind') !== 'alert')
    return undecodable('envelope_invalid', 'this kind of signal is no alert (at "/kind")');
  const faults: Fault[] = [];
  const signal = take(record, createRecordFields(record, '', faults), faults);
  const fault = faults[0];
  return fault === undefined ? signal : undecodable('envelope_invalid', `${fault.message} (at "${fault.path}")`);
}

function take(record: JsonObject, fields: RecordFields, faults: Fault[]): AlertSignal {
  fields.requireNames(names);
  const expect = (isRight: boolean, path: string, message: string): void => {
    if (!isRight) faults.push({ code: 'unknown_value', path, message });
  };
  const id = fields.text('id', limits.idLengthMax);
  expect(/^[0-9a-f]{32}$/.test(id), '/id', 'expected 32 hexadecimal digits');
  expect(record.get('retracted') === false, '/retracted', 'an alert is never taken back');
  const state = record.get('state') === 'resolved' ? 'resolved' : 'firing';
  expect(record.get('state') === state, '/state', 'expected "firing" or "resolved"');
  const resolvedAtUs = fields.instantOrNull('resolvedAtUs');
  expect((resolvedAtUs !== null) === (state === 'resolved'), '/resolvedAtUs', 'an end, and nothing else, has a time');
  const numbers = figures.map((name) => {
    const value = record.get(name) ?? null;
    expect(value === null || typeof value === 'number', `/${name}`, 'expected a number or null');
    return [name, typeof value === 'number' ? value : null];
  });
  return {
    kind: 'alert',
    ...{ id, revision: fields.integer('revision', 1, 1), retracted: false },
    announcedAtUs: fields.instant('announcedAtUs'),
    alert: fields.text('alert', limits.journeyLengthMax),
    journey: fields.text('journey', limits.journeyLengthMax),
    stage: fields.text('stage', limits.journeyLengthMax),
    segment: takeSegment(record.get('segment') ?? null, faults),
    touchpoint: fields.textOrNull('touchpoint', limits.touchpointLengthMax),
    alertKind: fields.text('alertKind', limits.journeyLengthMax),
    ...{ state, severity: fields.text('severity', limits.journeyLengthMax) },
    startedAtUs: fields.instant('startedAtUs'),
    resolvedAtUs,
    ...(Object.fromEntries(numbers) as Pick<AlertSignal, (typeof figures)[number]>),
    title: takeTexts(record.get('title') ?? null, 'title', faults),
    text: takeTexts(record.get('text') ?? null, 'text', faults),
    boardUrl: fields.textOrEmpty('boardUrl', limits.propertyTextLengthMax),
    customersUrl: fields.textOrEmpty('customersUrl', limits.propertyTextLengthMax),
    customersPath: fields.textOrEmpty('customersPath', limits.propertyTextLengthMax),
    runbookUrl: fields.textOrNull('runbookUrl', limits.propertyTextLengthMax),
  };
}

function takeSegment(value: JsonValue, faults: Fault[]): AlertSignal['segment'] {
  if (value === null) return null;
  if (!isJsonObject(value)) {
    faults.push({ code: 'wrong_type', path: '/segment', message: 'expected an object or null' });
    return null;
  }
  const fields = createRecordFields(value, '/segment', faults);
  fields.requireNames(['by', 'value']);
  return {
    by: fields.text('by', limits.propertyNameLengthMax),
    value: fields.textOrEmpty('value', limits.segmentValueLengthMax),
  };
}

function takeTexts(value: JsonValue, name: string, faults: Fault[]): Record<string, string> {
  const entries = isJsonObject(value) ? [...value] : [];
  const texts = entries.flatMap(([language, text]) => (typeof text === 'string' ? [[language, text] as const] : []));
  if (texts.length === 0 || texts.length !== entries.length)
    faults.push({ code: 'wrong_type', path: `/${name}`, message: 'expected texts by language' });
  return Object.fromEntries(texts);
}
