import type { ClickHouse } from '@michinori/clickhouse';
import type { Journey } from '@michinori/journey';
import {
  type Counted,
  copiesOf,
  insertUnitJourneys,
  journeyDefinitions,
  journeyWorlds,
  referenceCohort,
  referenceUnitJourneys,
  storyHour,
  storyJourney,
  temporaryClickHouse,
  type UnitJourney,
} from '@michinori/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runPathLoops } from '../src/journey/path-loops.ts';
import { runPathTransitions } from '../src/journey/path-transitions.ts';
import { runPathVariants } from '../src/journey/path-variants.ts';
import { type JourneyScope, planJourney } from '../src/journey/scope.ts';

const runs = Number(process.env.MICHINORI_TEST_RUNS ?? 4);
const dayUs = 86_400_000_000;
const keyOf = (...parts: readonly unknown[]) => JSON.stringify(parts);

function tally<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

const compact = (names: readonly string[]) => names.filter((name, i) => name !== names[i - 1]);
const namesOf = ({ path }: Counted) => path.map(({ touchpoint }) => touchpoint);
const id = (journey: Journey, { visit }: Counted) => journey.stages[visit.stage - 1]?.id;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  return ((low ?? 0) + (high ?? 0)) / 2;
}

/** Every step from touch to touch, with the beginnings and the ends, counted one by one. */
function plainTransitions({ journey, asOfUs }: JourneyScope, cohort: readonly Counted[]): string[] {
  const steps = cohort.flatMap((one) => {
    const { visit, path, unit, segment } = one;
    const endUs = visit.outcome === 'open' ? asOfUs : visit.endedUs;
    const places = [
      { name: null, us: visit.enteredUs },
      ...path.map(({ touchpoint, atUs }) => ({ name: touchpoint, us: atUs })),
      { name: null, us: endUs },
    ];
    return places.slice(1).map((place, i) => ({
      unit,
      from: keyOf(segment, id(journey, one), places[i]?.name ?? null),
      to: place.name,
      outcome: i === path.length ? visit.outcome : null,
      seconds: (place.us - (places[i]?.us ?? 0)) / 1e6,
    }));
  });
  const leaving = tally(steps, ({ from }) => from);
  return [...tally(steps, ({ from, to, outcome }) => keyOf(from, to, outcome))].map(([key, own]) => {
    const from = own[0]?.from ?? '';
    const customers = new Set(own.map(({ unit }) => unit)).size;
    const p50 = own[0]?.outcome === 'open' ? null : median(own.map(({ seconds }) => seconds));
    return keyOf(key, own.length, customers, leaving.get(from)?.length, p50);
  });
}

function plainVariants({ journey }: JourneyScope, cohort: readonly Counted[]): string[] {
  const variantOf = (one: Counted) => {
    const names = compact(namesOf(one));
    return names.length > 20 ? [...names.slice(0, 20), '…'].join(' → ') : names.join(' → ');
  };
  const ofStage = tally(cohort, (one) => keyOf(one.segment, id(journey, one)));
  return [...tally(cohort, (one) => keyOf(one.segment, id(journey, one), variantOf(one)))].map(([key, own]) => {
    const first = own[0] as Counted;
    const count = (...names: string[]) => own.filter(({ visit }) => names.includes(visit.outcome)).length;
    const all = ofStage.get(keyOf(first.segment, id(journey, first)))?.length ?? 0;
    const mature = own.filter(({ isMature }) => isMature).length / own.length;
    const customers = new Set(own.map(({ unit }) => unit)).size;
    const counts = [count('advanced', 'completed'), count('lost', 'silent'), count('returned'), count('open')];
    return keyOf(key, own.length, customers, own.length / all, ...counts, mature);
  });
}

function plainLoops({ journey }: JourneyScope, cohort: readonly Counted[]): string[] {
  const found = cohort.flatMap((one) => {
    const names = compact(namesOf(one));
    return [...new Set(names)].map((name) => ({
      key: keyOf(one.segment, id(journey, one), name),
      befores: names.flatMap((other, i) => (other === name && names.slice(0, i).includes(name) ? [names[i - 1]] : [])),
    }));
  });
  return [...tally(found, ({ key }) => key)].flatMap(([key, own]) => {
    const befores = own.flatMap((visit) => visit.befores);
    if (befores.length === 0) return [];
    const via = [...tally(befores, String)].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))[0]?.[0];
    return [keyOf(key, own.length, own.filter((visit) => visit.befores.length > 0).length, befores.length, via)];
  });
}

async function found(clickhouse: ClickHouse, scope: JourneyScope, stage: number | null) {
  const question = { stage, limit: 5000 };
  const transitions = await runPathTransitions(clickhouse, scope, question);
  const variants = await runPathVariants(clickhouse, scope, question);
  const loops = await runPathLoops(clickhouse, scope, question);
  return {
    transitions: transitions.rows.map((row) => {
      const key = keyOf(keyOf(row.segment, row.stage, row.from), row.to, row.outcome);
      return keyOf(key, row.transitions, row.customers, row.n, row.secondsP50);
    }),
    variants: variants.rows.map((row) => {
      const key = keyOf(row.segment, row.stage, row.variant);
      const { visits, customers, share, advanced, lost, returned, open, matureShare } = row;
      return keyOf(key, visits, customers, share, advanced, lost, returned, open, matureShare);
    }),
    loops: loops.rows.map(({ segment, stage, touchpoint, visits, returningVisits, returns, via }) =>
      keyOf(keyOf(segment, stage, touchpoint), visits, returningVisits, returns, via),
    ),
  };
}

test('transitions, variants and loops are those of a plain walk over the paths as of any instant', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  const seen = { transitions: 0, variants: 0, loops: 0 };
  for (let run = 1; run <= runs; run += 1) {
    const drawn = fc.sample(journeyWorlds(), { seed: run, numRuns: 24 });
    const worlds = drawn.filter(({ grid }) => grid.baseIso === drawn[0]?.grid.baseIso);
    const definitions = fc.sample(journeyDefinitions(), { seed: run, numRuns: 20 });
    const journey = definitions.find(({ segments }) => segments.length > 0) as Journey;
    const copies = worlds.flatMap((world, index) => copiesOf(world, `w${index}.`));
    const units = referenceUnitJourneys(journey, copies);
    await insertUnitJourneys(clickhouse, run, units);
    const times = units.flatMap(({ visits }) => visits.map(({ enteredUs }) => enteredUs)).sort((a, b) => a - b);
    const [first = 0, last = 0] = [times[0], times.at(-1)];
    for (const [i, asOf] of [times[Math.floor(times.length / 2)] ?? 0, last, last + 40 * dayUs].entries()) {
      const by = i === 1 ? journey.segments[0] : undefined;
      const count = i === 0 ? ('visits' as const) : ('customers' as const);
      const question = { from: first, to: last + 1, asOf, count, ...(by === undefined ? {} : { by }) };
      const scope = planJourney(question, { derivation: run, journey }, asOf);
      const stage = i === 2 ? 1 : null;
      const asked = { fromUs: first, toUs: last + 1, asOfUs: asOf, count, by: by ?? null };
      const cohort = referenceCohort(journey, copies, asked).filter(
        ({ visit }) => stage === null || visit.stage === stage,
      );
      const expected = {
        transitions: plainTransitions(scope, cohort),
        variants: plainVariants(scope, cohort),
        loops: plainLoops(scope, cohort),
      };
      const rows = await found(clickhouse, scope, stage);
      for (const kind of ['transitions', 'variants', 'loops'] as const) {
        expect(rows[kind].toSorted(), `run ${run}, as of ${asOf}: ${kind}`).toEqual(expected[kind].toSorted());
        seen[kind] += expected[kind].length;
      }
    }
  }
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(runs * 2);
});

describe('rows', () => {
  const journey = storyJourney();
  const unit = (name: string, touchpoints: readonly string[]): UnitJourney => {
    const at = (i: number) => storyHour(i);
    const visit = { cycle: 1, stage: 1, enteredUs: at(0), endedUs: 0, outcome: 'open' as const, next: 0, reason: '' };
    const path = touchpoints.map((touchpoint, i) => ({ atUs: at(i), visit: 1, touchpoint }));
    const visits = [{ ...visit, activeUs: at(touchpoints.length), segments: [] }];
    return { unit: name, anonymous: '', rank: 1n, visits, touches: [], responses: [], path };
  };

  test('are the most frequent ones up to the limit; long ways are cut and say so', async (context) => {
    const clickhouse = await temporaryClickHouse(context);
    const names = Array.from({ length: 22 }, (_, i) => `t${i % 11}`);
    await insertUnitJourneys(clickhouse, 1, [unit('u', names), unit('v', names.slice(0, 21)), unit('w', ['A', 'A'])]);
    const scope = planJourney({ from: storyHour(0), to: storyHour(1) }, { derivation: 1, journey }, storyHour(40));
    const { rows, isTruncated } = await runPathVariants(clickhouse, scope, { stage: null, limit: 1 });
    expect(isTruncated).toBe(true);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ visits: 2, customers: 2, touchpoints: 20, open: 2, matureShare: 1, share: 2 / 3 });
    expect(rows[0]?.variant.endsWith('t8 → …')).toBe(true);
    const all = await runPathVariants(clickhouse, scope, { stage: null, limit: 2 });
    expect([all.rows.at(-1)?.variant, all.rows.at(-1)?.state, all.isTruncated]).toEqual(['A', 'insufficient', false]);
    const loops = await runPathLoops(clickhouse, scope, { stage: null, limit: 1 });
    expect(loops.rows[0]).toMatchObject({ touchpoint: 't0', via: 't10', visits: 2, returningVisits: 2, returns: 2 });
    const steps = await runPathTransitions(clickhouse, scope, { stage: 1, limit: 1 });
    expect(steps.rows[0]).toMatchObject({ stage: 'a', from: 't0', to: 't1', transitions: 4, n: 4, share: 1 });
  });
});
