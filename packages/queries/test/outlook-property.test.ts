import { defineStatement } from '@michinori/clickhouse';
import {
  insertUnitJourneys,
  referenceLosses,
  referenceOpenVisits,
  referenceStages,
  referenceStageTimes,
  referenceUnitJourneys,
} from '@michinori/testing';
import { expect, it } from 'vitest';
import { runJourneyLosses } from '../src/journey/losses.ts';
import { openStages } from '../src/journey/open-stages.ts';
import { ticksUs } from '../src/outlook/outlook-scope.ts';
import { readOpenVisits, readStageTimes } from '../src/outlook/outlook-tables.ts';
import { type AskedCase, askedCases, rounded } from './journey-asked.ts';
import { stores } from './stores.ts';

const casesMax = Number(process.env.MICHINORI_TEST_RUNS ?? 24);
const seed = Number(process.env.MICHINORI_TEST_SEED ?? 20_261_122);
const truncate = defineStatement({ name: 'test-truncate', sql: 'TRUNCATE TABLE unit_journeys' });

const bytes = (a: unknown, b: unknown) =>
  Buffer.compare(Buffer.from(JSON.stringify(a)), Buffer.from(JSON.stringify(b)));
const sights = { times: 0, open: 0, returned: 0, exits: 0, silent: 0 };

async function checkOutlook(
  clickhouse: Parameters<typeof readStageTimes>[0],
  { journey, copies, scope, reference }: AskedCase,
) {
  const horizons = journey.stages.map(({ horizonUs }) => horizonUs);
  const asked = [scope, openStages(scope), horizons] as const;
  const times = await readStageTimes(clickhouse, ...asked);
  const expected = referenceStageTimes(journey, copies, reference, ticksUs(horizons));
  expect([...times].sort(bytes)).toEqual([...expected].sort(bytes));
  const open = await readOpenVisits(clickhouse, ...asked);
  expect([...open].sort(bytes)).toEqual(referenceOpenVisits(journey, copies, reference, ticksUs(horizons)).sort(bytes));
  sights.times += Math.sign(times.length);
  sights.open += Math.sign(open.length);
  sights.returned += times.some(({ counts }) => counts.some(({ returned }) => returned > 0)) ? 1 : 0;
}

async function checkLosses(
  clickhouse: Parameters<typeof readStageTimes>[0],
  { journey, copies, scope, reference }: AskedCase,
) {
  const { rows } = await runJourneyLosses(clickhouse, scope);
  const picked = rows
    .filter(({ lost }) => lost > 0)
    .map(({ segment, bucket, stage, kind, reason, lost, entered, secondsP50, silenceSecondsP50 }) => ({
      ...{ segment, bucket, stage, kind, reason, lost, entered, secondsP50, silenceSecondsP50 },
    }));
  expect(rounded(picked).sort(bytes)).toEqual(rounded(referenceLosses(journey, copies, reference)).sort(bytes));
  const sum = (kinds: readonly string[]) =>
    rows.filter(({ kind }) => kinds.includes(kind)).reduce((total, { lost }) => total + lost, 0);
  const stages = referenceStages(journey, copies, reference);
  expect(sum(['all'])).toBe(stages.reduce((total, { lost, silent }) => total + lost + silent, 0));
  expect(sum(['silent', 'exit'])).toBe(sum(['all']));
  sights.exits += Math.sign(sum(['exit']));
  sights.silent += Math.sign(sum(['silent']));
}

it.for(stores)(
  'times, open visits and losses are those of the reference on random worlds ($name)',
  { timeout: 3_600_000 },
  async (store, context) => {
    const clickhouse = await store.open(context);
    const wanted = Math.ceil(casesMax * store.share);
    const cases = askedCases(seed, wanted);
    await clickhouse.command(truncate);
    for (const { journey, copies, scope } of cases)
      await insertUnitJourneys(clickhouse, scope.derivation, referenceUnitJourneys(journey, copies));
    for (const [index, own] of cases.entries()) {
      try {
        await checkOutlook(clickhouse, own);
        await checkLosses(clickhouse, own);
      } catch (error) {
        throw new Error(`seed ${seed}, case ${index}`, { cause: error });
      }
    }
    if (store.share < 1) return;
    for (const [name, count] of Object.entries(sights)) expect(count, name).toBeGreaterThan(wanted / 20);
  },
);
