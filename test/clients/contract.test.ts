import { canonicalContent, type TouchpointEvent } from '@michinori/events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client, Target } from './client.ts';
import { allClients, vendorClients } from './clients.ts';
import { type RunningIngest, startIngest } from './ingest.ts';
import { recordedSession, type Step } from './session.ts';

const wrongKey = `mk_aaaaaaaa_${'x'.repeat(40)}`;
let ingest: RunningIngest;

beforeEach(async () => {
  // posthog-node also writes what it reports.
  vi.spyOn(console, 'error').mockReturnValue();
  ingest = await startIngest({ inflightRequestsPerKeyMax: 1 });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await ingest.close();
});

/** Sends steps and waits until they are delivered or given up; the errors that the application was told of. */
async function play(client: Client, steps: readonly Step[], target: Target = ingest): Promise<readonly string[]> {
  const open = client.open(target);
  for (const step of steps) open.send(step);
  await open.settle();
  return open.errors;
}

/** What an event says of the customer, without what belongs to the wire form. */
function told({ id, properties, ...event }: TouchpointEvent, prefix: string) {
  const own = [...properties].filter(([name]) => !/^(\$|ce\.)/.test(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  const { receivedAtUs: _, traits, ...fields } = event;
  const text = JSON.stringify({
    ...fields,
    id: id.slice(id.lastIndexOf(' ') + 1),
    properties: own,
    traits: [...traits].sort(),
  });
  return JSON.parse(text.replaceAll(`${prefix}-`, '')) as unknown;
}

/** What arrived, once per id; the copies of one id have to be equal. */
async function arrived(prefix: string): Promise<unknown[]> {
  const byId = new Map<string, TouchpointEvent>();
  for (const { event } of await ingest.events()) {
    const before = byId.get(event.id);
    if (before !== undefined) expect(canonicalContent(event)).toBe(canonicalContent(before));
    byId.set(event.id, before ?? event);
  }
  return [...byId.values()].sort((a, b) => a.occurredAtUs - b.occurredAtUs).map((event) => told(event, prefix));
}

const expected = (prefix: string) =>
  recordedSession(prefix).map(({ at, customer, anonymous, account, traits, own }) =>
    JSON.parse(
      JSON.stringify({ at: Date.parse(at) * 1_000, customer, anonymous, account, traits, own }).replaceAll(
        `${prefix}-`,
        '',
      ),
    ),
  );

describe.each(allClients.map((client) => [client.name, client] as const))('%s', (_name, client) => {
  it('brings every event of a session once, with customer, time, touchpoint and traits', async () => {
    expect(await play(client, recordedSession('s'))).toEqual([]);
    const events = await ingest.events();
    expect(events).toHaveLength(12);
    expect(new Set(events.map(({ dialect }) => dialect))).toEqual(new Set([client.dialect]));
    expect(await ingest.deadLetters()).toEqual([]);
    const told = (await arrived('s')) as Record<string, unknown>[];
    for (const [index, { at, customer, anonymous, account, own }] of expected('s').entries()) {
      expect(told[index]).toMatchObject({
        occurredAtUs: at,
        customer: customer ?? null,
        anonymous: anonymous ?? null,
        account: account ?? null,
        ...own,
      });
    }
    expect(told.map(({ touchpoint }) => touchpoint)).toEqual([
      'page.Pricing',
      'identity.identified',
      'identity.grouped',
      'contract.signed',
      'training.attended',
      ...Array(3).fill('feature.core_used'),
      'nps.answered',
      'value.milestone',
      'contract.renewed',
      'identity.alias',
    ]);
    expect(told[1]).toMatchObject({
      traits: [
        ['address.city', '大阪'],
        ['plan', 'pro'],
        ['role', 'ops'],
      ],
    });
    expect(told[3]).toMatchObject({
      properties: [
        ['seats', 5],
        ['terms.auto', true],
        ['terms.months', 12],
      ],
    });
    expect(told[11]).toMatchObject({ properties: [['previous', 'old-7']] });
  });

  it('repeats what was refused with 503, and what was stored although the answer was lost', async () => {
    ingest.failNext('refused', 'answer lost');
    expect(await play(client, recordedSession('s'))).toEqual([]);
    expect(ingest.statuses.filter((status) => status === 503)).toHaveLength(2);
    expect((await ingest.events()).length).toBeGreaterThan(12);
    expect(await arrived('s')).toHaveLength(12);
  });

  it('repeats what was refused with 429', async () => {
    const release = ingest.hold();
    const other = { id: 'other', customer: 'other', touchpoint: 'other', occurredAt: '2026-03-01T00:00:00Z' };
    const headers = { authorization: `Bearer ${ingest.key}` };
    const held = fetch(`${ingest.url}/v1/events`, { method: 'POST', headers, body: JSON.stringify(other) });
    const playing = play(client, recordedSession('s'));
    await vi.waitFor(() => expect(ingest.statuses).toContain(429), { timeout: 20_000 });
    release();
    expect((await held).status).toBe(202);
    expect(await playing).toEqual([]);
    expect(await ingest.events()).toHaveLength(13);
    expect(await arrived('s')).toHaveLength(13);
  });

  it('tells the application that the key is wrong', async () => {
    const errors = await play(client, recordedSession('s').slice(3, 4), { url: ingest.url, key: wrongKey });
    expect(errors).toEqual([expect.stringMatching(/401|Unauthorized/)]);
    expect(await ingest.events()).toEqual([]);
  });

  it('loses no good event to a bad one, which is a dead letter', async () => {
    const [, , , good, , other] = recordedSession('s');
    if (good === undefined || other === undefined) throw new Error('the session is longer');
    const bad: Step = { ...good, id: 's-bad', properties: { note: 'x'.repeat(20_000).concat('\0') } };
    await play(client, [good, bad, other]);
    expect(await arrived('s')).toHaveLength(2);
    expect((await ingest.deadLetters()).map(({ rejected, dialect }) => [rejected.rejection.code, dialect])).toEqual([
      ['text_with_nul', client.dialect],
    ]);
  });
});

it('what arrives is the same, whoever brought it', async () => {
  const [native, ...others] = allClients.entries();
  const each: [string, unknown[]][] = [];
  for (const [index, client] of [...(native === undefined ? [] : [native]), ...others]) {
    const prefix = `p${index}`;
    await play(client, recordedSession(prefix));
    const all = (await ingest.events()).filter(({ event }) => event.id.includes(prefix));
    const events = all.map(({ event }) => told(event, prefix));
    each.push([client.name, events]);
  }
  const [first, ...rest] = each;
  expect(first?.[1]).toHaveLength(12);
  for (const [name, events] of rest) expect([name, events]).toEqual([name, first?.[1]]);
  expect(rest).toHaveLength(vendorClients.length);
});
