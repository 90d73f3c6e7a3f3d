import type { ClickHouse } from '@michinori/clickhouse';
import { eventFromObject } from '@michinori/events';
import {
  deriveUnits,
  type JourneyScope,
  listDoubleContacts,
  planJourney,
  runDoubleContacts,
  runEnquiries,
} from '@michinori/queries';
import { type EventCopy, insertDeliveries, storyJourney, storyStage, temporaryClickHouse } from '@michinori/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../../src/demo/simulate.ts';
import { demoDefaults } from '../../src/demo/world.ts';

const dayUs = 86_400_000_000;
const { truth, events } = simulate(demoDefaults);

const enquiry = ['enquiry.sent', 'ticket.opened'];

/** Everybody travels in it. Only enquiries and events with a topic are stored: nothing else matters here. */
const journey = storyJourney({ stages: [storyStage('here', ['*'])], exit: [] });

let clickhouse: ClickHouse;
let scope: JourneyScope;
const closings: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closings) await close();
});

beforeAll(async () => {
  clickhouse = await temporaryClickHouse({ onTestFinished: (close) => closings.push(close) });
  const copies: EventCopy[] = [];
  for (const { event, receivedAtUs } of events) {
    if (event.topic === undefined && !enquiry.includes(event.touchpoint)) continue;
    const verdict = eventFromObject(event, { receivedAtUs });
    if (!verdict.accepted) throw new Error(verdict.rejected.rejection.message);
    copies.push({ event: verdict.event, log: 'events@demo', logPartition: 0, logOffset: copies.length });
  }
  await insertDeliveries(clickhouse, [copies]);
  await deriveUnits(clickhouse, { id: 1, journey }, { kind: 'range', fromKey: 0n, toKey: 2n ** 64n - 1n });
  const asOf = demoDefaults.endUs;
  scope = planJourney({ from: asOf - 700 * dayUs, to: asOf, asOf }, { derivation: 1, journey }, asOf);
});

describe('contact hygiene finds what is hidden in the demo data', () => {
  it('double contacts', async () => {
    const withinUs = truth.doubleContacts.withinDays * dayUs;
    const { rows } = await runDoubleContacts(clickhouse, scope, { withinUs });
    const sum = rows.reduce((all, { contacts }) => all + contacts, 0);
    expect(sum).toBe(truth.doubleContacts.contacts);
    expect(rows[0]).toMatchObject({ topic: 'renewal', firstTeam: 'customer-success', secondTeam: 'sales' });
    const list = await listDoubleContacts(clickhouse, scope, { withinUs, limit: 5000 });
    expect(new Set(list.rows.map(({ customer }) => customer)).size).toBe(truth.doubleContacts.customers);
  });

  it('answers to enquiries', async () => {
    const { rows } = await runEnquiries(clickhouse, scope, { enquiry, withinUs: dayUs });
    const ofTopics = rows.filter(({ team }) => team === null);
    const sum = (pick: (row: (typeof rows)[number]) => number) => ofTopics.reduce((all, row) => all + pick(row), 0);
    expect([sum(({ enquiries }) => enquiries), sum(({ answered }) => answered)]).toEqual([
      truth.support.enquiries,
      truth.support.replied,
    ]);
  });
});
