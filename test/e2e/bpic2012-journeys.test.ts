import { existsSync } from 'node:fs';
import type { ClickHouse } from '@michinori/clickhouse';
import {
  type ActiveDerivation,
  type JourneyQuestion,
  planJourney,
  runCycleTime,
  runJourneyStages,
} from '@michinori/queries';
import { type EventCopy, referenceStages, referenceUnitJourneys } from '@michinori/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { referenceTexts, storedTexts } from './journeys/compare-rows.ts';
import { type LoanFacts, loanFacts } from './journeys/loan-duckdb.ts';
import { importLoans, loanFile } from './journeys/loan-events.ts';
import { deriveAll, openTables, shippedJourney, storeEvents } from './journeys/tables.ts';
import { temporaryFolder } from './standalone.ts';

const isThere = existsSync(loanFile);
const active: ActiveDerivation = { derivation: 1, journey: shippedJourney('loan-application') };
const us = (iso: string): number => Date.parse(iso) * 1_000;
const [beginUs, endUs] = [us('2011-09-30T00:00:00Z'), us('2012-03-15T00:00:00Z')];
const pastUs = us('2011-12-31T00:00:00Z');
/** Everybody who applied before is decided by the end of the file. */
const earlyUntilUs = us('2011-10-16T00:00:00Z');
const dayUs = 86_400e6;
const cleanups: (() => unknown)[] = [];
let clickhouse: ClickHouse;
let copies: readonly EventCopy[] = [];
let facts: LoanFacts;

const scopeOf = (question: Partial<JourneyQuestion> = {}) =>
  planJourney({ from: beginUs, to: endUs, asOf: endUs, count: 'visits', ...question }, active, endUs);

beforeAll(async () => {
  if (!isThere) return;
  const events = await importLoans(
    temporaryFolder({ onCleanup: (remove) => cleanups.push(remove) }),
    us('2012-04-01T00:00:00Z'),
  );
  copies = events.map((event, logOffset) => ({ event, log: 'events@e2e', logPartition: 0, logOffset }));
  const tables = await openTables();
  cleanups.push(tables.close);
  clickhouse = tables.clickhouse;
  await storeEvents(clickhouse, events);
  await deriveAll(clickhouse, { id: active.derivation, journey: active.journey });
  facts = await loanFacts(loanFile, earlyUntilUs);
}, 900_000);

beforeEach((context) => {
  const reason = 'the event log bpic2012.csv.gz is not at ../shared/data: nothing was compared with real data';
  if (!isThere) context.skip(reason);
});

afterAll(async () => {
  for (const clean of cleanups) await clean();
});

describe('the journeys of 13 087 loan applications (BPI Challenge 2012)', () => {
  it('are those of the reference, row by row', async () => {
    const reference = referenceUnitJourneys(active.journey, copies);
    expect(reference).toHaveLength(13_087);
    const [stored, expected] = [
      await storedTexts(clickhouse, active.derivation),
      await referenceTexts(clickhouse, active.derivation, reference),
    ];
    expect(stored).toHaveLength(expected.length);
    const different = expected.flatMap((text, index) => (text === stored[index] ? [] : [[stored[index], text]]));
    expect(different.slice(0, 1)).toEqual([]);
  }, 600_000);

  it('have the stages of the reference by amount, also as of a day on which many were open', async () => {
    const asOfUs = pastUs;
    const scope = scopeOf({ asOf: asOfUs, by: 'persona' });
    const { rows } = await runJourneyStages(clickhouse, scope);
    const expected = referenceStages(active.journey, copies, {
      fromUs: scope.fromUs,
      toUs: scope.toUs,
      asOfUs,
      by: 'persona',
      count: 'visits',
    });
    const text = (row: object) => JSON.stringify(row);
    const picked = rows.map(
      ({ segment, stage, advanced, lostExit, lostSilent, completed, open, k, n, matureShare, state }) =>
        text({ segment, stage, advanced, lostExit, lostSilent, completed, open, k, n, matureShare, state }),
    );
    const wanted = expected.map(
      ({ segment, stage, advanced, lost, silent, completed, open, k, n, matureShare, state }) =>
        text({
          segment,
          stage,
          advanced,
          lostExit: lost,
          lostSilent: silent,
          completed,
          open,
          k,
          n,
          matureShare,
          state,
        }),
    );
    expect(picked.sort()).toEqual(wanted.sort());
    expect(rows.reduce((sum, { open }) => sum + open, 0)).toBeGreaterThan(500);
  }, 600_000);

  it('end as DuckDB counts straight from the file', async () => {
    const { rows } = await runJourneyStages(clickhouse, scopeOf());
    const sum = (pick: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + pick(row), 0);
    expect(facts).toMatchObject({ cases: 13_087, approved: 2_246, declined: 7_635, cancelled: 2_807, open: 399 });
    expect(rows.find(({ stage }) => stage === 'approved')?.completed).toBe(facts.approved);
    expect(sum(({ lostExit }) => lostExit)).toBe(facts.declined + facts.cancelled);
    expect(sum(({ open }) => open)).toBe(facts.open);
    const ways = rows.slice(0, -1).map(({ stage, entered, advanced }) => [stage, entered, advanced]);
    expect(ways).toEqual(
      facts.ways.map(({ entered, advanced }, i) => [active.journey.stages[i]?.id, entered, advanced]),
    );
  });
});

describe('the times of the applications', () => {
  const wayOf = (fromStage: number, toStage: number, question: Partial<JourneyQuestion> = {}) =>
    runCycleTime(clickhouse, scopeOf(question), { way: { fromStage, toStage }, horizonUs: 30 * dayUs, change: null });

  it('have the medians of DuckDB where only the completed count, and longer ones where all do', async () => {
    const { rows: whole } = await wayOf(1, 6);
    expect(whole[0]?.advanced).toBe(facts.submittedToApproved.advanced);
    expect(whole[0]?.naiveP50Seconds).toBeCloseTo(facts.submittedToApproved.median ?? Number.NaN, 5);
    expect(whole[0]?.secondsP50).toBeNull();
    let compared = 0;
    for (const [index, { entered, advanced, median }] of facts.ways.entries()) {
      const { rows } = await wayOf(index + 1, index + 2);
      expect(rows).toMatchObject([{ n: entered, advanced }]);
      expect(rows[0]?.naiveP50Seconds).toBeCloseTo(median ?? Number.NaN, 5);
      const { secondsP50 = null } = rows[0] ?? {};
      if (secondsP50 === null) continue;
      expect(secondsP50).toBeGreaterThanOrEqual(rows[0]?.naiveP50Seconds ?? Number.NaN);
      compared += 1;
    }
    expect(compared).toBeGreaterThanOrEqual(3);
  });

  it('are plain quantiles in a cohort that is decided to the last application', async () => {
    const { rows } = await wayOf(1, 2, { to: earlyUntilUs });
    const { earlySeconds: seconds } = facts;
    expect(rows).toMatchObject([{ open: 0, matureShare: 1, n: seconds.length }]);
    const plain = [0.25, 0.5, 0.75].map((share) => seconds[Math.ceil(share * seconds.length) - 1]);
    const [row] = rows;
    expect([row?.secondsP25, row?.secondsP50, row?.secondsP75]).toEqual(plain);
    expect(plain.filter((time) => typeof time === 'number')).toHaveLength(2);
  });

  it('are told on 31 December as they came out, while the naive rate is too low', async () => {
    const question = { from: pastUs - 60 * dayUs, to: pastUs };
    const horizonUs = 30 * dayUs;
    const told = await runJourneyStages(clickhouse, scopeOf({ ...question, asOf: pastUs }), { horizonUs });
    const known = await runJourneyStages(clickhouse, scopeOf(question), { horizonUs });
    let immature = 0;
    for (const [index, early] of told.rows.slice(0, -1).entries()) {
      const late = known.rows[index];
      const share = late?.rate ?? Number.NaN;
      const lost = late?.naiveLostRate ?? Number.NaN;
      expect(late).toMatchObject({ stage: early.stage, n: early.n, matureShare: 1 });
      expect([early.stage, isInside(share, early.estimateLo, early.estimateHi)]).toEqual([early.stage, true]);
      expect([early.stage, isInside(lost, early.lostEstimateLo, early.lostEstimateHi)]).toEqual([early.stage, true]);
      expect(early.naiveRate).toBeLessThan(share);
      expect(early.naiveLostRate).toBeLessThan(lost);
      if (early.state !== 'immature') continue;
      immature += 1;
      expect(early.hi).toBeLessThan(share);
    }
    expect(immature).toBeGreaterThanOrEqual(1);
  });
});

function isInside(value: number, lo: number | null, hi: number | null): boolean {
  return lo !== null && hi !== null && lo <= value && value <= hi;
}
