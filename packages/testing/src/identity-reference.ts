import type { TouchpointEvent } from '@michinori/events';
import { compareBytes } from './funnel-timeline.ts';

/** Name of a customer, or NUL and an anonymous id. */
type Name = string;

const anonymousName = (id: string): Name => `\0${id}`;

function compareEvents(a: TouchpointEvent, b: TouchpointEvent): number {
  return a.occurredAtUs - b.occurredAtUs || (a.sequence ?? 0) - (b.sequence ?? 0) || compareBytes(a.id, b.id);
}

/** Something that an event says: that an anonymous id is a customer's, or that it is from here to there by an alias. */
interface Claim {
  readonly event: TouchpointEvent;
  readonly anonymous: Name;
  readonly customer: Name;
}

interface Alias {
  readonly customer: Name;
  readonly previous: string;
  /** The first alias since it was last undone. */
  readonly since: TouchpointEvent;
}

/** The aliases in force after all events, in their canonical order. */
function aliasesInForce(events: readonly TouchpointEvent[]): Alias[] {
  const inForce = new Map<string, Alias>();
  for (const event of events) {
    const { customer, touchpoint, properties } = event;
    const previous = String(properties.get('previous') ?? '');
    if (!customer || previous === '' || previous === customer) continue;
    const pair = JSON.stringify([customer, previous]);
    if (touchpoint === 'identity.alias' && !inForce.has(pair)) inForce.set(pair, { customer, previous, since: event });
    if (touchpoint === 'identity.unalias') inForce.delete(pair);
  }
  return [...inForce.values()];
}

/** All names that can be reached from one over pairs. */
function reachable(from: Name, pairs: readonly (readonly [Name, Name])[]): Set<Name> {
  const found = new Set([from]);
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const [a, b] of pairs) {
      if (found.has(a)) found.add(b);
      if (found.has(b)) found.add(a);
    }
  }
  return found;
}

/**
 * The person that every name belongs to, by what events (each once, all that count) say about who is who: the reference that the SQL
 * is compared with. See packages/queries/docs/identity.md. A name that nothing is said about is a person of its own.
 */
export function referencePeople(unordered: readonly TouchpointEvent[]): (name: Name) => Name {
  const events = [...unordered].sort(compareEvents);
  const customers = new Set(events.flatMap(({ customer }) => (customer ? [customer] : [])));
  const aliases = aliasesInForce(events);

  const edges = aliases.filter(({ previous }) => customers.has(previous));
  const pairs = edges.map(({ customer, previous }) => [customer, previous] as const);
  const personOfCustomer = (customer: Name): Name => {
    const members = [...reachable(customer, pairs)].sort(compareBytes);
    const first = members.find((member) => !edges.some(({ previous }) => previous === member));
    return first ?? members[0] ?? customer;
  };

  const claims: Claim[] = [
    ...events.flatMap((event) =>
      event.customer && event.anonymous
        ? [{ event, anonymous: anonymousName(event.anonymous), customer: event.customer }]
        : [],
    ),
    ...aliases.map(({ customer, previous, since }) => ({ event: since, anonymous: anonymousName(previous), customer })),
  ];
  const owners = new Map<Name, Name>();
  for (const { anonymous, customer } of claims.sort((a, b) => compareEvents(a.event, b.event))) {
    if (!owners.has(anonymous)) owners.set(anonymous, customer);
  }

  const known = new Map<Name, Name>();
  return (name) => {
    const person = known.get(name) ?? (name.startsWith('\0') ? owners.get(name) : name);
    if (person === undefined) return name;
    const found = known.get(name) ?? personOfCustomer(person);
    known.set(name, found);
    return found;
  };
}

/** All names about which any of the events says something, whether it counts or not. */
export function identifiedNames(events: readonly TouchpointEvent[]): Set<Name> {
  const names = new Set<Name>();
  for (const { customer, anonymous, touchpoint, properties } of events) {
    if (!customer) continue;
    if (anonymous) names.add(customer).add(anonymousName(anonymous));
    const previous = String(properties.get('previous') ?? '');
    const isStatement = touchpoint === 'identity.alias' || touchpoint === 'identity.unalias';
    if (isStatement && previous !== '' && previous !== customer) {
      names.add(customer).add(previous).add(anonymousName(previous));
    }
  }
  return names;
}
