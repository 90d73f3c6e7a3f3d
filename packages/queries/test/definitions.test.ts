import type { ClickHouse } from '@michinori/clickhouse';
import { findImprovement, listAnnotations, listAppliedVersions, listImprovements } from '@michinori/queries';
import { temporaryClickHouse } from '@michinori/testing';
import { expect, test } from 'vitest';

const at = (text: string): number => Date.parse(text) * 1000;
const iso = (us: number): string => new Date(us / 1000).toISOString().replace('T', ' ').replace('Z', '000');
let offset = 0;

interface StoredImprovement {
  id: string;
  journey?: string;
  stage?: string;
  title?: string;
  at?: string;
  recorded?: string;
  segment?: [string, string[]];
  due?: string | null;
}

async function storeImprovements(clickhouse: ClickHouse, improvements: readonly StoredImprovement[]): Promise<void> {
  await clickhouse.insert({
    table: 'improvements',
    columns: [
      ...['id', 'journey', 'stage', 'title', 'at', 'segment_name', 'segment_values', 'owner', 'hypothesis'],
      ...['due', 'recorded_at', 'recorded_by', 'log', 'log_partition', 'log_offset'],
    ],
    rows: improvements.map(({ id, journey = 'buying', stage = '', title = id, segment = ['', []], ...rest }) => [
      ...[id, journey, stage, title, iso(at(rest.at ?? '2026-04-06T00:00:00Z')), ...segment, 'cs', 'shorter'],
      rest.due ?? null,
      iso(at(rest.recorded ?? '2026-05-01T00:00:00Z')),
      ...['mk_1', 'definitions@test', 0, offset++],
    ]),
  });
}

async function storeVersions(clickhouse: ClickHouse, versions: readonly (readonly [string, number, string, string])[]) {
  await clickhouse.insert({
    table: 'journey_definitions',
    columns: ['journey', 'version', 'source', 'applied_at', 'applied_by', 'log', 'log_partition', 'log_offset'],
    rows: versions.map(([journey, version, source, applied]) => [
      ...[journey, version, source, iso(at(applied)), '', 'definitions@test', 0, offset++],
    ]),
  });
}

test('of several records of an improvement the latest holds, wherever it moved', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  await storeImprovements(clickhouse, [
    { id: 'a', title: 'first', recorded: '2026-05-01T00:00:00Z' },
    { id: 'a', title: 'second', journey: 'success', stage: 'value', recorded: '2026-05-02T00:00:00Z' },
    { id: 'b', title: 'x', at: '2026-04-07T00:00:00Z', segment: ['plan', ['pro', '']], due: '2026-06-01 00:00:00.5' },
    { id: 'b', title: 'y', at: '2026-04-07T00:00:00Z', segment: ['plan', ['pro', '']], due: '2026-06-01 00:00:00.5' },
  ]);
  const titles = async (wanted = {}) => (await listImprovements(clickhouse, wanted)).map(({ title }) => title);
  expect(await titles()).toEqual(['y', 'second']);
  expect(await titles({ journey: 'buying' })).toEqual(['y']);
  expect(await titles({ journey: 'success' })).toEqual(['second']);
  expect(await titles({ fromUs: at('2026-04-07T00:00:00Z') })).toEqual(['y']);
  expect(await titles({ toUs: at('2026-04-07T00:00:00Z') })).toEqual(['second']);
  expect(await titles({ limit: 1 })).toEqual(['y']);
  expect(await findImprovement(clickhouse, 'b')).toEqual({
    id: 'b',
    journey: 'buying',
    stage: '',
    title: 'y',
    atUs: at('2026-04-07T00:00:00Z'),
    segment: { name: 'plan', values: ['pro', ''] },
    owner: 'cs',
    hypothesis: 'shorter',
    dueUs: at('2026-06-01T00:00:00Z') + 500_000,
    recordedAtUs: at('2026-05-01T00:00:00Z'),
    recordedBy: 'mk_1',
  });
  expect(await findImprovement(clickhouse, 'a')).toMatchObject({ segment: null, dueUs: null, stage: 'value' });
  expect(await findImprovement(clickhouse, 'none')).toBeNull();
  expect(await findImprovement(clickhouse, '')).toBeNull();
});

test('versions come newest first; where two writers raced for one, the first record counts', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  await storeVersions(clickhouse, [
    ['buying', 1, 'one', '2026-05-01T00:00:00Z'],
    ['buying', 10, 'ten', '2026-05-03T00:00:00Z'],
    ['buying', 2, 'two', '2026-05-02T00:00:00Z'],
    ['buying', 2, 'two again', '2026-05-02T00:00:00Z'],
    ['adoption', 1, 'a', '2026-05-04T00:00:00Z'],
  ]);
  const all = await listAppliedVersions(clickhouse);
  expect(all.map(({ journey, version, source }) => `${journey} ${version} ${source}`)).toEqual([
    'adoption 1 a',
    'buying 10 ten',
    'buying 2 two',
    'buying 1 one',
  ]);
  expect(all[0]).toMatchObject({ appliedAtUs: at('2026-05-04T00:00:00Z'), appliedBy: '' });
  const range = { journey: 'buying', fromUs: at('2026-05-02T00:00:00Z'), toUs: at('2026-05-03T00:00:00Z') };
  expect((await listAppliedVersions(clickhouse, range)).map(({ version }) => version)).toEqual([2]);
});

test('annotations are improvements and versions of a range, newest first', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  await storeVersions(clickhouse, [
    ['buying', 1, 'one', '2026-04-05T00:00:00Z'],
    ['success', 1, 'one', '2026-04-09T00:00:00Z'],
  ]);
  await storeImprovements(clickhouse, [
    { id: 'a', title: 'Guide', stage: 'interest', segment: ['plan', ['pro', '']] },
    { id: 'late', at: '2026-04-10T00:00:00Z' },
  ]);
  const wanted = { fromUs: at('2026-04-01T00:00:00Z'), toUs: at('2026-04-10T00:00:00Z'), limit: 10 };
  expect(await listAnnotations(clickhouse, wanted)).toEqual([
    expect.objectContaining({ title: 'success 1', tags: ['version', 'success'] }),
    {
      atUs: at('2026-04-06T00:00:00Z'),
      title: 'Guide',
      text: 'stage interest · plan: pro, (none) · owner cs · shorter',
      tags: ['improvement', 'buying', 'interest'],
    },
    {
      atUs: at('2026-04-05T00:00:00Z'),
      title: 'buying 1',
      text: 'Version 1 of the journey buying was applied.',
      tags: ['version', 'buying'],
    },
  ]);
  const buying = await listAnnotations(clickhouse, { ...wanted, journey: 'buying', limit: 1 });
  expect(buying.map(({ title }) => title)).toEqual(['Guide']);
});
