import type { ClickHouse } from '@michinori/clickhouse';
import { noteIdentities } from '@michinori/queries';
import { type EventCopy, insertDeliveries, storyEvent, storyHour, temporaryClickHouse } from '@michinori/testing';
import { expect, test } from 'vitest';
import { readIdentities, readPerson } from '../src/customer/person.ts';
import { everyKey } from './derive-arrangement.ts';

const statement = (touchpoint: string, hour: number, customer: string, previous: string) =>
  storyEvent(touchpoint, hour, { customer, properties: new Map([['previous', previous]]) });
const alias = (hour: number, customer: string, previous: string) =>
  statement('identity.alias', hour, customer, previous);
const unalias = (hour: number, customer: string, previous: string) =>
  statement('identity.unalias', hour, customer, previous);
const page = (hour: number, anonymous: string) => storyEvent('page', hour, { customer: null, anonymous });
const login = (hour: number, customer: string, anonymous: string) => storyEvent('login', hour, { customer, anonymous });

async function given(context: Parameters<typeof temporaryClickHouse>[0], copies: readonly EventCopy[]) {
  const clickhouse = await temporaryClickHouse(context);
  await insertDeliveries(clickhouse, [copies]);
  await noteIdentities(clickhouse, everyKey);
  return clickhouse;
}

async function known(clickhouse: ClickHouse, id: string, { isAnonymous = false, hour = 99 } = {}) {
  const person = await readPerson(clickhouse, { id, isAnonymous }, storyHour(hour));
  const identities = await readIdentities(clickhouse, person, storyHour(hour));
  return {
    name: person.name.isAnonymous ? `~${person.name.id}` : person.name.id,
    ids: identities.map(({ eventId: _, sinceUs, undoneUs, ...rest }) => ({
      ...rest,
      since: (sinceUs - storyHour(0)) / 3600e6,
      undone: undoneUs === null ? null : (undoneUs - storyHour(0)) / 3600e6,
    })),
  };
}

const claimed = { kind: 'anonymous', because: 'claim', undone: null, contestedBy: 0, belongsTo: null };

test('an anonymous id belongs to the first customer that claims it, and to nobody before', async (context) => {
  const clickhouse = await given(context, [page(0, 'a'), login(3, 'late', 'a'), login(2, 'first', 'a'), page(4, 'a')]);
  expect(await known(clickhouse, 'a', { isAnonymous: true })).toEqual({
    name: 'first',
    ids: [{ ...claimed, id: 'a', claimedBy: 'first', since: 2, contestedBy: 1 }],
  });
  expect(await known(clickhouse, 'late')).toEqual({
    name: 'late',
    ids: [{ ...claimed, id: 'a', claimedBy: 'late', since: 3, contestedBy: 1, belongsTo: 'first' }],
  });
  expect(await known(clickhouse, 'a', { isAnonymous: true, hour: 1 })).toEqual({ name: '~a', ids: [] });
});

const merged = { kind: 'customer', because: 'alias', undone: null, contestedBy: 0, belongsTo: null };

test('an alias merges two customers, and an unalias undoes it', async (context) => {
  const clickhouse = await given(context, [
    login(0, 'old', 'a'),
    alias(2, 'new', 'old'),
    alias(3, 'new', 'old'),
    unalias(6, 'new', 'old'),
    page(7, 'a'),
  ]);
  const both = [
    { ...claimed, id: 'a', claimedBy: 'old', since: 0 },
    { ...merged, id: 'old', claimedBy: 'new', since: 2 },
  ];
  for (const [id, isAnonymous] of [
    ['old', false],
    ['new', false],
    ['a', true],
  ] as const) {
    expect(await known(clickhouse, id, { isAnonymous, hour: 5 })).toEqual({ name: 'new', ids: both });
  }
  expect(await known(clickhouse, 'old', { hour: 1 })).toMatchObject({ name: 'old', ids: [{ id: 'a' }] });
  expect(await known(clickhouse, 'new')).toEqual({
    name: 'new',
    ids: [{ ...merged, id: 'old', claimedBy: 'new', since: 2, undone: 6 }],
  });
  expect(await known(clickhouse, 'old')).toMatchObject({
    name: 'old',
    ids: [{ id: 'a' }, { id: 'new', claimedBy: 'new', undone: 6 }],
  });
});

test('an alias of an anonymous id claims it; two of them on a shared device merge nobody', async (context) => {
  const clickhouse = await given(context, [page(0, 'a'), alias(1, 'c', 'a'), alias(2, 'd', 'a')]);
  expect(await known(clickhouse, 'a', { isAnonymous: true })).toMatchObject({ name: 'c' });
  const aliased = { ...claimed, because: 'alias', contestedBy: 1 };
  expect(await known(clickhouse, 'c')).toEqual({
    name: 'c',
    ids: [{ ...aliased, id: 'a', claimedBy: 'c', since: 1 }],
  });
  expect(await known(clickhouse, 'd')).toEqual({
    name: 'd',
    ids: [{ ...aliased, id: 'a', claimedBy: 'd', since: 2, belongsTo: 'c' }],
  });
});

test('a chain of aliases is one person by the newest name; a circle goes by the smallest', async (context) => {
  const clickhouse = await given(context, [
    storyEvent('A', 0, { customer: 'v1' }),
    alias(1, 'v2', 'v1'),
    alias(2, 'v3', 'v2'),
    alias(1, 'x', 'y'),
    alias(2, 'y', 'x'),
    alias(3, 'x', 'x'),
    statement('identity.alias', 4, 'x', ''),
  ]);
  for (const id of ['v1', 'v2', 'v3']) expect(await known(clickhouse, id)).toMatchObject({ name: 'v3' });
  for (const id of ['x', 'y']) expect((await known(clickhouse, id)).name).toBe('x');
});
