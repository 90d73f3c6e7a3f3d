import { noteIdentities } from '@michinori/queries';
import { insertDeliveries, storyEvent, storyHour, temporaryClickHouse } from '@michinori/testing';
import { expect, it } from 'vitest';
import { apiOver } from './world.ts';

const isoOf = (hours: number) => new Date(storyHour(hours) / 1000).toISOString().replace('Z', '000Z');

it('a customer is found by any of its ids, and says which there are and why', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  await insertDeliveries(clickhouse, [
    [
      storyEvent('page', 0, { customer: null, anonymous: 'a-1' }),
      storyEvent('signup', 1, { customer: 'mail@old', anonymous: 'a-1' }),
      storyEvent('identity.alias', 2, { customer: 'c-7', properties: new Map([['previous', 'mail@old']]) }),
      storyEvent('login', 3, { customer: 'guest', anonymous: 'a-1' }),
    ],
  ]);
  await noteIdentities(clickhouse, { kind: 'range', fromKey: 0n, toKey: 2n ** 64n - 1n });
  const ask = async (path: string) => {
    const answer = await apiOver(clickhouse).app.inject(`/v1/customers/${path}asOf=2026-01-03T00:00:00Z`);
    return answer.json<{ rows: { touchpoint: string }[]; meta: Record<string, unknown> }>();
  };
  const whole = await ask('c-7?');
  expect(whole.rows.map(({ touchpoint }) => touchpoint)).toEqual(['identity.alias', 'signup', 'page']);
  const none = { undone: null, contestedBy: 0, belongsTo: null };
  expect(whole.meta).toMatchObject({
    customer: 'c-7',
    anonymousIds: ['a-1'],
    events: 3,
    identities: [
      {
        ...{ ...none, kind: 'anonymous', id: 'a-1', because: 'claim', claimedBy: 'mail@old' },
        ...{ since: isoOf(1), eventId: expect.stringContaining('signup'), contestedBy: 1 },
      },
      {
        ...{ ...none, kind: 'customer', id: 'mail@old', because: 'alias', claimedBy: 'c-7' },
        ...{ since: isoOf(2), eventId: expect.stringContaining('identity.alias') },
      },
    ],
  });
  for (const path of ['mail@old?', 'a-1?anonymous=true&']) {
    const { rows, meta } = await ask(path);
    expect([rows, meta.customer, meta.identities], path).toEqual([
      whole.rows,
      whole.meta.customer,
      whole.meta.identities,
    ]);
  }
  const { rows, meta } = await ask('guest?');
  expect(rows).toHaveLength(1);
  expect(meta.identities).toEqual([expect.objectContaining({ id: 'a-1', belongsTo: 'c-7' })]);
});
