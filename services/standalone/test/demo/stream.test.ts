import { createHash } from 'node:crypto';
import { parseNativeRequest } from '@michinori/events';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/demo/simulate.ts';
import { demoDefaults, demoEndUs } from '../../src/demo/world.ts';

const options = { ...demoDefaults, customers: 200 };
const small = simulate(options);
const deliveries = [...small.events];

const missing = {
  customer: null,
  anonymous: null,
  account: null,
  direction: null,
  topic: null,
  sequence: null,
  sentiment: null,
  nps: null,
  amount: null,
};

function digest(simulation: ReturnType<typeof simulate>): string {
  const hash = createHash('sha256');
  for (const delivery of simulation.events) hash.update(`${JSON.stringify(delivery)}\n`);
  return hash.update(JSON.stringify(simulation.truth)).digest('hex');
}

describe('determinism', () => {
  it('gives the committed bytes, on every Node', () => {
    expect(digest(small)).toBe('ccd1289e7ac6382bc0c62e4d968496c04e07bda901219151004551af5ba7febe');
  });

  it('gives the same again, also while another world is being told', () => {
    const one = simulate(options).events[Symbol.iterator]();
    const other = simulate({ ...options, seed: 8 }).events[Symbol.iterator]();
    for (const expected of deliveries.slice(0, 500)) {
      expect(one.next().value).toEqual(expected);
      other.next();
    }
    expect(digest(simulate(options))).toBe(digest(small));
  });

  it('gives something else for another seed or end', () => {
    const first = JSON.stringify(deliveries[0]);
    expect(
      JSON.stringify(
        simulate({ ...options, seed: 8 })
          .events[Symbol.iterator]()
          .next().value,
      ),
    ).not.toBe(first);
    const laterUs = demoEndUs(options.endUs + 90_000_000_000);
    expect(laterUs).toBe(options.endUs + 86_400_000_000);
    expect(simulate({ ...options, endUs: laterUs }).truth.end).toBe('2026-11-21T15:00:00.000Z');
  });
});

describe('the wire', () => {
  it('is accepted by the native dialect without exception, unchanged', () => {
    for (const { event, receivedAtUs } of deliveries) {
      const body = new TextEncoder().encode(JSON.stringify(event));
      const parsed = parseNativeRequest(body, { receivedAtUs, contentType: 'application/json' });
      if (parsed.outcome !== 'parsed') throw new Error(parsed.message);
      const [verdict] = parsed.verdicts;
      if (!verdict?.accepted) throw new Error(verdict?.rejected.rejection.message ?? 'no verdict');
      const { traits, properties, occurredAtUs, ...rest } = verdict.event;
      const { traits: sentTraits, properties: sentProperties, occurredAt, ...sent } = event;
      expect(rest).toEqual({ ...missing, ...sent, receivedAtUs });
      expect(occurredAtUs).toBe(Date.parse(occurredAt) * 1000);
      expect(Object.fromEntries(traits)).toEqual(sentTraits ?? {});
      expect(Object.fromEntries(properties)).toEqual(sentProperties ?? {});
    }
  });

  it('names every event once, and copies are identical', () => {
    const byId = new Map<string, string>();
    let copies = 0;
    for (const { event } of deliveries) {
      const text = JSON.stringify(event);
      const known = byId.get(event.id);
      if (known !== undefined) {
        copies += 1;
        expect(text).toBe(known);
      }
      byId.set(event.id, text);
    }
    expect(copies).toBeGreaterThan(50);
    expect(copies).toBe(small.truth.events.copies);
    expect(byId.size).toBe(small.truth.events.unique);
  });

  it('comes in order of receipt, never before it happened and never after the end', () => {
    let previousUs = 0;
    for (const { event, receivedAtUs } of deliveries) {
      expect(receivedAtUs).toBeGreaterThanOrEqual(previousUs);
      expect(receivedAtUs).toBeLessThanOrEqual(options.endUs);
      expect(receivedAtUs).toBeGreaterThanOrEqual(Date.parse(event.occurredAt) * 1000);
      previousUs = receivedAtUs;
    }
  });

  it('tells a person, a company and their traits consistently', () => {
    const accountOf = new Map<string, string>();
    const traitsOf = new Map<string, string>();
    for (const { event } of deliveries) {
      if (event.customer === undefined) {
        expect(event.anonymous).toBeDefined();
        expect(event.account).toBeUndefined();
        expect(event.traits).toBeUndefined();
        continue;
      }
      expect(accountOf.get(event.customer) ?? event.account).toBe(event.account);
      accountOf.set(event.customer, event.account ?? '');
      if (!event.traits) continue;
      const traits = JSON.stringify(event.traits);
      expect(traitsOf.get(event.customer) ?? traits).toBe(traits);
      traitsOf.set(event.customer, traits);
    }
    expect(accountOf.size).toBe(small.truth.units.customers);
    expect(traitsOf.size).toBe(accountOf.size);
    expect(new Set(accountOf.values()).size).toBe(small.truth.units.accounts);
  });
});
