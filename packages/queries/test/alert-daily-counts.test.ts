import { defineStatement } from '@michinori/clickhouse';
import { type DailyCountsAsked, readDailyCounts, readDailyEvents } from '@michinori/queries';
import {
  insertDeliveries,
  insertUnitJourneys,
  referenceCohort,
  referenceUnitJourneys,
  story,
  storyEvent,
  storyHour,
  storyJourney,
  storyStage,
  temporaryClickHouse,
  winningCopies,
} from '@michinori/testing';
import { expect, it } from 'vitest';
import { type AskedCase, askedCases } from './journey-asked.ts';
import { stores } from './stores.ts';

const casesWanted = Math.min(400, Number(process.env.MICHINORI_TEST_RUNS ?? 20));
const seed = Number(process.env.MICHINORI_TEST_SEED ?? 20_261_122);
const truncate = defineStatement({ name: 'test-truncate', sql: 'TRUNCATE TABLE unit_journeys' });
const kinds = ['stage-drop-off', 'touchpoint-drop-off', 'stalled-share', 'volume'] as const;
const everUs = { fromUs: Number.MIN_SAFE_INTEGER, toUs: Number.MAX_SAFE_INTEGER };

/** The calendar day of an instant, by the platform's own calendar. */
function dayIn(timezone: string, us: number): number {
  const text = new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' }).format(us / 1000);
  return Date.parse(`${text}T00:00:00Z`) / 86_400_000;
}

/** Counts by `stage value touchpoint day`, summed up visit by visit. */
function slowCounts({ journey, copies, reference }: AskedCase, asked: DailyCountsAsked): Map<string, [number, number]> {
  const counts = new Map<string, [number, number]>();
  const question = { ...everUs, asOfUs: asked.asOfUs, by: asked.by, count: 'visits' as const };
  for (const { segment, visit, path } of referenceCohort(journey, copies, {
    ...reference,
    ...question,
    segments: new Map(),
  })) {
    const stage = journey.stages[visit.stage - 1]?.id ?? '';
    const horizonUs = asked.horizonsUs[visit.stage - 1] ?? 0;
    const firsts = new Map(path.toReversed().map(({ touchpoint, atUs }) => [touchpoint, atUs]));
    const begins = asked.kind === 'touchpoint-drop-off' ? [...firsts] : [['', visit.enteredUs] as const];
    for (const [touchpoint, atUs] of begins) {
      if (atUs < asked.fromUs || atUs >= asked.toUs) continue;
      const untilUs = visit.outcome === 'open' ? asked.asOfUs : visit.endedUs;
      const isAdvanced = visit.outcome === 'advanced' || visit.outcome === 'completed';
      const counted = {
        'stage-drop-off': !(isAdvanced && untilUs - atUs <= horizonUs),
        'touchpoint-drop-off': !(isAdvanced && untilUs - atUs <= horizonUs),
        'stalled-share': untilUs - atUs > horizonUs,
        volume: false,
      }[asked.kind];
      const key = JSON.stringify([stage, segment ?? '', touchpoint, dayIn(journey.timezone, atUs)]);
      const [n, k] = counts.get(key) ?? [0, 0];
      counts.set(key, [n + 1, k + (counted ? 1 : 0)]);
    }
  }
  return counts;
}

const sights = new Map<string, number>();
const saw = (what: string, is: boolean) => sights.set(what, (sights.get(what) ?? 0) + (is ? 1 : 0));

it.for(stores)(
  'counts what a sum over the visits of the reference counts ($name)',
  { timeout: 3_600_000 },
  async (store, context) => {
    const clickhouse = await store.open(context);
    await clickhouse.command(truncate);
    const cases = askedCases(seed, Math.ceil(casesWanted * store.share));
    for (const own of cases)
      await insertUnitJourneys(clickhouse, own.scope.derivation, referenceUnitJourneys(own.journey, own.copies));
    for (const [index, own] of cases.entries()) {
      const { journey, scope, reference } = own;
      for (const kind of kinds) {
        const horizonsUs = journey.stages.map((stage, place) =>
          index % 2 === 0 ? stage.horizonUs : (place + 1) * 7_200_000_000,
        );
        const asked: DailyCountsAsked = {
          ...{ kind, horizonsUs, by: reference.by ?? null, seriesMax: 1000 },
          ...{ fromUs: scope.fromUs, toUs: scope.toUs, asOfUs: scope.asOfUs },
        };
        const { series, omitted } = await readDailyCounts(clickhouse, { derivation: scope.derivation, journey }, asked);
        const found = series.flatMap(({ stage, value, touchpoint, days }) =>
          days.map(({ day, n, k }) => [JSON.stringify([stage, value, touchpoint ?? '', day]), [n, k]] as const),
        );
        expect(new Map(found), `seed ${seed}, case ${index}, ${kind}`).toEqual(slowCounts(own, asked));
        expect(omitted).toBe(0);
        for (const [, [n, k]] of found) {
          saw(`${kind} some`, Number(k) > 0);
          saw(`${kind} not all`, Number(k) < Number(n));
        }
        saw('days', new Set(found.map(([key]) => JSON.parse(key)[3])).size > 1);
        saw('values', new Set(series.map(({ value }) => value)).size > 1);
      }
    }
    if (store.share < 1) return;
    for (const [what, count] of sights) if (what !== 'volume some') expect(count, what).toBeGreaterThan(4);
  },
);

const buying = storyJourney({
  segments: ['plan'],
  timezone: 'Asia/Tokyo',
  stages: [storyStage('a', ['A']), storyStage('b', ['B'], { terminal: true })],
});
const day = (hours: number) => dayIn('Asia/Tokyo', storyHour(hours));

it('keeps the largest series and those that are asked for by name, and says how many it left out', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  const sizes = { large: 5, middle: 3, small: 1 };
  const copies = Object.entries(sizes).flatMap(([plan, size]) =>
    Array.from({ length: size }, (_, i) => story('A0', { customer: `${plan}${i}`, traits: new Map([['plan', plan]]) })),
  );
  await insertUnitJourneys(clickhouse, 1, referenceUnitJourneys(buying, copies.flat()));
  const asked = {
    ...{ kind: 'stage-drop-off' as const, by: 'plan', horizonsUs: [3_600_000_000, 0], seriesMax: 2 },
    ...{ fromUs: storyHour(0), toUs: storyHour(1), asOfUs: storyHour(48) },
  };
  const active = { derivation: 1, journey: buying };
  const largest = await readDailyCounts(clickhouse, active, asked);
  expect(largest.series.map(({ value }) => value)).toEqual(['large', 'middle']);
  expect(largest).toMatchObject({
    omitted: 1,
    series: [{ stage: 'a', touchpoint: null, days: [{ day: day(0), n: 5, k: 5 }] }, {}],
  });
  const none = await readDailyCounts(clickhouse, active, { ...asked, stages: ['b'] });
  expect(none).toEqual({ series: [], omitted: 0 });
  expect((await readDailyCounts(clickhouse, active, { ...asked, stages: ['b', 'a'] })).series).toHaveLength(2);
  const kept = await readDailyCounts(clickhouse, active, {
    ...asked,
    keep: [{ stage: 'a', value: 'small', touchpoint: null }],
  });
  expect(kept.series.map(({ value }) => value)).toEqual(['small', 'large']);
  await expect(readDailyCounts(clickhouse, active, { ...asked, by: 'region' })).rejects.toThrow('no segment');
  await expect(readDailyCounts(clickhouse, active, { ...asked, horizonsUs: [] })).rejects.toThrow('horizon');
});

it('counts every event once, on the day of the time zone, without superseded contents', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  const first = storyEvent('A', 14.9, { id: 'one' });
  const copies = [
    ...[
      first,
      first,
      { ...first, logOffset: 9 },
      storyEvent('B', 14.9, { id: 'one', receivedAtUs: storyHour(20_000) }),
    ],
    ...[storyEvent('A', 15, { id: 'two' }), storyEvent('A', 15, { id: 'three', customer: 'd' }), storyEvent('A', 40)],
  ];
  await insertDeliveries(
    clickhouse,
    copies.map((copy) => [copy]),
  );
  expect(winningCopies(copies)).toHaveLength(4);
  const asked = { fromUs: storyHour(0), toUs: storyHour(40), timezone: 'Asia/Tokyo' };
  expect(await readDailyEvents(clickhouse, asked)).toEqual(
    new Map([
      [day(14), 1],
      [day(15), 2],
    ]),
  );
  expect(day(15) - day(14)).toBe(1);
});
