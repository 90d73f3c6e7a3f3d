import type { Journey } from '@michinori/journey';
import { npsInterval } from '@michinori/statistics';
import {
  copiesOf,
  insertUnitJourneys,
  journeyDefinitions,
  journeyWorlds,
  referenceUnitJourneys,
  temporaryClickHouse,
  type UnitJourney,
  unitName,
} from '@michinori/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emotionRows, runEmotion } from '../src/journey/emotion.ts';
import { runNps } from '../src/journey/nps.ts';
import { runNpsMovement } from '../src/journey/nps-movement.ts';
import type { ResponseCohort } from '../src/journey/response-rows.ts';
import { type JourneyScope, planJourney } from '../src/journey/scope.ts';

const runs = Number(process.env.MICHINORI_TEST_RUNS ?? 6);
const dayUs = 86_400_000_000;
const startOfDay = (us: number) => Math.floor(us / dayUs) * dayUs;
const monthOf = (us: number) => `${new Date(us / 1000).toISOString().slice(0, 7)}-01T00:00:00.000Z`;

interface Said {
  unit: string;
  customer: string;
  atUs: number;
  place: number;
  nps: number;
  sentiment: number;
  asked: boolean;
  stage: number;
  touchpoint: string;
  after: string;
  segment: string;
  firstEnteredUs: number | null;
}

/** Every response of the units, one by one, with what it is grouped by. */
function saidOf(units: readonly UnitJourney[], segmentIndex: number): Said[] {
  return units.flatMap((unit) =>
    unit.responses.map((response, place) => {
      const within = unit.visits[response.visit - 1];
      const before = unit.visits.findLast(({ enteredUs }) => enteredUs <= response.atUs);
      return {
        ...response,
        unit: unitName(unit),
        place,
        asked: response.asked === 1,
        stage: within?.stage ?? 0,
        segment: segmentIndex === 0 ? '' : ((within ?? before)?.segments[segmentIndex - 1] ?? ''),
        firstEnteredUs: unit.visits[0]?.enteredUs ?? null,
      };
    }),
  );
}

const keyOf = (...parts: readonly unknown[]) => JSON.stringify(parts);

function grouped<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

const latest = (answers: readonly Said[]) => [...answers].sort((a, b) => a.atUs - b.atUs || a.place - b.place).at(-1);

function cohortOf(cohort: ResponseCohort, journey: Journey, said: Said): string | null {
  if (cohort === 'none') return null;
  if (cohort === 'stage') return journey.stages[said.stage - 1]?.id ?? '';
  if (cohort === 'touchpoint') return said.after;
  return said.firstEnteredUs === null ? '' : monthOf(said.firstEnteredUs);
}

function expectedNps(scope: JourneyScope, cohort: ResponseCohort, units: readonly UnitJourney[]) {
  const all = saidOf(units, scope.by?.index ?? 0).filter(({ atUs }) => atUs <= scope.asOfUs);
  const inRange = all.filter(({ atUs }) => atUs >= scope.fromUs && atUs < scope.toUs);
  const cells = grouped(
    inRange.filter(({ nps, asked }) => nps >= 0 || asked),
    (said) =>
      keyOf(
        cohortOf(cohort, scope.journey, said),
        scope.by === null ? null : said.segment,
        scope.interval === null ? null : new Date(startOfDay(said.atUs) / 1000).toISOString(),
      ),
  );
  const rows = new Map<string, unknown>();
  for (const [key, members] of cells) {
    const people = [...grouped(members, ({ unit, customer }) => keyOf(unit, customer)).values()];
    const scores = people.flatMap((own) => latest(own.filter(({ nps }) => nps >= 0))?.nps ?? []);
    const asked = people.filter((own) => own.some((said) => said.asked));
    const answered = asked.filter((own) => {
      const firstAsk = Math.min(...own.filter((said) => said.asked).map(({ atUs }) => atUs));
      return all.some(
        (said) =>
          said.unit === own[0]?.unit && said.customer === own[0].customer && said.nps >= 0 && said.atUs >= firstAsk,
      );
    });
    const promoters = scores.filter((score) => score >= 9).length;
    const detractors = scores.filter((score) => score <= 6).length;
    const { nps } = npsInterval(promoters, scores.length - promoters - detractors, detractors);
    rows.set(key, {
      responses: scores.length,
      promoters,
      detractors,
      nps,
      asked: asked.length,
      answered: answered.length,
    });
  }
  return rows;
}

test('NPS and emotion are those of a plain count over the reference', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  let cellsSeen = 0;
  for (let run = 1; run <= runs; run += 1) {
    const drawnWorlds = fc.sample(journeyWorlds(), { seed: run, numRuns: 24 });
    const worlds = drawnWorlds.filter(({ grid }) => grid.baseIso === drawnWorlds[0]?.grid.baseIso);
    const drawn = fc.sample(journeyDefinitions(), { seed: run, numRuns: 1 })[0];
    if (drawn === undefined) throw new Error('no journey');
    const journey = { ...drawn, timezone: 'UTC' };
    const copies = worlds.flatMap((world, index) => copiesOf(world, `w${index}.`));
    const units = referenceUnitJourneys(journey, copies);
    await insertUnitJourneys(clickhouse, run, units);
    const times = units.flatMap(({ responses }) => responses.map(({ atUs }) => atUs)).sort((a, b) => a - b);
    const [first = 0, last = 0] = [times[0], times.at(-1)];
    const asOfs = [times[Math.floor(times.length / 2)] ?? 0, last + dayUs];
    for (const cohort of ['none', 'entry', 'stage', 'touchpoint'] as const) {
      for (const asOf of asOfs) {
        const question = {
          from: startOfDay(first),
          to: startOfDay(last) + dayUs,
          asOf,
          ...(run % 2 === 0 ? { interval: 'day' as const } : {}),
          ...(run % 3 !== 0 && journey.segments[0] !== undefined ? { by: journey.segments[0] } : {}),
        };
        const scope = planJourney(question, { derivation: run, journey }, last + dayUs);
        const { rows } = await runNps(clickhouse, scope, { cohort });
        const found = rows
          .filter(({ responses, asked }) => responses + asked > 0)
          .map(({ cohort, segment, bucket, responses, promoters, detractors, nps, asked, answered }) => [
            keyOf(cohort, segment, bucket),
            { responses, promoters, detractors, nps, asked, answered },
          ]);
        const expected = expectedNps(scope, cohort, units);
        expect(Object.fromEntries(found), `run ${run}, ${cohort}`).toEqual(Object.fromEntries(expected));
        cellsSeen += expected.size;
        if (cohort !== 'none') continue;
        const emotions = await runEmotion(clickhouse, scope);
        expect(emotionCounts(emotions.rows), `run ${run}`).toEqual(expectedEmotion(scope, units));
      }
    }
  }
  expect(cellsSeen).toBeGreaterThan(runs * 10);
});

const round = (value: number | null) => (value === null ? null : Math.round(value * 1e9) / 1e9);

function emotionCounts(rows: Awaited<ReturnType<typeof runEmotion>>['rows']) {
  return rows
    .map(({ stage, touchpoint, segment, bucket, customers, responses, mean }) =>
      keyOf(stage, touchpoint, segment, bucket, customers, responses, round(mean)),
    )
    .sort();
}

function expectedEmotion(scope: JourneyScope, units: readonly UnitJourney[]): string[] {
  const felt = saidOf(units, scope.by?.index ?? 0).filter(
    ({ atUs, sentiment, stage }) =>
      atUs >= scope.fromUs && atUs < scope.toUs && atUs <= scope.asOfUs && sentiment <= 1 && stage > 0,
  );
  return [(said: Said) => said.touchpoint, () => null]
    .flatMap((touchpointOf) => {
      const cells = grouped(felt, (said) =>
        keyOf(
          scope.journey.stages[said.stage - 1]?.id,
          touchpointOf(said),
          scope.by === null ? null : said.segment,
          scope.interval === null ? null : new Date(startOfDay(said.atUs) / 1000).toISOString(),
        ),
      );
      return [...cells].map(([key, members]) => {
        const people = [...grouped(members, ({ unit, customer }) => keyOf(unit, customer)).values()];
        const means = people.map((own) => own.reduce((sum, { sentiment }) => sum + sentiment, 0) / own.length);
        const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
        return keyOf(...(JSON.parse(key) as unknown[]), people.length, members.length, round(mean));
      });
    })
    .sort();
}

describe('movement', () => {
  test('goes from the latest answer of a bucket to that of the next bucket with an answer', async (context) => {
    const clickhouse = await temporaryClickHouse(context);
    const journey = { ...(fc.sample(journeyDefinitions(), { seed: 1, numRuns: 1 })[0] as Journey), timezone: 'UTC' };
    const answer = (day: number, nps: number) => ({
      atUs: day * dayUs,
      visit: 0,
      customer: '',
      touchpoint: 'nps.answered',
      after: '',
      nps,
      sentiment: 2,
      asked: 0 as const,
    });
    const unit = (name: string, answers: readonly (readonly [number, number])[]): UnitJourney => ({
      unit: name,
      anonymous: '',
      rank: 1n,
      visits: [],
      touches: [],
      path: [],
      responses: answers.map(([day, nps]) => ({ ...answer(day, nps), customer: name })),
    });
    await insertUnitJourneys(clickhouse, 1, [
      unit('a', [
        [1, 9],
        [2, 3],
        [40, 10],
      ]),
      unit('b', [
        [1, 3],
        [40, 8],
        [100, 9],
      ]),
      unit('c', [[1, 9]]),
      unit('d', [
        [5, 0],
        [31, 10],
        [58, 10],
      ]),
    ]);
    const scope = planJourney({ from: 0, to: 365 * dayUs }, { derivation: 1, journey }, 400 * dayUs);
    const { rows } = await runNpsMovement(clickhouse, scope);
    const moved = rows.filter(({ customers }) => customers > 0);
    expect(
      moved.map(
        ({ bucket, from, to, customers, share }) => `${bucket.slice(0, 7)} ${from} ${to} ${customers} ${share}`,
      ),
    ).toEqual([
      '1970-02 detractor promoter 2 0.6666666666666666',
      '1970-02 detractor passive 1 0.3333333333333333',
      '1970-04 passive promoter 1 1',
    ]);
    expect(rows).toHaveLength(18);
  });
});

describe('the curve', () => {
  const cell = (level: number, stage: number, customers: number, mean: number, touchpoint = '') => ({
    level,
    stage,
    touchpoint,
    segment: '',
    bucket: 0,
    customers,
    responses: customers,
    mean,
    variance: customers > 1 ? 0.04 : null,
  });
  const stageOf = (id: string) => ({ id });
  const journey = { stages: ['one', 'two', 'three', 'four'].map(stageOf) } as unknown as Journey;

  test('has its trough where the upper bound of the lowest stage lies below the mean of the journey', () => {
    const rows = emotionRows({ by: null, interval: null, journey }, [
      cell(0, 0, 400, 0.1),
      cell(1, 1, 100, 0.2),
      cell(1, 2, 100, -0.3),
      cell(1, 3, 100, -0.1),
      cell(1, 4, 100, 0.5),
      cell(2, 2, 100, -0.3, 'ticket'),
    ]);
    expect(rows.map(({ kind, stage, trough }) => [kind, stage, trough])).toEqual([
      ['stage', 'one', false],
      ['stage', 'two', true],
      ['touchpoint', 'two', false],
      ['stage', 'three', false],
      ['stage', 'four', false],
    ]);
    expect(rows.every(({ shrunk }) => !shrunk)).toBe(true);
  });

  test('draws small cells towards the journey and says so', () => {
    const rows = emotionRows({ by: null, interval: null, journey }, [
      cell(0, 0, 303, 0.1),
      cell(1, 1, 100, 0.1),
      cell(1, 2, 100, 0.15),
      cell(1, 3, 100, 0.05),
      cell(1, 4, 3, -0.9),
    ]);
    const small = rows.at(-1);
    expect(small).toMatchObject({ shrunk: true, state: 'insufficient', mean: -0.9 });
    expect(small?.sentiment).toBeGreaterThan(-0.89);
    expect(rows[0]).toMatchObject({ shrunk: false, state: 'ok', sentiment: 0.1 });
  });
});
