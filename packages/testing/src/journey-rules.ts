import type { ExitRule, Journey, Rule } from '@michinori/journey';
import { conditionOf, matcherOf } from './funnel-filter.ts';
import { conditionHolds } from './funnel-match.ts';
import type { Moment } from './funnel-timeline.ts';

/** What the rules of a journey say about one moment, whatever the walk has come to. */
export interface Reading {
  /** The latest stage (from 1) with a matching enter rule; 0 for none. */
  readonly level: number;
  /** The reason of the first exit rule that matches; null for no exit. */
  readonly exit: string | null;
  /** The unit's segments at this moment, in the order of the definition. */
  readonly segments: readonly string[];
}

/** Whether a rule matches the moment at `index` of the unit's moments. */
function ruleMatches({ touchpoint, where, count }: Rule, moments: readonly Moment[], index: number): boolean {
  const moment = moments[index];
  const fits = matcherOf(touchpoint, where);
  if (moment === undefined || !fits(moment)) return false;
  if (count === null) return true;
  const earliestUs = count.withinUs === null ? Number.NEGATIVE_INFINITY : moment.occurredAtUs - count.withinUs;
  const fitting = moments.slice(0, index + 1).filter((other) => fits(other) && other.occurredAtUs >= earliestUs);
  return fitting.length >= count.times;
}

function reasonOf({ reason }: ExitRule, moment: Moment): string {
  if (reason === null) return '';
  return 'text' in reason ? reason.text : (moment.properties.get(reason.property) ?? '');
}

function personaOf({ personas }: Journey, moment: Moment): string {
  const persona = personas.find(({ where }) =>
    where.every((condition) => conditionHolds(moment, conditionOf(condition))),
  );
  return persona?.id ?? '';
}

/** The unit's segments at a moment: the last values that any of its events up to and including this one set. */
function segmentsAt(journey: Journey, moments: readonly Moment[], index: number): string[] {
  const past = moments.slice(0, index + 1);
  const traits = new Map(past.flatMap(({ ownTraits }) => [...ownTraits]));
  return journey.segments.map((name) => {
    if (name !== 'persona') return traits.get(name) ?? '';
    return past.slice(-1).map((moment) => personaOf(journey, { ...moment, traits }))[0] ?? '';
  });
}

/** The reading of every moment of a unit, in canonical order. */
export function readingsOf(journey: Journey, moments: readonly Moment[]): Reading[] {
  return moments.map((moment, index) => {
    const exit = journey.exit.find((rule) => ruleMatches(rule, moments, index));
    return {
      level: journey.stages.findLastIndex(({ enter }) => enter.some((rule) => ruleMatches(rule, moments, index))) + 1,
      exit: exit === undefined ? null : reasonOf(exit, moment),
      segments: segmentsAt(journey, moments, index),
    };
  });
}
