import { type HealthTest, healthDefault, healthOf, healthRulesOf, type Journey } from '@michinori/journey';
import { matcherOf } from './funnel-filter.ts';
import type { EventCopy } from './funnel-timeline.ts';
import { type PresentUnit, presentUnits, stageMeans, stalledSeconds } from './health-facts.ts';

/** A score and what it is made of, by the definition: the points of rules by id. */
export interface ReferenceScore {
  readonly customer: string;
  readonly stage: string;
  readonly score: number;
  readonly points: Readonly<Record<string, number>>;
  readonly isGolden: boolean;
}

const NEARLY = 1e-9;

/** Whether a test holds, read off the events themselves. */
function holds(
  test: HealthTest,
  sinceUs: number,
  { moments, stage, enteredUs }: PresentUnit,
  asOfUs: number,
  stalled: (stage: string, quantile: number) => number | null,
): boolean {
  const ago = (occurredAtUs: number): number => asOfUs - occurredAtUs;
  switch (test.kind) {
    case 'idle': {
      const isFitting = matcherOf(test.touchpoint, test.where);
      return ago(sinceUs) > test.forUs && !moments.some((m) => isFitting(m) && ago(m.occurredAtUs) <= test.forUs);
    }
    case 'count': {
      const withinUs = test.withinUs ?? Number.POSITIVE_INFINITY;
      const isFitting = matcherOf(test.touchpoint, test.where);
      const count = moments.filter((m) => isFitting(m) && ago(m.occurredAtUs) <= withinUs).length;
      const isNew = test.withinUs !== null && ago(sinceUs) < test.withinUs;
      if (test.atMost !== null && (isNew || count > test.atMost)) return false;
      return test.atLeast === null || count >= test.atLeast;
    }
    case 'trend': {
      const isFitting = matcherOf(test.touchpoint, test.where);
      const times = moments.filter(isFitting).map((m) => ago(m.occurredAtUs));
      const recent = times.filter((us) => us <= test.withinUs).length;
      const before = times.filter((us) => us > test.withinUs && us <= 2 * test.withinUs).length;
      if (test.atLeast !== null) return recent >= test.minimum && recent + NEARLY >= test.atLeast * before;
      return before >= test.minimum && recent - NEARLY <= (test.atMost ?? 0) * before;
    }
    case 'sentiment': {
      const isFitting = matcherOf(test.touchpoint, test.where);
      const felt = moments
        .filter((m) => isFitting(m) && ago(m.occurredAtUs) <= test.withinUs)
        .flatMap(({ sentiment }) => (sentiment === null ? [] : [sentiment]));
      if (felt.length < test.minimum) return false;
      const mean = felt.reduce((sum, value) => sum + value, 0) / felt.length;
      return mean + NEARLY >= (test.atLeast ?? -1) && mean - NEARLY <= (test.atMost ?? 1);
    }
    case 'nps': {
      const latest = moments.findLast(({ nps }) => nps !== null);
      if (latest?.nps == null || ago(latest.occurredAtUs) > (test.withinUs ?? Number.POSITIVE_INFINITY)) return false;
      if (latest.nps >= 9) return test.class === 'promoter';
      return test.class === (latest.nps >= 7 ? 'passive' : 'detractor');
    }
    case 'stalled': {
      const beyond = stalled(stage, test.quantile);
      return beyond !== null && ago(enteredUs) / 1e6 > beyond;
    }
  }
}

/**
 * Scores straight from deliveries in any order, by unit name, without facts in between. Slow. `advancedMin` as in
 * `referenceHealthFacts`.
 */
export function referenceHealthScores(
  journey: Journey,
  copies: readonly EventCopy[],
  asOfUs: number,
  advancedMin?: number,
): ReferenceScore[] {
  const stalled = stalledSeconds(journey, copies, asOfUs, advancedMin);
  const meanIn = stageMeans(journey, copies, asOfUs);
  const { start, goldenTime } = healthOf(journey) ?? healthDefault;
  return presentUnits(journey, copies, asOfUs).map((unit) => {
    const points: Record<string, number> = {};
    for (const { id, test, points: given, scope } of healthRulesOf(journey, unit.stage)) {
      const sinceUs = scope === 'stage' ? unit.enteredUs : unit.cycleUs;
      if (holds(test, sinceUs, unit, asOfUs, stalled)) points[id] = given;
    }
    const sum = Object.values(points).reduce((total, given) => total + given, start);
    let isGolden = false;
    if (goldenTime !== null) {
      const recent = unit.moments.filter(({ occurredAtUs }) => asOfUs - occurredAtUs <= goldenTime.withinUs);
      const felt = recent.flatMap(({ sentiment }) => (sentiment === null ? [] : [sentiment]));
      const mean = felt.reduce((total, value) => total + value, 0) / felt.length;
      const usual = meanIn(unit.stage);
      isGolden = usual !== null && mean > usual && recent.some(matcherOf(goldenTime.milestones, []));
    }
    return { customer: unit.name, stage: unit.stage, score: Math.max(0, Math.min(100, sum)), points, isGolden };
  });
}
