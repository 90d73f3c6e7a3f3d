import type { ClickHouse } from '@michinori/clickhouse';
import { noteIdentities } from '@michinori/queries';
import {
  activeDerivation,
  copiesOf,
  customerOf,
  type EventCopy,
  insertDeliveries,
  insertUnitJourneys,
  journeyIdentityWorlds,
  journeyWorlds,
  referenceCustomerRows,
  referencePeople,
  referenceUnitJourneys,
  storyEvent,
  storyHour,
  storyJourney,
  temporaryClickHouse,
  unitName,
  unitTexts,
  winningCopies,
} from '@michinori/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CustomerName } from '../src/customer/customer-events.ts';
import { activeDerivations, readTravels, standingIn } from '../src/customer/customer-journeys.ts';
import { readNextStep } from '../src/customer/next-step.ts';
import { type Person, readPerson } from '../src/customer/person.ts';
import { readCustomerProfile } from '../src/customer/profile.ts';
import { decodeTimelinePlace, readTimeline, type TimelineEvent } from '../src/customer/timeline.ts';
import { stageAt } from '../src/customer/unit-visits.ts';
import { listSegmentValues } from '../src/journey/segment-values.ts';
import { everyKey } from './derive-arrangement.ts';

const customer = (id: string): CustomerName => ({ id, isAnonymous: false });

async function wholeTimeline(clickhouse: ClickHouse, person: Person, asOfUs: number, limit: number) {
  const rows: TimelineEvent[] = [];
  let cursor: string | null = null;
  do {
    const before = cursor === null ? null : decodeTimelinePlace(cursor);
    const page: Awaited<ReturnType<typeof readTimeline>> = await readTimeline(clickhouse, person, asOfUs, {
      limit,
      before,
    });
    rows.push(...page.rows);
    cursor = page.cursor;
  } while (cursor !== null);
  return rows;
}

test('timelines and profiles are those of the events that count of all ids of a person, as of any instant', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  const drawn = [journeyWorlds(), journeyIdentityWorlds()].flatMap((kind) => fc.sample(kind, { seed: 3, numRuns: 40 }));
  const worlds = drawn.filter(({ grid }) => grid.baseIso === drawn[0]?.grid.baseIso);
  const copies = worlds.flatMap((world, index) => copiesOf(world, `w${index}.`));
  await insertDeliveries(clickhouse, [copies, copies.slice(0, copies.length / 2)]);
  await noteIdentities(clickhouse, everyKey);
  const times = copies.map(({ event }) => event.occurredAtUs).sort((a, b) => a - b);
  let accounts = 0;
  let others = 0;
  for (const asOfUs of [times[Math.floor(times.length / 2)] ?? 0, (times.at(-1) ?? 0) + 1]) {
    const winners = winningCopies(copies).filter(({ event }) => event.occurredAtUs <= asOfUs);
    const events = winners.map(({ event }) => event);
    const personOf = referencePeople(events);
    const rows = new Map(
      referenceCustomerRows(winners).map((row) => [unitName({ unit: row.customer, anonymous: row.anonymous }), row]),
    );
    for (const asked of rows.keys()) {
      const row = rows.get(personOf(asked));
      if (row === undefined) throw new Error(`nobody is ${asked}`);
      if (personOf(asked) !== asked) others += 1;
      const { unit, anonymous } = unitTexts(asked);
      const person = await readPerson(clickhouse, { id: unit || anonymous, isAnonymous: unit === '' }, asOfUs);
      const name = { id: row.customer || row.anonymous, isAnonymous: row.customer === '' };
      expect(person.name, JSON.stringify(asked)).toEqual(name);
      const own = events.filter((event) => personOf(customerOf(event)) === personOf(asked));
      own.sort(
        (a, b) =>
          a.occurredAtUs - b.occurredAtUs ||
          (a.sequence ?? 0) - (b.sequence ?? 0) ||
          Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)),
      );
      let account: string | null = null;
      const expected = own.map((event) => {
        account = event.account ?? account;
        if (account !== null) accounts += 1;
        const { id, occurredAtUs: atUs, touchpoint, channel, team, direction, sentiment, nps } = event;
        return {
          id,
          atUs,
          touchpoint,
          channel,
          team,
          direction,
          topic: null,
          account,
          sentiment,
          nps,
          amount: null,
          currency: null,
        };
      });
      expect(await wholeTimeline(clickhouse, person, asOfUs, 20), JSON.stringify(name)).toEqual(expected.reverse());
      expect(await readCustomerProfile(clickhouse, person, asOfUs)).toEqual({
        anonymousIds: [...new Set(own.flatMap(({ anonymous }) => anonymous ?? []))].sort(),
        account: row.account || null,
        firstSeenUs: row.firstUs,
        lastSeenUs: row.lastUs,
        events: row.events,
        traits: Object.fromEntries(row.lastTraits),
        firstTraits: Object.fromEntries(row.firstTraits),
      });
    }
  }
  expect(accounts).toBeGreaterThan(3);
  expect(others).toBeGreaterThan(10);
  const nobody = await readPerson(clickhouse, customer('nobody'), times.at(-1) ?? 0);
  expect(await readCustomerProfile(clickhouse, nobody, times.at(-1) ?? 0)).toBeNull();
  const early = await readPerson(clickhouse, customer('w0.c'), (times[0] ?? 0) - dayUs);
  expect(await readCustomerProfile(clickhouse, early, (times[0] ?? 0) - dayUs)).toBeNull();
  expect(() => decodeTimelinePlace('e30')).toThrow(/no|not a cursor/);
});

const dayUs = 86_400_000_000;

describe('where a customer stands', () => {
  const journey = storyJourney({ segments: ['plan'] });
  const accounts = storyJourney({ id: 'accounts', unit: 'account' });

  /** 30 examples of A, M, N (two of them M, then lost), one of another stage, and the customer who has just had M. */
  const copies: EventCopy[] = [
    ...Array.from({ length: 32 }, (_, i) => `u${i}`).flatMap((name, i) => [
      storyEvent('A', 0, { customer: name, traits: new Map([['plan', i < 20 ? 'pro' : 'free']]) }),
      storyEvent('M', 1, { customer: name }),
      i < 24
        ? storyEvent('N', 2, { customer: name })
        : i < 30
          ? storyEvent('X', 2, { customer: name })
          : storyEvent('O', 2, { customer: name }),
    ]),
    storyEvent('X', 0, { customer: 'me', account: 'acme' }),
    storyEvent('A', 1, { customer: 'me' }),
    storyEvent('B', 2, { customer: 'me' }),
    storyEvent('X', 3, { customer: 'me' }),
    storyEvent('A', 4, { customer: 'me' }),
    storyEvent('M', 5, { customer: 'me' }),
    storyEvent('N', 50, { customer: 'me' }),
  ];

  test('follows from the visits, with the step that most often comes next', async (context) => {
    const clickhouse = await temporaryClickHouse(context);
    for (const [derivation, definition] of [journey, accounts].entries()) {
      await activeDerivation(clickhouse, definition, derivation + 1);
      await insertUnitJourneys(clickhouse, derivation + 1, referenceUnitJourneys(definition, copies));
    }
    const me = customer('me');
    const asOfUs = storyHour(40);
    const travels = await readTravels(clickhouse, me, 'acme', asOfUs);
    expect(travels.map(({ scope, visits }) => [scope.journey.id, visits.length])).toEqual([
      ['accounts', 3],
      ['story', 3],
    ]);
    const [ofAccount, ofCustomer] = travels;
    if (ofAccount === undefined || ofCustomer === undefined) throw new Error('no travels');
    expect(await standingIn(clickhouse, ofCustomer, me)).toEqual({
      journey: 'story',
      version: 1,
      stage: 'a',
      state: 'open',
      sinceUs: storyHour(4),
      cycle: 2,
      visits: 3,
      nextStep: { touchpoint: 'N', share: 24 / 32, n: 32 },
      outlook: expect.objectContaining({ lastTouchpoint: 'M', segment: 'plan:', state: 'ok', spentSeconds: 36 * 3600 }),
    });
    expect(await standingIn(clickhouse, ofAccount, customer('acme'))).toMatchObject({ stage: 'a', nextStep: null });
    const stages = [0, 1, 2, 3, 3.5, 4, 30].map((hour) => stageAt(ofCustomer.visits, storyHour(hour)));
    expect(stages).toEqual([null, 'a', 'b', 'b', null, 'a', 'a']);
    const [then] = await readTravels(clickhouse, me, null, storyHour(3.5));
    expect(then && (await standingIn(clickhouse, then, me))).toMatchObject({
      stage: 'b',
      state: 'lost',
      sinceUs: storyHour(3),
      nextStep: null,
    });
    expect(await readTravels(clickhouse, customer('u99'), null, asOfUs)).toEqual([]);
    const few = await readNextStep(
      clickhouse,
      { ...ofCustomer.scope, asOfUs: storyHour(1.5) },
      { stage: 1, touchpoint: 'A' },
    );
    expect(few).toEqual({ touchpoint: 'M', share: 1, n: 32 });
    expect(await readNextStep(clickhouse, ofCustomer.scope, { stage: 1, touchpoint: 'N' })).toBeNull();
  });

  test('segment values are those of the last 365 days', async (context) => {
    const clickhouse = await temporaryClickHouse(context);
    await activeDerivation(clickhouse, journey, 1);
    await insertUnitJourneys(clickhouse, 1, referenceUnitJourneys(journey, copies));
    const [active] = await activeDerivations(clickhouse);
    if (active === undefined) throw new Error('no journey');
    const values = await listSegmentValues(clickhouse, active, { asOfUs: storyHour(40), limit: 9 });
    expect(values).toEqual([
      { journey: 'story', segment: 'plan', value: 'pro', visits: 20, customers: 20, lastUs: storyHour(0) },
      { journey: 'story', segment: 'plan', value: 'free', visits: 12, customers: 12, lastUs: storyHour(0) },
      { journey: 'story', segment: 'plan', value: '', visits: 3, customers: 1, lastUs: storyHour(4) },
    ]);
    const later = await listSegmentValues(clickhouse, active, { asOfUs: storyHour(365 * 24 + 3), limit: 9 });
    expect(later.map(({ value, visits }) => [value, visits])).toEqual([['', 1]]);
    expect(await listSegmentValues(clickhouse, active, { asOfUs: storyHour(40), limit: 1 })).toHaveLength(1);
  });
});
