import type { Journey } from '@michinori/journey';
import { type Duration, riskTable } from '@michinori/statistics';
import {
  copiesOf,
  insertUnitJourneys,
  journeyDefinitions,
  journeyWorlds,
  referenceUnitJourneys,
  storyJourney,
  storyStage,
  temporaryClickHouse,
  type UnitJourney,
  visitsAsOf,
} from '@michinori/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runCycleTime, wayHorizonSeconds } from '../src/journey/cycle-time.ts';
import { mergeTables, readWayTimes, type Way } from '../src/journey/cycle-time-tables.ts';
import { type JourneyScope, planJourney } from '../src/journey/scope.ts';

const runs = Number(process.env.MICHINORI_TEST_RUNS ?? 4);
const dayUs = 86_400_000_000;

/** Every way of the units as of asOf, one by one, in plain words. */
function waysOf(scope: JourneyScope, { fromStage, toStage }: Way, units: readonly UnitJourney[]): Duration[] {
  return units.flatMap((unit) => {
    const visits = visitsAsOf(unit, scope.journey, scope.asOfUs);
    const starts = visits.filter(
      ({ stage, enteredUs }) => stage === fromStage && enteredUs >= scope.fromUs && enteredUs < scope.toUs,
    );
    return starts.slice(0, scope.count === 'customers' ? 1 : undefined).map((start): Duration => {
      const later = visits.slice(visits.indexOf(start)).filter(({ cycle }) => cycle === start.cycle);
      const arrival = later.slice(1).find(({ stage }) => stage >= toStage);
      const seconds = (us: number) => (us - start.enteredUs) / 1e6;
      if (arrival !== undefined) return { seconds: seconds(arrival.enteredUs), outcome: 'advanced' };
      const last = later.at(-1);
      return last !== undefined && (last.outcome === 'lost' || last.outcome === 'silent')
        ? { seconds: seconds(last.endedUs), outcome: 'lost' }
        : { seconds: seconds(scope.asOfUs), outcome: 'open' };
    });
  });
}

test('the times between two stages are those of a plain walk over the visits as of any instant', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  const seen = { advanced: 0, lost: 0, open: 0 };
  for (let run = 1; run <= runs; run += 1) {
    const drawnWorlds = fc.sample(journeyWorlds(), { seed: run, numRuns: 24 });
    const worlds = drawnWorlds.filter(({ grid }) => grid.baseIso === drawnWorlds[0]?.grid.baseIso);
    const journey = fc
      .sample(journeyDefinitions(), { seed: run, numRuns: 20 })
      .find(({ stages }) => stages.length > 1) as Journey;
    const units = referenceUnitJourneys(
      journey,
      worlds.flatMap((world, index) => copiesOf(world, `w${index}.`)),
    );
    await insertUnitJourneys(clickhouse, run, units);
    const times = units.flatMap(({ visits }) => visits.map(({ enteredUs }) => enteredUs)).sort((a, b) => a - b);
    const [first = 0, last = 0] = [times[0], times.at(-1)];
    for (const asOf of [times[Math.floor(times.length / 2)] ?? 0, last, last + 3_600_000_000, last + 40 * dayUs]) {
      for (const count of ['customers', 'visits'] as const) {
        const question = { from: first, to: last + 1, asOf, count };
        const scope = planJourney(question, { derivation: run, journey }, asOf);
        for (const way of [
          { fromStage: 1, toStage: 2 },
          { fromStage: 1, toStage: journey.stages.length },
        ]) {
          const expected = waysOf(scope, way, units);
          for (const { outcome } of expected) seen[outcome] += 1;
          const found = await readWayTimes(clickhouse, scope, way);
          expect(mergeTables(found.map(({ table }) => table)), `run ${run} ${JSON.stringify(way)} ${asOf}`).toEqual(
            riskTable(expected),
          );
        }
      }
    }
  }
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(runs * 3);
});

describe('before and after a change', () => {
  const journey = storyJourney({
    id: 'j',
    segments: ['plan'],
    stages: ['first', 'second', 'third'].map((id) => storyStage(id, [], { horizonUs: 10 * dayUs })),
    exit: [],
  });

  /** One unit a quarter of a day; `days` to the second stage, or null for never. */
  function unit(i: number, plan: string, days: number | null): UnitJourney {
    const enteredUs = i * (dayUs / 4);
    const visit = { cycle: 1, reason: '', segments: [plan] };
    const endedUs = days === null ? 0 : enteredUs + Math.round(days * dayUs);
    const first = { ...visit, stage: 1, enteredUs, endedUs, activeUs: endedUs || enteredUs };
    return {
      unit: `${plan}${i}`,
      anonymous: '',
      rank: 1n,
      touches: [],
      responses: [],
      path: [],
      visits:
        days === null
          ? [{ ...first, outcome: 'open', next: 0 }]
          : [
              { ...first, outcome: 'advanced', next: 2 },
              { ...visit, stage: 2, enteredUs: endedUs, endedUs: 0, outcome: 'open', next: 0, activeUs: endedUs },
            ],
    };
  }

  const changeDay = 100;
  const worlds = Array.from({ length: 800 }, (_, i) => {
    const noise = ((i * 37) % 100) / 100;
    const isAfter = i / 4 >= changeDay;
    return [unit(i, 'pro', (isAfter ? 2 : 5) + 3 * noise), unit(i, 'free', noise > 0.9 ? null : 4 + 3 * noise)];
  }).flat();
  const way = { fromStage: 1, toStage: 2 };
  const change = { atUs: changeDay * dayUs, treated: null };
  const ask = (question: Parameters<typeof planJourney>[0], nowDay = 250) =>
    planJourney({ from: 0, to: 200 * dayUs, ...question }, { derivation: 1, journey }, nowDay * dayUs);

  test('the verdict follows the data: shorter where it is, no evidence where it is not, too early while it is censored', async (context) => {
    const clickhouse = await temporaryClickHouse(context);
    await insertUnitJourneys(clickhouse, 1, worlds);
    const verdictOf = async (
      scope: JourneyScope,
      of: typeof change | Parameters<typeof runCycleTime>[2]['change'] = change,
    ) => {
      const { rows } = await runCycleTime(clickhouse, scope, { way, horizonUs: null, change: of });
      return rows.filter(({ period }) => period === 'after');
    };
    const by = await verdictOf(ask({ by: 'plan' }));
    expect(by.map(({ segment, verdict }) => [segment, verdict])).toEqual([
      ['free', 'no evidence'],
      ['pro', 'shorter'],
    ]);
    expect(by[1]?.differenceSeconds).toBeCloseTo(-3 * 86_400, -3);
    expect(by[1]?.differenceHi).toBeLessThan(0);

    const early = await verdictOf(ask({ segment: 'plan:pro', to: 101 * dayUs, asOf: 102 * dayUs }));
    expect(early[0]).toMatchObject({ verdict: 'too early' });
    const censored = await verdictOf(ask({ segment: 'plan:pro', to: 120 * dayUs, asOf: 111 * dayUs }));
    expect(censored[0]).toMatchObject({ verdict: 'too early', reason: 'short follow-up' });

    const trial = await verdictOf(ask({}), { atUs: changeDay * dayUs, treated: { index: 1, values: ['pro'] } });
    expect(trial[0]).toMatchObject({ didVerdict: 'shorter' });
    expect(trial[0]?.didSeconds).toBeCloseTo(-3 * 86_400, -4);
    const placebo = await verdictOf(ask({ to: changeDay * dayUs }), { atUs: 50 * dayUs, treated: null });
    expect(placebo[0]).toMatchObject({ verdict: 'no evidence' });
  });

  test('those before the change are looked at as of its instant', async (context) => {
    const clickhouse = await temporaryClickHouse(context);
    await insertUnitJourneys(clickhouse, 1, worlds);
    const { rows } = await runCycleTime(clickhouse, ask({ segment: 'plan:pro' }), { way, horizonUs: null, change });
    const before = rows.find(({ period }) => period === 'before');
    expect(before?.n).toBe(400);
    expect(before?.open).toBeGreaterThan(10);
    expect(before?.open).toBeLessThan(40);
  });

  test('the horizon of a way is that of its stages one after another', () => {
    const scope = ask({});
    const question = (toStage: number, horizonUs: number | null) => ({
      way: { fromStage: 1, toStage },
      horizonUs,
      change: null,
    });
    expect(wayHorizonSeconds(scope, question(2, null))).toBe(10 * 86_400);
    expect(wayHorizonSeconds(scope, question(3, null))).toBe(20 * 86_400);
    expect(wayHorizonSeconds(scope, question(3, dayUs))).toBe(86_400);
  });
});
