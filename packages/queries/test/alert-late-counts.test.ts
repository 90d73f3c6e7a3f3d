import { defineStatement } from '@michinori/clickhouse';
import type { Journey } from '@michinori/journey';
import {
  type DailySeries,
  deriveUnits,
  dropPeople,
  noteAccountMembers,
  noteIdentities,
  readDailyCounts,
  readLateCounts,
  resolvePeople,
} from '@michinori/queries';
import {
  atTick,
  copiesOf,
  type EventCopy,
  insertDeliveries,
  journeyDefinitions,
  journeyWorlds,
  referenceCohort,
  storyEvent,
  storyHour,
  storyJourney,
  storyStage,
  temporaryClickHouse,
} from '@michinori/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stores } from './stores.ts';

const casesWanted = Math.min(200, Number(process.env.MICHINORI_TEST_RUNS ?? 4));
const seed = Number(process.env.MICHINORI_TEST_SEED ?? 20_261_122);
const hourUs = 3_600_000_000;
const kinds = ['stage-drop-off', 'touchpoint-drop-off', 'stalled-share', 'volume'] as const;
type Kind = (typeof kinds)[number];
const everything = { kind: 'range' as const, fromKey: 0n, toKey: 2n ** 64n - 1n };
const tables = ['events', 'superseded_events', 'unit_journeys', 'account_members'].map((name) =>
  defineStatement({ name: 'test-truncate', sql: `TRUNCATE TABLE ${name}` }),
);

function dayIn(timezone: string, us: number): number {
  const text = new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' }).format(us / 1000);
  return Date.parse(`${text}T00:00:00Z`) / 86_400_000;
}

/** Whether every entry of a day is judged by an instant, wherever in the world the day ends. */
const isJudged = (day: number, horizonUs: number, instantUs: number) =>
  (day + 1) * 86_400_000_000 + 15 * hourUs + horizonUs < instantUs;

interface Asked {
  readonly journey: Journey;
  readonly kind: Kind;
  readonly by: string | null;
  readonly horizonsUs: readonly number[];
}

/** `stage value touchpoint day` → k of n by the reference, with the copies that had been received by the instant, as of it. */
function knownCounts({ journey, kind, by, horizonsUs }: Asked, copies: readonly EventCopy[], instantUs: number) {
  const counts = new Map<string, string>();
  const sums = new Map<string, [number, number]>();
  const known = copies.filter(({ event }) => event.receivedAtUs <= instantUs);
  const ever = { fromUs: Number.MIN_SAFE_INTEGER, toUs: Number.MAX_SAFE_INTEGER };
  const question = { ...ever, asOfUs: instantUs, by, interval: null, count: 'visits' as const, segments: new Map() };
  for (const { segment, visit, path } of referenceCohort(journey, known, question)) {
    const horizonUs = horizonsUs[visit.stage - 1] ?? 0;
    const firsts = new Map(path.toReversed().map(({ touchpoint, atUs }) => [touchpoint, atUs]));
    const begins = kind === 'touchpoint-drop-off' ? [...firsts] : [['', visit.enteredUs] as const];
    for (const [touchpoint, atUs] of begins) {
      const day = dayIn(journey.timezone, atUs);
      if (!isJudged(day, horizonUs, instantUs)) continue;
      const untilUs = visit.outcome === 'open' ? instantUs : visit.endedUs;
      const hasAdvanced = ['advanced', 'completed'].includes(visit.outcome) && untilUs - atUs <= horizonUs;
      const isCounted =
        { 'stalled-share': untilUs - atUs > horizonUs, volume: false }[kind as 'volume'] ?? !hasAdvanced;
      const key = JSON.stringify([journey.stages[visit.stage - 1]?.id, segment ?? '', touchpoint, day]);
      const [n, k] = sums.get(key) ?? [0, 0];
      sums.set(key, [n + 1, k + (isCounted ? 1 : 0)]);
    }
  }
  for (const [key, [n, k]] of sums) counts.set(key, `${k} of ${n}`);
  return counts;
}

/** The same from what was read, all and late together. */
function summed(parts: readonly (readonly DailySeries[])[], { journey, horizonsUs }: Asked, instantUs: number) {
  const sums = new Map<string, [number, number]>();
  for (const { stage, value, touchpoint, days } of parts.flat()) {
    const horizonUs = horizonsUs[journey.stages.findIndex(({ id }) => id === stage)] ?? 0;
    for (const { day, n, k } of days) {
      if (!isJudged(day, horizonUs, instantUs)) continue;
      const key = JSON.stringify([stage, value, touchpoint ?? '', day]);
      const [ns, ks] = sums.get(key) ?? [0, 0];
      sums.set(key, [ns + n, ks + k]);
    }
  }
  return new Map([...sums].filter(([, [n, k]]) => n !== 0 || k !== 0).map(([key, [n, k]]) => [key, `${k} of ${n}`]));
}

const delays = [0, 0, 0, 0, 0.5, 1, 7, 26, 50];

it.for(stores)(
  'with what was late, counts are those of the reference over what had been received ($name)',
  { timeout: 3_600_000 },
  async (store, context) => {
    const clickhouse = await store.open(context);
    const given = fc.record({
      worlds: fc.array(journeyWorlds(), { minLength: 4, maxLength: 10 }),
      journey: journeyDefinitions(),
      delays: fc.array(fc.constantFrom(...delays), { minLength: 50, maxLength: 50 }),
    });
    const cases = fc.sample(given, { seed, numRuns: Math.ceil(casesWanted * store.share) });
    let [changed, compared] = [0, 0];
    for (const [index, { worlds, journey: drawn, delays: drawnDelays }] of cases.entries()) {
      const journey: Journey = { ...drawn, unit: index % 2 === 0 ? 'customer' : 'account' };
      const grid = worlds[0]?.grid ?? { baseIso: '', tick: { value: 1, unit: 'hour' as const }, timezone: 'UTC' };
      const copies = worlds
        .flatMap((world, place) => copiesOf({ ...world, grid }, `w${index}.${place}.`))
        .map((copy, place): EventCopy => {
          const { occurredAtUs, customer } = copy.event;
          // Nobody claims an anonymous id: the reference would know of a claim only once it is received.
          const anonymous = customer === null ? copy.event.anonymous : null;
          const delayUs = Math.round((drawnDelays[(place * 7) % 50] ?? 0) * hourUs) + place;
          return { ...copy, event: { ...copy.event, anonymous, receivedAtUs: occurredAtUs + delayUs } };
        });
      for (const table of tables) await clickhouse.command(table);
      await insertDeliveries(clickhouse, [copies]);
      await noteAccountMembers(clickhouse, everything);
      await deriveUnits(clickhouse, { id: 1, journey }, everything);
      const instantsUs = [20, 33, 44, 52, 60, 68, 77, 90, 140].map((tick) => atTick(grid, tick));
      const by = index % 3 === 0 ? null : (journey.segments[0] ?? null);
      const horizonsUs = journey.stages.map((_, place) => (place + 1) * 3 * hourUs);
      const rotated = kinds[(index >> 1) % kinds.length] ?? 'volume';
      for (const kind of new Set(['stage-drop-off', rotated] as const)) {
        const asked: Asked = { journey, kind, by, horizonsUs };
        const question = {
          ...{ kind, by, horizonsUs, fromUs: atTick(grid, -100), toUs: atTick(grid, 200) },
          asOfUs: instantsUs.at(-1) ?? 0,
        };
        const active = { derivation: 1, journey };
        const all = (await readDailyCounts(clickhouse, active, { ...question, seriesMax: 10_000 })).series;
        // Judged are the entries of days that `isJudged`, so what occurred later than the end of their horizons can't matter.
        const longestUs = Math.max(...horizonsUs);
        const untilUs = instantsUs.map((us) => {
          const ends = [...Array(200).keys()].map((i) => Math.floor(us / 86_400_000_000) - i);
          const judged = horizonsUs.map((horizonUs) => ends.find((day) => isJudged(day, horizonUs, us)) ?? 0);
          return Math.min(us, (Math.max(...judged) + 1) * 86_400_000_000 + 15 * hourUs + longestUs);
        });
        const late = await readLateCounts(clickhouse, active, { ...question, instantsUs, untilUs });
        for (const instantUs of instantsUs) {
          const found = summed([all, late.get(instantUs) ?? []], asked, instantUs);
          const where = `seed ${seed}, case ${index}, ${kind}, ${(instantUs - atTick(grid, 0)) / hourUs} h`;
          expect(new Map([...found].sort()), where).toEqual(new Map([...knownCounts(asked, copies, instantUs)].sort()));
          compared += found.size;
          const naive = summed([all], asked, instantUs);
          changed += [...found].filter(([key, value]) => naive.get(key) !== value).length;
        }
      }
    }
    expect(compared).toBeGreaterThan(casesWanted * store.share * 10);
    expect(changed).toBeGreaterThan(casesWanted * store.share);
  },
);

it('keeps who is who as it is known today: a visit before the claim is that of the customer', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  const journey = storyJourney({
    stages: [storyStage('a', ['A'], { horizonUs: hourUs }), storyStage('b', ['B'], { terminal: true })],
  });
  const at = (hours: number, received: number, fields: object) => ({
    ...fields,
    ...{ occurredAtUs: storyHour(hours), receivedAtUs: storyHour(received) },
  });
  await insertDeliveries(clickhouse, [
    [
      storyEvent('A', 1, at(1, 1, { customer: null, anonymous: 'device' })),
      storyEvent('B', 1.5, at(1.5, 60, { customer: 'mary' })),
      storyEvent('claim', 80, at(80, 80, { customer: 'mary', anonymous: 'device' })),
    ],
  ]);
  await noteIdentities(clickhouse, everything);
  await resolvePeople(clickhouse, { unit: 'customer', scope: everything, name: 'all' });
  await deriveUnits(clickhouse, { id: 1, journey }, { ...everything, people: 'all' });
  await dropPeople(clickhouse, 'all');
  const question = {
    ...{ kind: 'stage-drop-off' as const, by: null, stages: ['a'], horizonsUs: [hourUs, hourUs] },
    ...{ fromUs: storyHour(0), toUs: storyHour(100), asOfUs: storyHour(100) },
  };
  const active = { derivation: 1, journey };
  const all = (await readDailyCounts(clickhouse, active, { ...question, seriesMax: 10 })).series;
  expect(all.map(({ days }) => days.map(({ n, k }) => [n, k]))).toEqual([[[1, 0]]]);
  const instantsUs = [50, 70].map((hours) => storyHour(hours));
  const late = await readLateCounts(clickhouse, active, { ...question, instantsUs, untilUs: instantsUs });
  const shown = [...late].map(([us, series]) => [us, series.map(({ days }) => days.map(({ n, k }) => [n, k]))]);
  // Before the late event was received the visit stood there without an end.
  expect(shown).toEqual([[storyHour(50), [[[0, 1]]]]]);
});
