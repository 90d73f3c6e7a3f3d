import { Buffer } from 'node:buffer';
import type { Scalar, TouchpointEvent } from '@michinori/events';
import { referencePeople } from './identity-reference.ts';

/** One delivery of an event: the event as it was received, and its place in the log. */
export interface EventCopy {
  readonly event: TouchpointEvent;
  readonly log: string;
  readonly logPartition: number;
  readonly logOffset: number;
}

/** An event on a timeline, with everything that was true of its customer at that moment. */
export interface Moment {
  readonly id: string;
  /** The person who the event's customer or anonymous id is. */
  readonly customer: string;
  /** '' when the event belongs to no account, also not by an earlier event of its customer. */
  readonly account: string;
  readonly occurredAtUs: number;
  readonly sequence: number;
  readonly touchpoint: string;
  readonly channel: string;
  readonly team: string;
  readonly direction: 'inbound' | 'outbound' | null;
  readonly sentiment: number | null;
  readonly nps: number | null;
  readonly properties: ReadonlyMap<string, string>;
  /** The traits that this event itself sets. */
  readonly ownTraits: ReadonlyMap<string, string>;
  /** The last value of every trait up to and including this moment. */
  readonly traits: ReadonlyMap<string, string>;
}

/** All that happened to one unit (customer or account), in canonical order. */
export interface Timeline {
  readonly unit: string;
  readonly moments: readonly Moment[];
}

export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Order by instant alone: 0 for ties. */
export function compareInstants(a: Moment, b: Moment): number {
  return a.occurredAtUs - b.occurredAtUs || a.sequence - b.sequence;
}

/** Order by instant, then id. */
export function compareMoments(a: Moment, b: Moment): number {
  return compareInstants(a, b) || compareBytes(a.id, b.id);
}

/** The customer an event belongs to; one with only an anonymous id belongs to that id. */
export function customerOf(event: TouchpointEvent): string {
  return event.customer ? event.customer : `\0${event.anonymous ?? ''}`;
}

function receivedEarlier(a: EventCopy, b: EventCopy): boolean {
  const order =
    a.event.receivedAtUs - b.event.receivedAtUs ||
    compareBytes(a.log, b.log) ||
    a.logPartition - b.logPartition ||
    a.logOffset - b.logOffset;
  return order < 0;
}

/** Two events with one id are one event; the copy with the earliest receipt counts. */
export function winningCopies(copies: readonly EventCopy[]): EventCopy[] {
  const winners = new Map<string, EventCopy>();
  for (const copy of copies) {
    const other = winners.get(copy.event.id);
    if (other === undefined || receivedEarlier(copy, other)) winners.set(copy.event.id, copy);
  }
  return [...winners.values()];
}

function texts(values: ReadonlyMap<string, Scalar>): Map<string, string> {
  return new Map([...values].map(([key, value]) => [key, String(value)]));
}

function momentOf(event: TouchpointEvent, customer: string): Moment {
  return {
    id: event.id,
    customer,
    account: event.account ?? '',
    occurredAtUs: event.occurredAtUs,
    sequence: event.sequence ?? 0,
    touchpoint: event.touchpoint,
    channel: event.channel ?? '',
    team: event.team ?? '',
    direction: event.direction,
    sentiment: event.sentiment,
    nps: event.nps,
    properties: texts(event.properties),
    ownTraits: texts(event.traits),
    traits: texts(event.traits),
  };
}

/** Carries the account and the traits of a customer forward along his own moments. */
function withPast(moments: readonly Moment[]): Moment[] {
  let account = '';
  let traits: ReadonlyMap<string, string> = new Map();
  return [...moments].sort(compareMoments).map((moment) => {
    if (moment.account !== '') account = moment.account;
    traits = new Map([...traits, ...moment.traits]);
    return { ...moment, account, traits };
  });
}

function groupBy(moments: readonly Moment[], key: (moment: Moment) => string): Map<string, Moment[]> {
  const groups = new Map<string, Moment[]>();
  for (const moment of moments) groups.set(key(moment), [...(groups.get(key(moment)) ?? []), moment]);
  return groups;
}

/**
 * The timelines as of an instant: copies dropped, ordered, one per person or per account. Who is who is judged by the events up to
 * `peopleAsOfUs`, by default the same instant.
 */
export function timelinesOf(
  copies: readonly EventCopy[],
  unit: 'customer' | 'account',
  asOfUs: number,
  peopleAsOfUs: number = asOfUs,
): Timeline[] {
  const events = winningCopies(copies).map(({ event }) => event);
  const personOf = referencePeople(events.filter(({ occurredAtUs }) => occurredAtUs <= peopleAsOfUs));
  const seen = events
    .filter(({ occurredAtUs }) => occurredAtUs <= asOfUs)
    .map((event) => momentOf(event, personOf(customerOf(event))));
  const moments = [...groupBy(seen, (moment) => moment.customer).values()].flatMap(withPast);
  const members = unit === 'customer' ? moments : moments.filter((moment) => moment.account !== '');
  const units = groupBy(members, (moment) => (unit === 'customer' ? moment.customer : moment.account));
  return [...units].map(([name, own]) => ({ unit: name, moments: own.sort(compareMoments) }));
}
