import type { Journey } from '@michinori/journey';
import { kaplanMeier, quantileR7, riskTable } from '@michinori/statistics';
import {
  copiesOf,
  customerOf,
  type EventCopy,
  insertDeliveries,
  insertUnitJourneys,
  journeyDefinitions,
  journeyWorlds,
  referenceUnitJourneys,
  storyEvent,
  storyHour,
  storyJourney,
  temporaryClickHouse,
  type UnitJourney,
  unitName,
  winningCopies,
} from '@michinori/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listDoubleContacts } from '../src/journey/double-contact-list.ts';
import { runDoubleContacts } from '../src/journey/double-contacts.ts';
import { runEnquiries } from '../src/journey/enquiries.ts';
import { type JourneyScope, planJourney } from '../src/journey/scope.ts';

const runs = Number(process.env.MICHINORI_TEST_RUNS ?? 3);
const hourUs = 3_600_000_000;
const dayUs = 24 * hourUs;

interface Message {
  customer: string;
  unit: string;
  topic: string;
  team: string;
  touchpoint: string;
  direction: string;
  atUs: number;
}

/** Gives the events of a world topics, teams and directions that follow from their ids, so that copies still agree. */
function withTopics(copy: EventCopy): EventCopy {
  const { event } = copy;
  const sum = [...`${event.id}${event.touchpoint}`].reduce((all, letter) => (all * 31 + letter.charCodeAt(0)) % 997, 7);
  const topic = ['x', 'x', 'y', null][sum % 4] ?? null;
  const team = ['sales', 'support', 'support', null][(sum >> 2) % 4] ?? null;
  const direction = [null, 'inbound', 'outbound', 'outbound', 'outbound'][(sum >> 1) % 5] as 'inbound' | null;
  return { ...copy, event: { ...event, topic, team, direction } };
}

/** Everything that was said up to asOf with a topic, in canonical order; of an account journey with the account of the moment. */
function messagesOf({ journey, asOfUs }: JourneyScope, copies: readonly EventCopy[]): Message[] {
  const events = winningCopies(copies)
    .map(({ event }) => event)
    .filter(({ occurredAtUs }) => occurredAtUs <= asOfUs)
    .sort(
      (a, b) =>
        a.occurredAtUs - b.occurredAtUs ||
        (a.sequence ?? 0) - (b.sequence ?? 0) ||
        Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)),
    );
  const accounts = new Map<string, string>();
  return events.flatMap((event) => {
    const customer = customerOf(event);
    if (event.account !== null) accounts.set(customer, event.account);
    const unit = journey.unit === 'customer' ? customer : (accounts.get(customer) ?? '');
    if (event.topic === null || unit === '') return [];
    const { topic, touchpoint, occurredAtUs: atUs } = event;
    return [{ customer, unit, topic, team: event.team ?? '', touchpoint, direction: event.direction ?? '', atUs }];
  });
}

/** The segment of a message's unit, or null where the unit doesn't travel or the filters say no. */
function segmentOf(scope: JourneyScope, units: ReadonlyMap<string, UnitJourney>, { unit, atUs }: Message) {
  const visits = (units.get(unit)?.visits ?? []).filter(({ enteredUs }) => enteredUs <= scope.asOfUs);
  if (visits.length === 0 || atUs < scope.fromUs || atUs >= scope.toUs) return null;
  const { segments = [] } = visits.findLast(({ enteredUs }) => enteredUs <= atUs) ?? {};
  const isWanted = scope.segments.every(({ index, values }) => values.includes(segments[index - 1] ?? ''));
  return isWanted ? (segments[(scope.by?.index ?? 0) - 1] ?? '') : null;
}

const keyOf = (...parts: readonly unknown[]) => JSON.stringify(parts);
const bucketOf = ({ interval }: JourneyScope, us: number) => (interval === null ? null : us - (us % dayUs));

function tally<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

function plainDoubles(
  scope: JourneyScope,
  messages: readonly Message[],
  units: Map<string, UnitJourney>,
  within: number,
) {
  const outbound = messages.filter(({ direction, team }) => direction === 'outbound' && team !== '');
  const contacts = outbound.flatMap((contact, i) => {
    const segment = segmentOf(scope, units, contact);
    const first = outbound
      .slice(0, i)
      .findLast(
        ({ customer, topic, team, atUs }) =>
          customer === contact.customer &&
          topic === contact.topic &&
          team !== contact.team &&
          contact.atUs - atUs <= within,
      );
    return segment === null ? [] : [{ ...contact, segment, first, bucket: bucketOf(scope, contact.atUs) }];
  });
  const all = tally(contacts, ({ topic, segment, bucket }) => keyOf(topic, segment, bucket));
  const doubles = contacts.filter(({ first }) => first !== undefined);
  const rows = [
    ...tally(doubles, ({ topic, first, team, segment, bucket }) => keyOf(topic, first?.team, team, segment, bucket)),
  ].map(([key, own]) => {
    const [{ topic, segment, bucket } = contacts[0] as (typeof contacts)[number]] = own;
    const gaps = own.map(({ atUs, first }) => (atUs - (first?.atUs ?? 0)) / 1e6);
    const customers = new Set(own.map(({ customer }) => customer)).size;
    return keyOf(key, own.length, customers, all.get(keyOf(topic, segment, bucket))?.length, quantileR7(gaps, 0.5));
  });
  const list = doubles.map(({ customer, topic, first, team, atUs }) =>
    keyOf(customer, topic, first?.team, first?.atUs, team, atUs),
  );
  return { rows, list };
}

function plainEnquiries(
  scope: JourneyScope,
  messages: readonly Message[],
  units: Map<string, UnitJourney>,
  within: number,
) {
  const enquiries = messages.flatMap((enquiry) => {
    const segment = segmentOf(scope, units, enquiry);
    if (enquiry.direction !== 'inbound' || enquiry.touchpoint.startsWith('nps.') || segment === null) return [];
    const answer = messages.find(
      ({ customer, topic, direction, atUs }) =>
        customer === enquiry.customer && topic === enquiry.topic && direction === 'outbound' && atUs >= enquiry.atUs,
    );
    const seconds = ((answer?.atUs ?? scope.asOfUs) - enquiry.atUs) / 1e6;
    return [{ ...enquiry, segment, answer, seconds, bucket: bucketOf(scope, enquiry.atUs) }];
  });
  const cells = tally(enquiries, ({ topic, segment, bucket }) => keyOf(topic, segment, bucket));
  return [...cells].flatMap(([key, all]) => {
    const teams = new Set(all.flatMap(({ answer }) => answer?.team ?? []));
    return [null, ...teams].map((team) => {
      const own = all.filter(({ answer }) => answer !== undefined && (team === null || answer.team === team));
      const open = all.filter(({ answer }) => answer === undefined);
      const times = own.map(({ seconds }) => seconds);
      const mature = all.filter(({ answer, seconds }) => answer !== undefined || seconds >= within / 1e6).length;
      const curve = kaplanMeier(
        riskTable(all.map(({ answer, seconds }) => ({ seconds, outcome: answer === undefined ? 'open' : 'advanced' }))),
      );
      return keyOf(
        key,
        team,
        all.length,
        own.length,
        open.length,
        times.filter((time) => time <= within / 1e6).length,
        mature / all.length,
        quantileR7(times, 0.9),
        team === null ? curve.quantile(0.5).seconds : 'other teams compete',
      );
    });
  });
}

test('contacts are those of a plain look at every pair of messages', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  const seen = { doubles: 0, enquiries: 0, accounts: 0 };
  const drawn = fc.sample(journeyWorlds(), { seed: 5, numRuns: 60 });
  const worlds = drawn.filter(({ grid }) => grid.baseIso === drawn[0]?.grid.baseIso);
  const copies = worlds.flatMap((world, index) => copiesOf(world, `w${index}.`)).map(withTopics);
  await insertDeliveries(clickhouse, [copies.slice(0, copies.length / 2), copies.slice(copies.length / 2)]);
  const times = copies.map(({ event }) => event.occurredAtUs).sort((a, b) => a - b);
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  for (let run = 1; run <= runs; run += 1) {
    const definitions = fc.sample(journeyDefinitions(), { seed: run, numRuns: 40 });
    const journey = {
      ...(definitions.find(
        ({ segments, unit }) => segments.length > 0 && (unit === 'account') === (run % 3 === 1),
      ) as Journey),
      timezone: 'UTC',
    };
    const units = referenceUnitJourneys(journey, copies);
    await insertUnitJourneys(clickhouse, run, units);
    const byName = new Map(units.map((unit) => [unitName(unit), unit]));
    const [name = ''] = journey.segments;
    for (const [i, asOf] of [times[Math.floor(times.length / 2)] ?? 0, last, last + 2 * dayUs].entries()) {
      const value = units.flatMap(({ visits }) => visits).find(({ segments }) => segments[0] !== '')?.segments[0] ?? '';
      const question = {
        from: i === 2 ? first - dayUs : first + 2 * hourUs,
        to: last + (i === 1 ? -hourUs : 1),
        asOf,
        ...(i === 1 ? { by: name, interval: 'day' as const } : {}),
        ...(i === 2 && run % 2 === 0 ? { segment: `${name}:${value}` } : {}),
      };
      const scope = planJourney(question, { derivation: run, journey }, asOf);
      const messages = messagesOf(scope, copies);
      for (const within of [hourUs, 6 * hourUs]) {
        const label = `run ${run}, as of ${asOf}, within ${within}`;
        const expected = plainDoubles(scope, messages, byName, within);
        const { rows } = await runDoubleContacts(clickhouse, scope, { withinUs: within });
        const found = rows
          .filter(({ contacts }) => contacts > 0)
          .map((row) => {
            const key = keyOf(row.topic, row.firstTeam, row.secondTeam, row.segment ?? '', row.bucket);
            return keyOf(key, row.contacts, row.customers, row.outbound, row.secondsBetweenP50);
          });
        expect(found.toSorted(), label).toEqual(expected.rows.toSorted());
        const list = await listDoubleContacts(clickhouse, scope, { withinUs: within, limit: 5000 });
        const listed = list.rows.map(({ customer, anonymous, topic, firstTeam, firstAtUs, secondTeam, secondAtUs }) =>
          keyOf(customer ?? `\0${anonymous}`, topic, firstTeam, firstAtUs, secondTeam, secondAtUs),
        );
        expect(listed.toSorted(), label).toEqual(expected.list.toSorted());
        const answers = await runEnquiries(clickhouse, scope, { enquiry: null, withinUs: within });
        const plain = plainEnquiries(scope, messages, byName, within);
        const shown = answers.rows
          .filter(({ team, enquiries, answered }) => enquiries > 0 && (team === null || answered > 0))
          .map((row) =>
            keyOf(
              keyOf(row.topic, row.segment ?? '', row.bucket),
              ...[row.team, row.enquiries, row.answered, row.open, row.k, row.matureShare, row.naiveSecondsP90],
              row.team === null ? row.secondsP50 : 'other teams compete',
            ),
          );
        expect(shown.toSorted(), label).toEqual(plain.toSorted());
        seen.doubles += listed.length;
        seen.enquiries += shown.length;
        if (journey.unit === 'account') seen.accounts += listed.length;
      }
    }
  }
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(runs);
});

describe('a small story', () => {
  const journey = storyJourney();
  const say = (
    hour: number,
    direction: 'inbound' | 'outbound',
    team: string | null,
    topic = 'renewal',
    touchpoint = 'mail',
  ) => storyEvent(touchpoint, hour, { direction, team, topic, id: `${hour} ${team} ${topic} ${touchpoint}` });

  test('has its figures, and empty buckets', async (context) => {
    const clickhouse = await temporaryClickHouse(context);
    const copies = [
      storyEvent('A', 0),
      say(1, 'outbound', 'cs'),
      say(5, 'outbound', 'cs'),
      say(6, 'outbound', 'sales'),
      say(7, 'outbound', 'sales'),
      say(8, 'outbound', null),
      say(30, 'outbound', 'cs', 'billing'),
      say(40, 'inbound', null, 'billing', 'ticket'),
      say(41, 'inbound', null, 'billing', 'nps.answered'),
      say(42, 'outbound', 'support', 'billing'),
      say(43, 'inbound', null, 'billing', 'ticket'),
      storyEvent('ticket', 44, { direction: 'inbound' }),
      storyEvent('newsletter', 45, { direction: 'outbound', team: 'cs' }),
    ];
    await insertDeliveries(clickhouse, [copies, copies]);
    await insertUnitJourneys(clickhouse, 1, referenceUnitJourneys(journey, copies));
    const ask = (question: Parameters<typeof planJourney>[0]) =>
      planJourney({ from: storyHour(0), to: storyHour(72), ...question }, { derivation: 1, journey }, storyHour(72));
    const { rows } = await runDoubleContacts(clickhouse, ask({ interval: 'day' }), { withinUs: 2 * hourUs });
    expect(
      rows.map(({ topic, firstTeam, secondTeam, contacts, outbound }) => [
        topic,
        firstTeam,
        secondTeam,
        contacts,
        outbound,
      ]),
    ).toEqual([
      ['renewal', 'cs', 'sales', 2, 4],
      ['renewal', 'cs', 'sales', 0, 0],
      ['renewal', 'cs', 'sales', 0, 0],
    ]);
    expect(rows[0]).toMatchObject({ customers: 1, share: 0.5, state: 'insufficient', secondsBetweenP50: 5400 });
    expect(rows[1]).toMatchObject({ customers: 0, share: null, secondsBetweenP50: null });
    const later = await runDoubleContacts(clickhouse, ask({ from: storyHour(7) }), { withinUs: 2 * hourUs });
    expect(later.rows[0]).toMatchObject({ contacts: 1, outbound: 1 });
    const list = await listDoubleContacts(clickhouse, ask({}), { withinUs: 2 * hourUs, limit: 1 });
    expect(list).toMatchObject({
      isTruncated: true,
      rows: [{ customer: 'c', anonymous: null, secondAtUs: storyHour(7) }],
    });
    const answers = await runEnquiries(clickhouse, ask({}), { enquiry: null, withinUs: dayUs });
    expect(answers.rows).toMatchObject([
      { topic: 'billing', team: null, enquiries: 2, answered: 1, open: 1, k: 1, share: 0.5, matureShare: 1 },
      {
        topic: 'billing',
        team: 'support',
        enquiries: 2,
        answered: 1,
        open: 1,
        secondsP50: 7200,
        naiveSecondsP50: 7200,
      },
    ]);
    const some = await runEnquiries(clickhouse, ask({}), { enquiry: ['nps.*', 'x'], withinUs: dayUs });
    expect(some.rows[0]).toMatchObject({ enquiries: 1, answered: 1, k: 1 });
    const tickets = await runEnquiries(clickhouse, ask({}), { enquiry: ['ticket'], withinUs: dayUs });
    expect(tickets.rows.map(({ topic, team, enquiries, answered }) => [topic, team, enquiries, answered])).toEqual([
      ['billing', null, 2, 1],
      ['billing', 'support', 2, 1],
      ['', null, 1, 0],
    ]);
  });
});
