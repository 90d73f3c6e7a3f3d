import { type FaultSink, takeText } from '../fields.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json-value.ts';
import { limits } from '../limits.ts';
import { childPath } from '../pointer.ts';
import { createDraft, type DraftBuilder, type Mapped } from './draft.ts';
import { putOwnFields } from './own-fields.ts';
import { vendorId, vendorText, vendorTime } from './vendor-values.ts';

/** Extension attributes that are fields of ours. */
export const cloudEventsExtensions = ['anonymous', 'account', 'channel', 'team', 'direction', 'topic'] as const;

/** Attributes that don't become properties `ce.NAME`. */
const moved: ReadonlySet<string> = new Set([
  'specversion',
  'id',
  'type',
  'time',
  'data',
  'data_base64',
  'datacontenttype',
  'customer',
  'sequence',
  ...cloudEventsExtensions,
]);

/** One CloudEvent in JSON form (CloudEvents 1.0.2, "JSON Event Format") → native form. The table is in docs/dialects/cloudevents.md. */
export function mapCloudEvent(event: JsonObject): Mapped {
  const faults: FaultSink = [];
  const draft = createDraft();
  checkVersion(event, faults);
  const id = required(event, 'id', faults);
  const source = required(event, 'source', faults);
  if (id !== null && source !== null) draft.put('id', `${source} ${id}`, '/id');
  draft.put('touchpoint', required(event, 'type', faults), '/type');
  draft.put('occurredAt', vendorTime(event.get('time')), '/time');
  putWho(event, draft);
  for (const name of cloudEventsExtensions) draft.put(name, vendorText(event.get(name)), `/${name}`);
  draft.put('sequence', wholeNumber(event.get('sequence') ?? null), '/sequence');
  putData(event, draft, faults);
  for (const [name, value] of event) {
    if (!moved.has(name)) draft.add('properties', `ce.${name}`, value, childPath('', name));
  }
  return { draft: draft.draft(), fault: faults[0] ?? null };
}

function checkVersion(event: JsonObject, faults: FaultSink): void {
  const version = required(event, 'specversion', faults);
  if (version === null || version === '1.0') return;
  faults.push({ code: 'unknown_value', path: '/specversion', message: 'only CloudEvents "1.0" are understood' });
}

function required(event: JsonObject, name: string, faults: FaultSink): string | null {
  const value = event.get(name) ?? null;
  if (value === null) {
    faults.push({ code: 'missing_field', path: '', message: `a CloudEvent needs the attribute "${name}"` });
    return null;
  }
  return takeText(value, limits.propertyTextLengthMax, `/${name}`, faults);
}

/** The subject is the customer where no extension names one, nor an anonymous id. */
function putWho(event: JsonObject, draft: DraftBuilder): void {
  const customer = vendorId(event.get('customer'));
  const hasAnonymous = vendorId(event.get('anonymous')) !== null;
  if (customer !== null) draft.put('customer', customer, '/customer');
  else if (!hasAnonymous) draft.put('customer', vendorId(event.get('subject')), '/subject');
}

/** Headers carry numbers as text. */
function wholeNumber(value: JsonValue): JsonValue {
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) + 0 : value;
}

function putData(event: JsonObject, draft: DraftBuilder, faults: FaultSink): void {
  const data = event.get('data') ?? null;
  draft.add('properties', 'data_base64', event.get('data_base64') ?? null, '/data_base64');
  if (!isJsonObject(data)) {
    draft.add('properties', 'data', data, '/data');
    return;
  }
  const traits = data.get('traits');
  const hasTraits = isJsonObject(traits);
  const rest = [...data].filter(([name]) => name !== 'michinori' && !(hasTraits && name === 'traits'));
  draft.putFlat('properties', new Map(rest), '/data');
  if (hasTraits) draft.putFlat('traits', traits, '/data/traits');
  putOwnFields(draft, data, 'michinori', '/data', faults);
}
