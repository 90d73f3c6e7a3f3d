import type { ClickHouse } from '@michinori/clickhouse';
import { introducedActions, listAppliedVersions, readJourneySource } from '@michinori/queries';
import {
  activeDerivation,
  insertDeliveries,
  insertUnitJourneys,
  referenceUnitJourneys,
  storyEvent,
} from '@michinori/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { apiOver, openStore } from './world.ts';

const dayUs = 86_400_000_000;
const day = (n: number): number => Date.UTC(2025, 2, 1) * 1000 + n * dayUs;
const iso = (us: number): string => new Date(us / 1000).toISOString();

/** A journey of two stages whose actions are the YAML given. */
const text = (version: number, actions: string): string => `journey: using
version: ${version}
stages:
  - id: trial
    enter: [{ touchpoint: A }]
    horizon: 60d
  - id: paid
    enter: [{ touchpoint: B }]
    terminal: true
health:
  rules: [{ id: idle, idle: A, for: 7d, points: -30 }]
  actions: [${actions}]
`;
const crm = '{ signal: expansion, webhook: crm }';
const call = (words: string) => `{ signal: churn, task: { owner: cs, due: 1d, text: "${words}" } }`;
const versions: [number, string, number][] = [
  [1, text(1, call('Call')), 0],
  [2, text(2, ''), 10],
  [3, text(3, call('Call {customer}')), 100],
  [4, text(4, `${call('Call {customer} today')}, ${crm}`), 120],
  [5, text(5, call('Not yet')), 130],
];

function journeyOf(source: string) {
  const read = readJourneySource(source);
  if (!read.ok) throw new Error(source);
  return read.journey;
}
const journey = journeyOf(text(4, `${call('Call {customer} today')}, ${crm}`));

/** Three begin every day; up to day 100 they need 40 days, afterwards 10, and every third one never goes on. */
const copies = Array.from({ length: 200 }, (_, at) =>
  [0, 1, 2].flatMap((i) => {
    const event = (touchpoint: string, us: number) =>
      storyEvent(touchpoint, 0, {
        ...{ id: `${touchpoint} ${at} ${i}`, customer: `c${at}.${i}` },
        ...{ occurredAtUs: us, receivedAtUs: us },
      });
    const begun = event('A', day(at));
    return i === 0 ? [begun] : [begun, event('B', day(at + (at < 100 ? 40 : 10) + i))];
  }),
).flat();

let clickhouse: ClickHouse;
beforeAll(async () => {
  clickhouse = await openStore();
  await insertDeliveries(clickhouse, [copies]);
  await insertUnitJourneys(clickhouse, 1, referenceUnitJourneys(journey, copies));
  const [, source, appliedDay] = versions[3] ?? [0, '', 0];
  await activeDerivation(clickhouse, journey, 1, { source, appliedAtUs: day(appliedDay) });
  await clickhouse.insert({
    table: 'journey_definitions',
    columns: ['journey', 'version', 'source', 'applied_at', 'applied_by', 'log', 'log_partition', 'log_offset'],
    rows: versions.flatMap(([version, text, at], offset) =>
      version === 4 ? [] : [['using', version, text, day(at), '', 'definitions@test', 0, 10 + offset]],
    ),
  });
  const at = day(100);
  await clickhouse.insert({
    table: 'improvements',
    columns: [
      ...['id', 'journey', 'stage', 'title', 'at', 'segment_name', 'segment_values', 'owner', 'hypothesis', 'due'],
      ...['recorded_at', 'recorded_by', 'log', 'log_partition', 'log_offset'],
    ],
    rows: [['calls', 'using', '', 'Calls', at, '', [], 'cs', '', null, at, '', 'definitions@test', 0, 9]],
  });
}, 120_000);

const get = async (path: string) => (await apiOver(clickhouse).app.inject(`/v1/journeys/using/${path}`)).json();

describe('the actions of a journey', () => {
  it('are taken since the first of the versions that all have them, whatever their texts', async () => {
    const since = (introduced: ReturnType<typeof introducedActions>) =>
      introduced.map(({ action, version, sinceUs }) => [action.signal, version, (sinceUs - day(0)) / dayUs]);
    const applied = await listAppliedVersions(clickhouse, { journey: 'using' });
    expect(since(introducedActions(journey, applied))).toEqual([
      ['churn', 3, 100],
      ['expansion', 4, 120],
    ]);
    // A version that nobody can read any more is passed over, and those after the one that answers don't count.
    const odd = applied.map((each) => (each.version === 3 ? { ...each, source: 'journey: [' } : each));
    expect(since(introducedActions(journey, odd))[0]).toEqual(['churn', 4, 120]);
    expect(since(introducedActions(journeyOf(text(1, call('Call'))), applied))).toEqual([['churn', 1, 0]]);
    expect(introducedActions(journey, [])).toEqual([]);
  });

  it('are measured as an improvement of the whole way at the same instant would be', async () => {
    const asOf = `asOf=${iso(day(260))}`;
    const { rows } = await get(`actions?${asOf}`);
    const [improvement] = (await get(`improvements?${asOf}`)).rows;
    const { id: _id, title: _title, stage: _stage, segment: _segment, ...others } = improvement;
    const { hypothesis: _hypothesis, due: _due, isDue: _isDue, owner: _owner, ...effect } = others;
    expect(rows[0]).toEqual({ signal: 'churn', webhook: null, owner: 'cs', version: 3, ...effect });
    expect(rows[0]).toMatchObject({ at: iso(day(100)), verdict: 'shorter' });
    expect([rows[0].customersBefore, rows[0].customersAfter]).toEqual([300, 300]);
    expect(rows[1]).toMatchObject({ signal: 'expansion', webhook: 'crm', owner: null, version: 4 });
    expect(rows[1].differenceSeconds).not.toBe(rows[0].differenceSeconds);
  });

  it('are none before any of them was introduced', async () => {
    expect((await get(`actions?asOf=${iso(day(-1))}`)).rows).toEqual([]);
  });
});
