import { type ClickHouse, defineStatement } from '@michinori/clickhouse';
import { runJourneyStages, runJourneyTouchpoints, runJourneyTransitions } from '@michinori/queries';
import { aalenJohansen, riskTable } from '@michinori/statistics';
import {
  insertUnitJourneys,
  referenceCohort,
  referenceStages,
  referenceTouchpoints,
  referenceTransitions,
  referenceUnitJourneys,
} from '@michinori/testing';
import { expect, it } from 'vitest';
import { type AskedCase, askedCases, rounded } from './journey-asked.ts';
import { stores } from './stores.ts';

const CASES_DEFAULT = 40;
const casesWantedMax = Number(process.env.MICHINORI_TEST_RUNS ?? CASES_DEFAULT);
const seed = Number(process.env.MICHINORI_TEST_SEED ?? 20_261_121);
const casesPerBatch = 40;

const truncate = defineStatement({ name: 'test-truncate', sql: 'TRUNCATE TABLE unit_journeys' });

/** What the answers have shown: a run that shows nothing proves nothing. */
const sights = { entered: 0, advanced: 0, lost: 0, open: 0, compared: 0, empty: 0, touched: 0, lastTouch: 0 };

const bySegment = (a: { segment: string | null }, b: { segment: string | null }) =>
  Buffer.compare(Buffer.from(a.segment ?? ''), Buffer.from(b.segment ?? ''));

async function checkStages(clickhouse: ClickHouse, { journey, copies, scope, reference }: AskedCase) {
  const { rows } = await runJourneyStages(clickhouse, scope);
  const expected = referenceStages(journey, copies, reference);
  const picked = rows.map((row) => ({
    segment: row.segment,
    bucket: row.bucket,
    step: row.position,
    stage: row.stage,
    advanced: row.advanced,
    returned: row.returned,
    lost: row.lostExit,
    silent: row.lostSilent,
    completed: row.completed,
    open: row.open,
    k: row.k,
    n: row.n,
    rate: row.rate,
    lo: row.lo,
    hi: row.hi,
    matureShare: row.matureShare,
    state: row.state,
    pValue: row.pValue,
    qValue: row.qValue,
  }));
  const wanted = expected.map((row) => (scope.by === null ? { ...row, pValue: null, qValue: null } : row));
  expect(rounded(picked.sort(bySegment))).toEqual(rounded(wanted.sort(bySegment)));
  checkEstimates({ journey, copies, scope, reference }, rows);
  for (const row of rows) {
    sights.entered += Math.sign(row.entered);
    sights.advanced += Math.sign(row.advanced);
    sights.lost += Math.sign(row.lost);
    sights.open += Math.sign(row.open);
    sights.compared += row.pValue === null ? 0 : 1;
    sights.empty += row.entered === 0 ? 1 : 0;
  }
}

function checkEstimates(
  { journey, copies, scope, reference }: AskedCase,
  rows: Awaited<ReturnType<typeof runJourneyStages>>['rows'],
) {
  const cohort = referenceCohort(journey, copies, reference);
  for (const row of rows) {
    const own = cohort.filter(
      ({ segment, bucket, visit }) => segment === row.segment && bucket === row.bucket && visit.stage === row.position,
    );
    if (own.length === 0) {
      expect(row).toMatchObject({ estimate: null, lostEstimate: null, secondsP50: null });
      continue;
    }
    const outcomeOf = {
      advanced: 'advanced',
      completed: 'advanced',
      lost: 'lost',
      silent: 'lost',
      open: 'open',
    } as const;
    const durations = (returned: 'advanced' | 'lost') =>
      own.map(({ visit }) => ({
        seconds: ((visit.outcome === 'open' ? scope.asOfUs : visit.endedUs) - visit.enteredUs) / 1e6,
        outcome: visit.outcome === 'returned' ? returned : outcomeOf[visit.outcome],
      }));
    const { advanced } = aalenJohansen(riskTable(durations('lost')));
    const { lost } = aalenJohansen(riskTable(durations('advanced')));
    const [up, down] = [advanced.at(row.horizonSeconds), lost.at(row.horizonSeconds)];
    expect(
      rounded([row.estimate, row.estimateLo, row.estimateHi, row.lostEstimate, row.lostEstimateLo, row.lostEstimateHi]),
    ).toEqual(rounded([up.estimate, up.lo, up.hi, down.estimate, down.lo, down.hi]));
    if (journey.stages[row.position - 1]?.terminal === false) {
      expect(row.secondsP50).toBe(advanced.quantile(0.5).seconds);
    }
  }
}

async function checkTransitions(clickhouse: ClickHouse, { journey, copies, scope, reference }: AskedCase) {
  const { rows } = await runJourneyTransitions(clickhouse, scope);
  const picked = rows
    .filter(({ from, customers }) => from !== null && customers > 0)
    .map(({ segment, bucket, from, to, customers, naiveSecondsP50 }) =>
      JSON.stringify(rounded([segment, bucket, from, to, customers, naiveSecondsP50])),
    );
  const wanted = referenceTransitions(journey, copies, reference)
    .filter(({ outcome }) => outcome !== 'completed')
    .map(({ segment, bucket, stage, outcome, next, n, secondsP50 }) =>
      JSON.stringify(rounded([segment, bucket, stage, next || outcome, n, secondsP50])),
    );
  expect(picked.sort()).toEqual(wanted.sort());
}

async function checkTouchpoints(clickhouse: ClickHouse, { journey, copies, scope, reference }: AskedCase) {
  const { rows } = await runJourneyTouchpoints(clickhouse, scope);
  const picked = rows
    .filter(({ touched }) => touched > 0)
    .map((row) =>
      JSON.stringify(
        rounded([
          [row.segment, row.bucket, row.stage, row.touchpoint, row.touched, row.advanced, row.lost, row.returned],
          [row.completed, row.open, row.lastBeforeLoss, row.lastBeforeLossShare, row.secondsTouchToAdvanceP50],
        ]),
      ),
    );
  const wanted = referenceTouchpoints(journey, copies, reference).map((row) =>
    JSON.stringify(
      rounded([
        [row.segment, row.bucket, row.stage, row.touchpoint, row.n, row.advanced, row.lost + row.silent, row.returned],
        [row.completed, row.open, row.lastBeforeLoss, row.lossShare, row.secondsToAdvanceP50],
      ]),
    ),
  );
  expect(picked.sort()).toEqual(wanted.sort());
  for (const row of rows) {
    sights.touched += Math.sign(row.touched);
    sights.lastTouch += Math.sign(row.lastBeforeLoss);
  }
}

it.for(stores)(
  'gives the answers of the reference on random worlds, journeys and questions ($name)',
  {
    timeout: 3_600_000,
  },
  async (store, context) => {
    const clickhouse = await store.open(context);
    const casesWanted = Math.ceil(casesWantedMax * store.share);
    const batch = Math.min(casesPerBatch, casesWanted);
    for (let done = 0; done < casesWanted; done += batch) {
      const cases = askedCases(seed + done, batch);
      await clickhouse.command(truncate);
      for (const { journey, copies, scope } of cases) {
        await insertUnitJourneys(clickhouse, scope.derivation, referenceUnitJourneys(journey, copies));
      }
      for (const [index, own] of cases.entries()) {
        try {
          await checkStages(clickhouse, own);
          await checkTransitions(clickhouse, own);
          await checkTouchpoints(clickhouse, own);
        } catch (error) {
          throw new Error(`seed ${seed + done}, case ${index}`, { cause: error });
        }
      }
    }
    // Of few cases, few compare segments; the first store sees to them.
    if (store.share < 1) return;
    for (const [name, count] of Object.entries(sights)) expect(count, name).toBeGreaterThan(casesWanted / 4);
  },
);
