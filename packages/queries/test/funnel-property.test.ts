import type { ClickHouse } from '@michinori/clickhouse';
import { referenceFunnel } from '@michinori/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Arrangement, merged, messy, orderly } from './funnel-arrangement.ts';
import { cases, describeCase, type PlacedCase, place } from './funnel-case.ts';
import { askDifference, type Question, questionsOf } from './funnel-question.ts';
import { stores } from './stores.ts';

// A case is one request over one to twelve worlds. All cases of a batch stand in one table, each in its own realm.
const WORLDS_DEFAULT = 600;
const CASES_PER_BATCH = 80;
const SHRINK_LIMIT_MS = 60_000;

const worldsWantedMax = Number(process.env.MICHINORI_TEST_RUNS ?? WORLDS_DEFAULT);
const seed = Number(process.env.MICHINORI_TEST_SEED ?? 20261121);

interface Failure {
  readonly index: number;
  readonly arrangement: Arrangement;
  readonly question: Question;
  readonly found: string;
}

/** Which questions are asked in an arrangement: everything of the messy one, a share of the others. */
function isAsked(arrangement: Arrangement, index: number): boolean {
  return arrangement === messy || index % 6 === (arrangement === orderly ? 0 : 3);
}

async function firstFailure(
  clickhouse: ClickHouse,
  placed: readonly PlacedCase[],
  arrangement: Arrangement,
): Promise<Failure | null> {
  const asked = placed.map((own, index) => ({ own, index })).filter(({ index }) => isAsked(arrangement, index));
  const failures: Failure[] = [];
  const worker = async (share: number) => {
    for (const { own, index } of asked.filter((_, position) => position % 2 === share)) {
      for (const question of questionsOf(own, referenceFunnel(own.copies, own.request, own.asOfUs), index)) {
        if (failures.length > 0) return;
        const found = await askDifference(clickhouse, own, question);
        if (found !== null) failures.push({ index, arrangement, question, found });
      }
    }
  };
  await Promise.all([worker(0), worker(1)]);
  return failures[0] ?? null;
}

/** Replays the failing case alone, lets fast-check shrink it, and says what is left of it. */
async function shrunk(
  clickhouse: ClickHouse,
  batchSeed: number,
  { index, arrangement, question, found: among }: Failure,
): Promise<string> {
  let last = `does not fail alone; among others ${among}`;
  const alone = fc.asyncProperty(cases, async (given) => {
    const placed = place(given, 'w');
    if (arrangement === merged) await messy.arrange(clickhouse, [placed], batchSeed);
    await arrangement.arrange(clickhouse, [placed], batchSeed);
    const again = questionsOf(placed, referenceFunnel(placed.copies, placed.request, placed.asOfUs), index).find(
      ({ kind }) => kind === question.kind,
    );
    const found = again ? await askDifference(clickhouse, placed, again) : null;
    if (found === null) return true;
    last = `${found}\n${JSON.stringify(again)}\n${describeCase(placed)}`;
    return false;
  });
  const path = String(index);
  await fc.check(alone, {
    seed: batchSeed,
    path,
    endOnFailure: false,
    numRuns: 1,
    interruptAfterTimeLimit: SHRINK_LIMIT_MS,
  });
  return `seed ${batchSeed}, case ${index}, ${arrangement.name}, ${question.kind}\n${last}`;
}

/** What the answers of a run have shown at least once or more: a run that shows nothing proves nothing. */
interface Sights {
  worlds: number;
  entered: number;
  advanced: number;
  dropped: number;
  open: number;
  compared: number;
}

function look(sights: Sights, { case: { worlds }, copies, request, asOfUs }: PlacedCase): void {
  const { rows } = referenceFunnel(copies, request, asOfUs);
  sights.worlds += worlds.length;
  if (rows.some(({ n }) => n > 0)) sights.entered += 1;
  if (rows.some(({ step, k }) => step > 1 && k > 0)) sights.advanced += 1;
  if (rows.some(({ dropped }) => dropped > 0)) sights.dropped += 1;
  if (rows.some(({ open }) => open > 0)) sights.open += 1;
  if (rows.some(({ pValue }) => pValue !== null)) sights.compared += 1;
}

it.for(stores)(
  'gives the answers of the reference on random worlds, however their events arrived ($name)',
  {
    timeout: 3_600_000,
  },
  async (store, context) => {
    const clickhouse = await store.open(context);
    const worldsWanted = Math.ceil(worldsWantedMax * store.share ** 2);
    const casesPerBatch = store.share === 1 ? CASES_PER_BATCH : CASES_PER_BATCH / 5;
    const sights: Sights = { worlds: 0, entered: 0, advanced: 0, dropped: 0, open: 0, compared: 0 };
    for (let batchSeed = seed; sights.worlds < worldsWanted; batchSeed++) {
      const sample = fc.sample(cases, { seed: batchSeed, numRuns: casesPerBatch });
      const placed = sample.map((given, index) => place(given, `w${index}-`));
      for (const arrangement of [orderly, messy, merged]) {
        await arrangement.arrange(clickhouse, placed, batchSeed);
        const failure = await firstFailure(clickhouse, placed, arrangement);
        if (failure !== null) expect.fail(await shrunk(clickhouse, batchSeed, failure));
      }
      for (const own of placed) look(sights, own);
    }
    const cases100 = (sights.worlds / 6.5) * 0.01;
    expect(sights.entered).toBeGreaterThan(60 * cases100);
    expect(sights.advanced).toBeGreaterThan(30 * cases100);
    expect(sights.dropped).toBeGreaterThan(25 * cases100);
    expect(sights.open).toBeGreaterThan(8 * cases100);
    expect(sights.compared).toBeGreaterThan(5 * cases100);
  },
);
