import { simulate } from '@michinori/standalone';

/** One copy of an event as a client sends it, and when ingest takes it: a function of the copy, however it arrives. */
export interface Delivery {
  event: Record<string, unknown>;
  receivedAtUs: number;
}

/** The moment that every question is asked as of, and the end of the simulated time. */
export const endUs = Date.UTC(2026, 10, 20, 15) * 1_000;
export const commonReceiptUs = endUs + 3_600e6;

/**
 * What a company's apps would send: several thousand events of the demo, each once and all taken at one moment.
 */
export function ordinaryDeliveries(eventsMax: number): Delivery[] {
  const { events } = simulate({ seed: 11, customers: 150, endUs });
  const seen = new Set<string>();
  const deliveries: Delivery[] = [];
  for (const { event } of events) {
    if (seen.has(event.id) || deliveries.length >= eventsMax) continue;
    seen.add(event.id);
    deliveries.push({ event: { ...event }, receivedAtUs: commonReceiptUs });
  }
  return deliveries;
}

const at = (minutes: number): string => new Date(Date.UTC(2026, 5, 1, 9, minutes)).toISOString();

const alias = (id: string, customer: string, previous: string, minutes: number) => ({
  ...{ id, customer, properties: { previous } },
  ...{ touchpoint: 'identity.alias', occurredAt: at(minutes) },
});

/**
 * Hand-made trouble. Every delivery has a receipt of its own, so that which copy of an id came first doesn't depend on
 * the arrangement.
 */
export function nastyDeliveries(): Delivery[] {
  const sent: Record<string, unknown>[] = [];
  const send = (...copies: Record<string, unknown>[]): void => void sent.push(...copies);
  for (let index = 0; index < 24; index += 1) {
    const base = { customer: `nasty-${index % 9}`, account: `firm-${index % 3}`, channel: 'app' };
    const start = {
      ...base,
      id: `n-start-${index}`,
      touchpoint: 'nasty.start',
      occurredAt: at(index),
      traits: { plan: index % 2 ? 'pro' : 'free' },
    };
    const done = {
      ...base,
      id: `n-done-${index}`,
      touchpoint: 'nasty.done',
      occurredAt: at(index + 7),
      properties: { step: index % 4 },
    };
    if (index % 6 === 0) send(start, { ...start, touchpoint: 'nasty.done' }, start);
    else if (index % 6 === 1) send({ ...start, customer: 'nasty-thief' }, start, { ...start, customer: 'nasty-0' });
    else if (index % 6 === 2) send({ ...start, occurredAt: at(index + 500) }, start);
    else if (index % 6 === 3)
      send({ ...start, traits: { plan: 'other' } }, start, { ...start, traits: { plan: 'third' } });
    else if (index % 6 === 4)
      send({ ...start, account: 'firm-elsewhere' }, { ...start, occurredAt: '2024-12-31T23:59:59Z' }, start);
    else send(start, start);
    send(index % 5 === 0 ? { ...done, properties: { step: 'x' } } : done, done);
  }
  const tie = { customer: 'nasty-tie', occurredAt: at(40) };
  send(
    { ...tie, id: 't-3', touchpoint: 'nasty.done', traits: { plan: 'c' } },
    { ...tie, id: 't-1', touchpoint: 'nasty.start', traits: { plan: 'a' } },
    { ...tie, id: 't-2', touchpoint: 'nasty.mid', traits: { plan: 'b' } },
    { ...tie, id: 't-4', touchpoint: 'nasty.start', sequence: -1 },
    { ...tie, id: 't-5', touchpoint: 'nasty.done', sequence: 2 },
    { id: 'anonymous-1', anonymous: 'nasty-0', touchpoint: 'nasty.start', occurredAt: at(41) },
    {
      id: 'anonymous-2',
      anonymous: 'nasty-0',
      touchpoint: 'nasty.done',
      occurredAt: at(42),
      properties: JSON.parse('{"__proto__":"x"}'),
    },
    { id: 'timeless', customer: 'nasty-8', touchpoint: 'nasty.done' },
    { id: 'twin-1', customer: 'nasty-8', touchpoint: 'nasty.mid', occurredAt: at(43) },
    { id: 'twin-2', customer: 'nasty-8', touchpoint: 'nasty.mid', occurredAt: at(43) },
    { id: 'device-1', anonymous: 'nasty-device', touchpoint: 'nasty.start', occurredAt: at(1) },
    { id: 'device-2', anonymous: 'nasty-device', touchpoint: 'nasty.done', occurredAt: at(60) },
    { id: 'claim-2', customer: 'nasty-2', anonymous: 'nasty-device', touchpoint: 'nasty.mid', occurredAt: at(46) },
    { id: 'claim-1', customer: 'nasty-1', anonymous: 'nasty-device', touchpoint: 'nasty.mid', occurredAt: at(45) },
    { id: 'claim-3', customer: 'nasty-5', anonymous: 'nasty-device', touchpoint: 'nasty.mid', occurredAt: at(44) },
    { id: 'claim-3', customer: 'nasty-6', touchpoint: 'nasty.mid', occurredAt: at(44) },
    alias('alias-1', 'nasty-3', 'nasty-4', 47),
    alias('alias-2', 'nasty-7', 'nasty-3', 48),
    alias('alias-3', 'nasty-8', 'nasty-tie', 48),
    { ...alias('unalias-3', 'nasty-8', 'nasty-tie', 49), touchpoint: 'identity.unalias' },
    alias('alias-4', 'nasty-thief', 'nasty-0', 50),
    { id: 'refused-1', customer: 'nasty-8', touchpoint: 'nasty.mid', occurredAt: 'never' },
    { id: 'refused-2', customer: 'nasty-8', touchpoint: 'nasty.mid', nps: 11 },
    { id: 'refused-2', customer: 'nasty-8', touchpoint: 'nasty.mid', colour: 'red' },
  );
  return sent.map((event, index) => ({
    event,
    receivedAtUs: commonReceiptUs + 60e6 + ((index * 7_919) % 10_007) * 1_000,
  }));
}
