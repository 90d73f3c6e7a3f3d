import { canonicalField } from '../import/mapping.ts';
import type { ExportColumn, Exported, FlatRow, XesAttribute } from './export-row.ts';

/** A row of `GET /v1/export/events`. */
export interface ApiEvent {
  id: string;
  customer: string | null;
  anonymous: string | null;
  account: string | null;
  touchpoint: string;
  channel: string | null;
  team: string | null;
  direction: string | null;
  topic: string | null;
  occurredAt: string;
  sequence: string | null;
  sentiment: number | null;
  nps: number | null;
  amount: string | null;
  currency: string | null;
  properties: string;
  traits: string;
}

const columns: readonly ExportColumn[] = [
  { name: 'id', type: 'text' },
  { name: 'customer', type: 'text' },
  { name: 'anonymous', type: 'text' },
  { name: 'account', type: 'text' },
  { name: 'touchpoint', type: 'text' },
  { name: 'channel', type: 'text' },
  { name: 'team', type: 'text' },
  { name: 'direction', type: 'text' },
  { name: 'topic', type: 'text' },
  { name: 'occurredAt', type: 'time' },
  { name: 'sequence', type: 'integer' },
  { name: 'sentiment', type: 'number' },
  { name: 'nps', type: 'integer' },
  { name: 'amount.value', type: 'decimal' },
  { name: 'amount.currency', type: 'text' },
];

/** Keys that mean something else at an event of XES, or at its trace. */
const reservedKeys: ReadonlySet<string> = new Set([
  'concept:name',
  'time:timestamp',
  'org:group',
  'case:concept:name',
  'case:anonymous',
]);
const lifecycle = 'lifecycle:transition';

/** All events that occurred in a range. Columns have the names by which `michinori import` knows them again. */
export function exportedEvents(range: { from?: string | undefined; to?: string | undefined }): Exported<ApiEvent> {
  const parameters = new URLSearchParams({ limit: '10000' });
  for (const [name, value] of Object.entries(range)) if (value !== undefined) parameters.set(name, value);
  return { title: 'events', path: `/v1/export/events?${parameters}`, columns, flat, json, xes };
}

/** Properties stand under their own names; where that is the name of a field, under `property.NAME`. */
function propertyColumn(name: string): string {
  return canonicalField(name) === undefined ? name : `property.${name}`;
}

function flat(event: ApiEvent): FlatRow {
  const row = new Map<string, string | number>();
  for (const { name } of columns) {
    const value = fieldOf(event, name);
    if (value !== null) row.set(name, value);
  }
  for (const [name, value] of membersOf(event.properties)) row.set(propertyColumn(name), value);
  for (const [name, value] of membersOf(event.traits)) row.set(`trait.${name}`, value);
  return row;
}

function fieldOf(event: ApiEvent, name: string): string | number | null {
  if (name === 'amount.value') return event.amount;
  if (name === 'amount.currency') return event.currency;
  return event[name as keyof ApiEvent];
}

/** The native form of an event, as text. */
function json(event: ApiEvent): string {
  const { amount, currency, sequence, properties, traits, ...plain } = event;
  const members = Object.entries(plain)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `"${name}":${JSON.stringify(value)}`);
  if (sequence !== null) members.push(`"sequence":${sequence}`);
  if (amount !== null) members.push(`"amount":${JSON.stringify({ value: amount, currency })}`);
  if (properties !== '{}') members.push(`"properties":${properties}`);
  if (traits !== '{}') members.push(`"traits":${traits}`);
  return `{${members.join(',')}}`;
}

function xes(event: ApiEvent) {
  const { customer, anonymous } = event;
  const name = customer ?? anonymous ?? '';
  const id = customer === null ? `\0${name}` : name;
  const attributes: XesAttribute[] = [{ kind: 'string', key: 'concept:name', value: name }];
  if (customer === null) attributes.push({ kind: 'boolean', key: 'anonymous', value: true });
  return { trace: { id, attributes }, events: [eventAttributes(event)] };
}

function eventAttributes(event: ApiEvent): XesAttribute[] {
  const properties = new Map(membersOf(event.properties));
  const transition = properties.get(lifecycle) ?? 'complete';
  properties.delete(lifecycle);
  const attributes: XesAttribute[] = [
    { kind: 'string', key: 'concept:name', value: event.touchpoint },
    { kind: 'date', key: 'time:timestamp', value: event.occurredAt },
    { kind: 'string', key: lifecycle, value: transition },
  ];
  const add = (kind: XesAttribute['kind'], key: string, value: string | number | null) => {
    if (value !== null) attributes.push({ kind, key, value });
  };
  add('string', 'org:group', event.team);
  add('string', 'id', event.id);
  if (event.customer !== null) add('string', 'anonymous', event.anonymous);
  for (const key of ['account', 'channel', 'direction', 'topic'] as const) add('string', key, event[key]);
  add('int', 'sequence', event.sequence);
  add('float', 'sentiment', event.sentiment);
  add('int', 'nps', event.nps);
  add('float', 'amount.value', event.amount);
  add('string', 'amount.currency', event.currency);
  for (const [name, value] of properties)
    add('string', reservedKeys.has(name) ? `property.${name}` : propertyColumn(name), value);
  for (const [name, value] of membersOf(event.traits)) add('string', `trait.${name}`, value);
  return attributes;
}

function membersOf(text: string): [name: string, value: string][] {
  return text === '{}' ? [] : Object.entries(JSON.parse(text) as Record<string, string>);
}
