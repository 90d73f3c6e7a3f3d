import type { CustomerFacts, GoldenFact, RuleFact } from '@michinori/health';
import { type HealthTest, healthOf, healthRulesOf, type Journey } from '@michinori/journey';
import { advanceQuantile, riskTable } from '@michinori/statistics';
import { matcherOf } from './funnel-filter.ts';
import { type EventCopy, type Moment, type Timeline, timelinesOf } from './funnel-timeline.ts';
import { referenceUnitsAsOf, type VisitAsOf } from './journey-as-of.ts';
import { responsesOf } from './journey-details.ts';
import { unitName } from './journey-reference.ts';
import { walk } from './journey-walk.ts';

/** A unit in a stage as of an instant: its events up to then, its open visit, and where its cycle began. */
export interface PresentUnit {
  readonly name: string;
  readonly moments: readonly Moment[];
  readonly stage: string;
  readonly enteredUs: number;
  readonly cycleUs: number;
}

/** Events up to an instant; who is who is what all events say, as for the visits. */
function timelines({ unit }: Journey, copies: readonly EventCopy[], asOfUs: number): Timeline[] {
  return timelinesOf(copies, unit, asOfUs, Number.POSITIVE_INFINITY);
}

/** The units with an open visit as of an instant, by name. */
export function presentUnits(journey: Journey, copies: readonly EventCopy[], asOfUs: number): PresentUnit[] {
  const moments = new Map(timelines(journey, copies, asOfUs).map((each) => [each.unit, each.moments]));
  return referenceUnitsAsOf(journey, copies, asOfUs).flatMap((unit) => {
    const open = unit.visits.at(-1);
    if (open?.outcome !== 'open') return [];
    const name = unitName(unit);
    const first = unit.visits.find(({ cycle }) => cycle === open.cycle) ?? open;
    const stage = journey.stages[open.stage - 1]?.id ?? '';
    return [{ name, moments: moments.get(name) ?? [], stage, enteredUs: open.enteredUs, cycleUs: first.enteredUs }];
  });
}

/** Seconds after which the share of those who advance from each stage (by id) have advanced; null: not known. */
export function stalledSeconds(
  journey: Journey,
  copies: readonly EventCopy[],
  asOfUs: number,
  advancedMin?: number,
): (stage: string, quantile: number) => number | null {
  const visits = referenceUnitsAsOf(journey, copies, asOfUs).flatMap((unit) => unit.visits);
  return (stage, quantile) => {
    const own = visits.filter((visit) => journey.stages[visit.stage - 1]?.id === stage);
    return advanceQuantile(riskTable(own.map((visit) => durationOf(visit, asOfUs))), quantile, advancedMin);
  };
}

function durationOf({ enteredUs, endedUs, outcome }: VisitAsOf, asOfUs: number) {
  if (outcome === 'open') return { seconds: (asOfUs - enteredUs) / 1e6, outcome: 'open' as const };
  return {
    seconds: (endedUs - enteredUs) / 1e6,
    outcome: outcome === 'advanced' ? ('advanced' as const) : ('lost' as const),
  };
}

/** Mean sentiment in each stage (by id) as of an instant, customer means first; null without any. */
export function stageMeans(
  journey: Journey,
  copies: readonly EventCopy[],
  asOfUs: number,
): (stage: string) => number | null {
  const said = timelines(journey, copies, asOfUs).flatMap(({ moments }) => {
    const { visits, placed } = walk(journey, moments);
    return responsesOf(placed)
      .filter(({ visit, sentiment }) => visit > 0 && sentiment !== 2)
      .map(({ visit, customer, sentiment }) => ({ stage: visits[visit - 1]?.stage ?? 0, customer, sentiment }));
  });
  return (stage) => {
    const bySomebody = new Map<string, number[]>();
    for (const { stage: number, customer, sentiment } of said) {
      if (journey.stages[number - 1]?.id !== stage) continue;
      bySomebody.set(customer, [...(bySomebody.get(customer) ?? []), sentiment]);
    }
    const means = [...bySomebody].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, values]) => meanOf(values));
    return means.length === 0 ? null : meanOf(means);
  };
}

function meanOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b).reduce((sum, value) => sum + value, 0) / values.length;
}

function sumMillionths(moments: readonly Moment[]): number {
  return moments.reduce((sum, { sentiment }) => sum + Math.round((sentiment ?? 0) * 1e6), 0);
}

function factOf(
  test: HealthTest,
  { moments, stage }: PresentUnit,
  asOfUs: number,
  stalled: (stage: string, quantile: number) => number | null,
): RuleFact {
  if (test.kind === 'stalled') return { kind: 'stalled', beyondSeconds: stalled(stage, test.quantile) };
  if (test.kind === 'nps') {
    const latest = moments.findLast(({ nps }) => nps !== null);
    return { kind: 'nps', score: latest?.nps ?? null, atUs: latest?.occurredAtUs ?? null };
  }
  const fitting = moments.filter(matcherOf(test.touchpoint, test.where));
  if (test.kind === 'idle') return { kind: 'idle', lastUs: fitting.at(-1)?.occurredAtUs ?? null };
  const fromUs = test.withinUs === null ? Number.NEGATIVE_INFINITY : asOfUs - test.withinUs;
  const inside = fitting.filter(({ occurredAtUs }) => occurredAtUs >= fromUs);
  if (test.kind === 'count') return { kind: 'count', count: inside.length };
  if (test.kind === 'trend') {
    const earlierUs = asOfUs - 2 * test.withinUs;
    const before = fitting.filter(({ occurredAtUs }) => occurredAtUs >= earlierUs && occurredAtUs < fromUs);
    return { kind: 'trend', recent: inside.length, before: before.length };
  }
  const felt = inside.filter(({ sentiment }) => sentiment !== null);
  return { kind: 'sentiment', n: felt.length, sumMillionths: sumMillionths(felt) };
}

/**
 * The facts of all units that stand in a stage as of an instant, by unit name: what an SQL evaluation has to deliver. Slow.
 * `advancedMin`: the fewest advances that say when somebody is stalled (30 as in `advanceQuantile`).
 */
export function referenceHealthFacts(
  journey: Journey,
  copies: readonly EventCopy[],
  asOfUs: number,
  advancedMin?: number,
): CustomerFacts[] {
  const stalled = stalledSeconds(journey, copies, asOfUs, advancedMin);
  const meanIn = stageMeans(journey, copies, asOfUs);
  const definition = healthOf(journey)?.goldenTime ?? null;
  return presentUnits(journey, copies, asOfUs).map((unit) => {
    const { name: customer, stage, enteredUs, cycleUs, moments } = unit;
    const rules = new Map(
      healthRulesOf(journey, stage).map(({ id, test }) => [id, factOf(test, unit, asOfUs, stalled)]),
    );
    if (definition === null) return { customer, stage, enteredUs, cycleUs, rules, golden: null };
    const fromUs = asOfUs - definition.withinUs;
    const felt = moments.filter(({ sentiment, occurredAtUs }) => sentiment !== null && occurredAtUs >= fromUs);
    const golden: GoldenFact = {
      n: felt.length,
      sumMillionths: sumMillionths(felt),
      stageMean: meanIn(stage),
      milestoneUs: moments.findLast(matcherOf(definition.milestones, []))?.occurredAtUs ?? null,
    };
    return { customer, stage, enteredUs, cycleUs, rules, golden };
  });
}
