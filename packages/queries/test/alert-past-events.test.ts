import { readEventExtent, readLateness, readLatestEvents, readMissedEvents } from '@michinori/queries';
import { insertDeliveries, storyEvent, storyHour, temporaryClickHouse } from '@michinori/testing';
import { expect, it } from 'vitest';

const at = (id: string, occurred: number, received: number) =>
  storyEvent('A', occurred, { id, occurredAtUs: storyHour(occurred), receivedAtUs: storyHour(received) });
const day = (hours: number) => Math.floor(storyHour(hours) / 86_400_000_000);
const instantsUs = [24, 48, 72, 96].map((hours) => storyHour(hours));

it('tells what was known at which instant: the last event, what was missed, and how late it came', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  expect(await readEventExtent(clickhouse)).toBeNull();
  expect(await readLatestEvents(clickhouse, { knownBy: 'received', instantsUs })).toEqual(new Map());
  await insertDeliveries(clickhouse, [
    [
      ...[at('early', 10, 11), at('early', 10, 90), at('sharp', 20, 24), at('after', 23, 24.5)],
      ...[at('on-it', 24, 24.5), at('days', 30, 75), at('never', 31, 500), at('ahead', 73, 71)],
      ...[at('lost', 40, 41), { ...at('lost', 41, 60), ...{ touchpoint: 'B' } }],
    ],
  ]);
  expect(await readEventExtent(clickhouse)).toEqual({ firstUs: storyHour(10), lastUs: storyHour(73) });
  const latest = async (knownBy: 'received' | 'occurred') =>
    [...(await readLatestEvents(clickhouse, { knownBy, instantsUs })).values()].map(
      (us) => (us - storyHour(0)) / 3.6e9,
    );
  expect(await latest('received')).toEqual([24, 41, 71, 75]);
  expect(await latest('occurred')).toEqual([24, 40, 40, 73]);
  const range = { fromUs: storyHour(0), toUs: storyHour(100), instantsUs };
  expect(await readLateness(clickhouse, range)).toEqual({ events: 8, daysLate: 2, missed: 4, unknown: 1 });
  expect(await readLateness(clickhouse, { ...range, toUs: storyHour(24) })).toMatchObject({ events: 3, missed: 1 });
  const missed = await readMissedEvents(clickhouse, { instantsUs, timezone: 'UTC' });
  const shown = [...missed].map(([us, days]) => [(us - storyHour(0)) / 3.6e9, Object.fromEntries(days)]);
  expect(Object.fromEntries(shown)).toEqual({
    24: { [day(23)]: day(24) === day(23) ? 2 : 1, ...(day(24) === day(23) ? {} : { [day(24)]: 1 }) },
    48: { [day(30)]: 2 },
    72: { [day(30)]: 2 },
    96: { [day(31)]: 1 },
  });
});
