import type { ClickHouse } from '@michinori/clickhouse';
import { beforeAll, describe, expect, it } from 'vitest';
import { standingOf } from '../src/routes/definitions/journeys.ts';
import { journeyText } from './journey-world.ts';
import { apiOver, openStore } from './world.ts';

const log = ['definitions@test', 0] as const;

/** `buying` with version 1 active and 2 being built, `success` waiting for its first derivation, two improvements. */
async function storeDefinitions(clickhouse: ClickHouse): Promise<void> {
  const definitions = [
    ['buying', 1, journeyText('buying', 1), '2026-01-01 00:00:00', 'mk_1'],
    ['buying', 2, journeyText('buying', 2), '2026-02-01 00:00:00', 'mk_2'],
    ['success', 7, journeyText('success', 7), '2026-02-02 00:00:00', ''],
    ['future', 1, 'journey: future\nshape: of things to come\n', '2026-02-03 00:00:00', ''],
  ];
  await clickhouse.insert({
    table: 'journey_definitions',
    columns: ['journey', 'version', 'source', 'applied_at', 'applied_by', 'log', 'log_partition', 'log_offset'],
    rows: definitions.map((row, offset) => [...row, ...log, offset]),
  });
  await clickhouse.command({
    name: 'store-derivations',
    placeholders: [],
    sql: `INSERT INTO derivations SELECT number + 3, 'buying', number + 1,
            (SELECT any(cityHash64(source)) FROM journey_definitions WHERE journey = 'buying' AND version = 1),
            if(number = 0, 'active', 'building'), 1, now(), 25 * (number + 1), 100 FROM numbers(2)`,
  });
  const improvement = ['', [], 'cs', 'shorter', null, '2026-01-20 00:00:00', 'mk_1', ...log];
  await clickhouse.insert({
    table: 'improvements',
    columns: [
      ...['id', 'journey', 'stage', 'title', 'at', 'segment_name', 'segment_values', 'owner', 'hypothesis', 'due'],
      ...['recorded_at', 'recorded_by', 'log', 'log_partition', 'log_offset'],
    ],
    rows: [
      ['guide', 'buying', 'interest', 'Guide', '2026-01-10 00:00:00', ...improvement, 4],
      ['=mail', 'success', '', 'Mail', '2026-01-15 00:00:00', 'plan', ['pro', ''], ...improvement.slice(2), 5],
    ],
  });
}

let clickhouse: ClickHouse;
beforeAll(async () => {
  clickhouse = await openStore();
  await storeDefinitions(clickhouse);
});

const get = async (url: string) => (await apiOver(clickhouse).app.inject(url)).json();

describe('GET /v1/journeys', () => {
  it('lists what was applied, and how far it is', async () => {
    const { rows, meta } = await get('/v1/journeys');
    expect(rows).toEqual([
      {
        journey: 'buying',
        version: 2,
        activeVersion: 1,
        title: 'Buying',
        unit: 'customer',
        stages: 'interest,purchase',
        state: 'building',
        progress: 0.5,
        appliedAt: '2026-02-01T00:00:00.000000Z',
        appliedBy: 'mk_2',
        derivation: 3,
      },
      expect.objectContaining({ journey: 'future', title: 'future', unit: null, stages: '', state: 'waiting' }),
      expect.objectContaining({ journey: 'success', version: 7, activeVersion: null, state: 'waiting', progress: 0 }),
    ]);
    expect(meta).toMatchObject({ watermark: null, generatedInMs: expect.any(Number) });
    expect((await get('/v1/journeys?language=ja')).rows[0].title).toBe('購入');
    expect((await apiOver(clickhouse).app.inject('/v1/journeys?format=csv')).body).toContain(
      'buying,2,1,Buying,customer,"interest,purchase",building,0.5,',
    );
  });

  it.each([
    ['ready', null, 2, 'active', 1],
    ['ready', { version: 2, unitsDone: 1, unitsTotal: 4 }, 2, 'rebuilding', 0.25],
    ['building', null, 2, 'waiting', 0],
    ['building', { version: 1, unitsDone: 1, unitsTotal: 4 }, 2, 'waiting', 0],
    ['building', { version: 2, unitsDone: 0, unitsTotal: 0 }, 2, 'building', 0],
    ['building', { version: 2, unitsDone: 5, unitsTotal: 4 }, 2, 'building', 1],
  ] as const)('%s with %j is version %i %s', (state, progress, newestVersion, word, share) => {
    expect(standingOf({ state, progress, newestVersion })).toEqual({ state: word, progress: share });
  });
});

describe('GET /v1/journeys/{journey}', () => {
  it('is a row per stage; as JSON with the definition and its text', async () => {
    const { rows, meta } = await get('/v1/journeys/buying');
    expect(rows).toEqual([
      {
        stage: 1,
        id: 'interest',
        title: 'interest',
        terminal: false,
        touchpoints: 'webinar.attended,page.*',
        expectedSeconds: 14 * 86_400,
        lostAfterSeconds: 30 * 86_400,
        horizonSeconds: 60 * 86_400,
        effort: 3,
      },
      expect.objectContaining({
        stage: 2,
        id: 'purchase',
        terminal: true,
        expectedSeconds: null,
        lostAfterSeconds: null,
      }),
    ]);
    expect(meta).toMatchObject({
      journey: 'buying',
      version: 2,
      versions: [
        { version: 2, appliedAt: '2026-02-01T00:00:00.000000Z', appliedBy: 'mk_2' },
        { version: 1, appliedAt: '2026-01-01T00:00:00.000000Z', appliedBy: 'mk_1' },
      ],
      title: 'Buying',
      unit: 'customer',
      timezone: 'Asia/Tokyo',
      segments: ['plan', 'region'],
      definition: { id: 'buying', version: 2, stages: [{ id: 'interest' }, { id: 'purchase' }] },
      source: journeyText('buying', 2),
    });
    expect((await get('/v1/journeys/buying?version=1&language=ja')).meta).toMatchObject({ version: 1, title: '購入' });
    const csv = await apiOver(clickhouse).app.inject('/v1/journeys/buying?format=csv');
    expect(csv.body.split('\r\n')[1]).toContain('1,interest,interest,false,');
    expect(csv.headers['michinori-meta']).not.toContain('source');
  });

  it('shows the text of a definition that this program cannot read', async () => {
    const { rows, meta } = await get('/v1/journeys/future');
    expect([rows, meta.definition, meta.source]).toEqual([[], null, 'journey: future\nshape: of things to come\n']);
  });

  it('names the nearest journey, and the versions that there are', async () => {
    expect(await get('/v1/journeys/bying')).toMatchObject({
      status: 404,
      code: 'unknown_journey',
      detail: 'There is no journey "bying". Did you mean "buying"?',
    });
    expect(await get('/v1/journeys/buying?version=3')).toMatchObject({
      status: 400,
      errors: [{ pointer: '/version', message: expect.stringContaining('Known: 2, 1.') }],
    });
    expect(await get('/v1/journeys/buying?version=x')).toMatchObject({ errors: [{ pointer: '/version' }] });
  });
});

describe('GET /v1/improvements', () => {
  it('lists them, the newest first; of one journey if asked', async () => {
    const { rows, meta } = await get('/v1/improvements');
    expect(rows).toEqual([
      {
        id: '=mail',
        journey: 'success',
        stage: null,
        title: 'Mail',
        at: '2026-01-15T00:00:00.000000Z',
        segment: 'plan',
        segmentValues: '["pro",""]',
        owner: 'cs',
        hypothesis: 'shorter',
        due: null,
        recordedAt: '2026-01-20T00:00:00.000000Z',
        recordedBy: 'mk_1',
      },
      expect.objectContaining({ id: 'guide', stage: 'interest', segment: null, segmentValues: null }),
    ]);
    expect(meta).toMatchObject({ truncated: false });
    expect((await get('/v1/improvements?journey=buying')).rows.map(({ id }: { id: string }) => id)).toEqual(['guide']);
    const one = await get('/v1/improvements?limit=1');
    expect([one.rows.length, one.meta.truncated]).toEqual([1, true]);
    expect((await apiOver(clickhouse).app.inject('/v1/improvements?format=csv')).body).toContain("\r\n'=mail,");
  });
});

describe('GET /v1/annotations', () => {
  it('has improvements and applied versions as Grafana takes them', async () => {
    const { rows } = await get('/v1/annotations?from=2026-01-15T00:00:00Z&to=2026-02-02T00:00:00Z');
    expect(rows).toEqual([
      {
        time: '2026-02-01T00:00:00.000000Z',
        timeEnd: null,
        title: 'buying 2',
        text: 'Version 2 of the journey buying was applied by mk_2.',
        tags: 'version,buying',
      },
      {
        time: '2026-01-15T00:00:00.000000Z',
        timeEnd: null,
        title: 'Mail',
        text: 'all stages · plan: pro, (none) · owner cs · shorter',
        tags: 'improvement,success',
      },
    ]);
    const titles = async (query: string) =>
      (await get(`/v1/annotations?${query}`)).rows.map(({ title }: { title: string }) => title);
    expect(await titles('journey=buying')).toEqual(['buying 2', 'Guide', 'buying 1']);
    expect(await titles('journey=buying&limit=1')).toEqual(['buying 2']);
    expect((await get('/v1/annotations?journey=buying&limit=1')).meta.truncated).toBe(true);
    expect((await get('/v1/annotations?from=x')).errors[0].pointer).toBe('/from');
  });
});
