import type { ClickHouse } from '@michinori/clickhouse';
import type { Journey } from '@michinori/journey';
import {
  copiesOf,
  type EventCopy,
  insertUnitJourneys,
  journeyDefinitions,
  journeyWorlds,
  referenceCohort,
  referenceUnitJourneys,
  storyEvent,
  storyHour,
  storyJourney,
  storyStage,
  temporaryClickHouse,
} from '@michinori/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runGoldenCustomers } from '../src/journey/golden-customers.ts';
import { type CustomersQuestion, customerOutcomes, runJourneyCustomers } from '../src/journey/journey-customers.ts';
import { type JourneyScope, planJourney } from '../src/journey/scope.ts';
import { runJourneyStages } from '../src/journey/stages.ts';

const runs = Number(process.env.MICHINORI_TEST_RUNS ?? 2);
const hourUs = 3_600_000_000;
const all: CustomersQuestion = { stage: null, outcome: null, touchpoint: null, limit: 5000, cursor: null };
const keyOf = (...parts: readonly unknown[]) => JSON.stringify(parts);

async function pagesOf(clickhouse: ClickHouse, scope: JourneyScope, question: CustomersQuestion) {
  const rows = [];
  let cursor = question.cursor;
  do {
    const page: Awaited<ReturnType<typeof runJourneyCustomers>> = await runJourneyCustomers(clickhouse, scope, {
      ...question,
      cursor,
    });
    expect(page.rows.length).toBeLessThanOrEqual(question.limit);
    rows.push(...page.rows);
    cursor = page.cursor;
  } while (cursor !== null);
  return rows;
}

test('the customers behind the numbers are those of a plain walk, and as many as the stages say', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  const seen = new Set<string>();
  for (let run = 1; run <= runs; run += 1) {
    const drawn = fc.sample(journeyWorlds(), { seed: run, numRuns: 24 });
    const worlds = drawn.filter(({ grid }) => grid.baseIso === drawn[0]?.grid.baseIso);
    const definitions = fc.sample(journeyDefinitions(), { seed: run, numRuns: 20 });
    const journey = definitions.find(({ segments, activity }) => segments.length > 0 && activity === 'any') as Journey;
    const copies = worlds.flatMap((world, index) => copiesOf(world, `w${index}.`));
    const units = referenceUnitJourneys(journey, copies);
    await insertUnitJourneys(clickhouse, run, units);
    const times = units.flatMap(({ visits }) => visits.map(({ enteredUs }) => enteredUs)).sort((a, b) => a - b);
    const [first = 0, last = 0] = [times[0], times.at(-1)];
    for (const [i, asOf] of [times[Math.floor(times.length / 2)] ?? 0, last, last + 960 * hourUs].entries()) {
      const count = i === 0 ? ('visits' as const) : ('customers' as const);
      const question = { from: first, to: last + 1, asOf, count };
      const scope = planJourney(question, { derivation: run, journey }, asOf);
      const label = `run ${run}, as of ${asOf}`;
      const cohort = referenceCohort(journey, copies, { fromUs: first, toUs: last + 1, asOfUs: asOf, count });
      const expected = cohort.map(({ unit, visit, path }) => {
        const [name, anonymous] = unit.startsWith('\0') ? [null, unit.slice(1)] : [unit, null];
        return keyOf(
          journey.unit === 'account' ? [null, name] : [name, null],
          ...[anonymous, journey.stages[visit.stage - 1]?.id, visit.cycle, visit.enteredUs],
          ...[
            visit.outcome === 'open' ? null : visit.endedUs,
            visit.outcome,
            journey.stages[visit.next - 1]?.id ?? null,
          ],
          visit.outcome === 'lost' ? visit.reason : null,
          ((visit.outcome === 'open' ? asOf : visit.endedUs) - visit.enteredUs) / 1e6,
          visit.segments.map((value, place) => `${journey.segments[place]}:${value}`).join(' '),
          visit.outcome === 'lost' ? 'the exit is activity, but no touch' : path.at(-1)?.atUs,
        );
      });
      const rows = await pagesOf(clickhouse, scope, { ...all, limit: i === 1 ? 3 : 5000 });
      const found = rows.map((row) =>
        keyOf(
          [row.customer, row.account],
          ...[row.anonymous, row.stage, row.cycle, row.enteredUs, row.endedUs, row.outcome, row.next, row.reason],
          ...[row.seconds, row.segment],
          row.outcome === 'lost' ? 'the exit is activity, but no touch' : row.lastActivityUs,
        ),
      );
      expect(found.toSorted(), label).toEqual(expected.toSorted());
      expect(
        rows.map(({ enteredUs }) => enteredUs),
        label,
      ).toEqual(rows.map((row) => row.enteredUs).toSorted((a, b) => a - b));
      const stages = await runJourneyStages(clickhouse, scope);
      for (const outcome of i === 0 ? customerOutcomes : (['dropped'] as const)) {
        const own = await pagesOf(clickhouse, scope, { ...all, outcome });
        for (const stage of stages.rows) {
          const counted = {
            ...{ advanced: stage.advanced, lost: stage.lostExit, silent: stage.lostSilent, dropped: stage.lost },
            ...{ returned: stage.returned, open: stage.open, completed: stage.completed },
          };
          const ofStage = own.filter((row) => row.stage === stage.stage);
          expect(ofStage.length, `${label} ${stage.stage} ${outcome}`).toBe(counted[outcome]);
        }
        if (own.length > 0) seen.add(outcome);
      }
      const [final] = stages.rows.slice(-1);
      const ofFinal = await pagesOf(clickhouse, scope, { ...all, stage: final?.position ?? 0 });
      expect(ofFinal.map(({ stage }) => stage)).toEqual(Array(final?.entered).fill(final?.stage));
      for (const isTouched of [true, false]) {
        const touched = await pagesOf(clickhouse, scope, { ...all, touchpoint: { name: 'z', isTouched } });
        const plain = cohort.filter(({ path }) => path.some(({ touchpoint }) => touchpoint === 'z') === isTouched);
        expect(touched.length, label).toBe(plain.length);
        if (plain.length > 0) seen.add(`touched ${isTouched}`);
      }
    }
  }
  expect([...seen].sort()).toEqual(
    expect.arrayContaining(['advanced', 'dropped', 'open', 'touched false', 'touched true']),
  );
});

describe('pages', () => {
  const journey = storyJourney();

  test('all look at the moment and the range of the first', async (context) => {
    const clickhouse = await temporaryClickHouse(context);
    const copies = ['u', 'v', 'w'].flatMap((customer, i) => [
      storyEvent('A', i, { customer }),
      storyEvent('B', 10 + i, { customer }),
    ]);
    await insertUnitJourneys(clickhouse, 1, referenceUnitJourneys(journey, copies));
    const active = { derivation: 1, journey };
    const asked = { ...all, stage: 1, limit: 2 };
    const first = await runJourneyCustomers(clickhouse, planJourney({}, active, storyHour(5)), asked);
    expect(first.rows.map(({ customer, outcome }) => [customer, outcome])).toEqual([
      ['u', 'open'],
      ['v', 'open'],
    ]);
    const later = planJourney({}, active, storyHour(100 * 24));
    const second = await runJourneyCustomers(clickhouse, later, { ...asked, cursor: first.cursor });
    expect(second).toMatchObject({ cursor: null, asOfUs: storyHour(5), rows: [{ customer: 'w', outcome: 'open' }] });
    await expect(runJourneyCustomers(clickhouse, later, { ...asked, cursor: 'e30' })).rejects.toMatchObject({
      code: 'INVALID_JOURNEY_QUESTION',
      problems: [{ pointer: '/cursor' }],
    });
  });
});

describe('golden time', () => {
  const journey = storyJourney({ stages: [storyStage('a', ['A']), storyStage('b', ['B'], { terminal: true })] });
  const day = (days: number) => days * 24;
  const mood = (customer: string, days: number, sentiment: number): EventCopy =>
    storyEvent('said', day(days), { customer, sentiment });
  const had = (customer: string, days: number) => storyEvent('M', day(days), { customer });
  const enter = (customer: string) => storyEvent('A', 0, { customer });

  test('is that of the happy ones with a fresh milestone, while they are still there', async (context) => {
    const clickhouse = await temporaryClickHouse(context);
    const copies = [
      ...['happy', 'happier', 'sad', 'stale', 'silent', 'done', 'later'].map(enter),
      ...[mood('happy', 1, -0.9), mood('happy', 90, 0.5), had('happy', 95), had('happy', 80)],
      ...[mood('happier', 92, 0.9), had('happier', 99), had('happier', 101)],
      ...[mood('sad', 90, -0.5), had('sad', 95)],
      ...[mood('stale', 90, 0.8), had('stale', 60)],
      ...[mood('silent', 20, 0.8), had('silent', 95)],
      mood('stranger', 90, 0.9),
      ...[mood('done', 90, 0.8), had('done', 95), storyEvent('B', day(96), { customer: 'done' })],
      ...[mood('later', 101, 0.9), mood('later', 90, 0.1), had('later', 95)],
    ];
    await insertUnitJourneys(clickhouse, 1, referenceUnitJourneys(journey, copies));
    const asOf = storyHour(day(100));
    const scope = planJourney({ asOf }, { derivation: 1, journey }, asOf);
    const question = { stage: null, milestone: 'M', withinUs: 720 * hourUs, limit: 10 };
    const { rows } = await runGoldenCustomers(clickhouse, scope, question);
    expect(rows.map(({ customer, sentiment }) => [customer, sentiment])).toEqual([
      ['happier', 0.9],
      ['happy', 0.5],
    ]);
    const [golden] = rows;
    expect(golden).toMatchObject({ stage: 'a', outcome: 'open', responses: 1, milestoneAtUs: storyHour(day(99)) });
    // happy, happier, sad, stale, silent, done, later; the range leaves out what was said before day 10
    expect(golden?.stageMean).toBeCloseTo((0.5 + 0.9 - 0.5 + 0.8 + 0.8 + 0.8 + 0.1) / 7, 12);
    const one = await runGoldenCustomers(clickhouse, scope, { ...question, limit: 1 });
    expect([one.rows.length, one.isTruncated]).toEqual([1, true]);
    expect((await runGoldenCustomers(clickhouse, scope, { ...question, stage: 2 })).rows).toEqual([]);
    expect((await runGoldenCustomers(clickhouse, scope, { ...question, withinUs: hourUs })).rows).toEqual([]);
  });
});
