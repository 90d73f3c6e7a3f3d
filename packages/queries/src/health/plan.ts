import {
  type Condition,
  type Health,
  type HealthTest,
  healthOf,
  healthRulesOf,
  type Journey,
} from '@michinori/journey';
import { conditionFilter } from '../derive/plan.ts';
import { type Filter, filterSubject, type Subject } from '../funnel/filter.ts';
import { isAsOf } from '../funnel/sql-source.ts';

/** Events that a rule looks at: touchpoints and conditions. Rules of the same events share one. */
export interface FactMatcher {
  readonly patterns: readonly string[];
  /** Conditions that the event's own row answers. */
  readonly own: readonly Filter[];
  /** Conditions on what earlier events have set. */
  readonly asOf: readonly Filter[];
}

/** A test of the definition that numbers are asked for; those of the same test share them. `matcher` counts from 0. */
export type PlannedTest =
  | { readonly test: Extract<HealthTest, { where: unknown }>; readonly matcher: number }
  | { readonly test: Extract<HealthTest, { kind: 'nps' }>; readonly matcher: null };

/** Health of a journey, decided: what is read of the events, and where each rule finds its numbers. */
export interface FactsPlan {
  readonly journey: Journey;
  readonly asOfUs: number;
  readonly matchers: readonly FactMatcher[];
  readonly tests: readonly PlannedTest[];
  /** Matcher of the milestones of golden time. */
  readonly golden: { readonly definition: NonNullable<Health['goldenTime']>; readonly matcher: number } | null;
  /** Traits and the account that conditions look at, as of each event. */
  readonly carried: readonly Subject[];
  /** Index into `tests` of a test; −1 for `stalled`, which no event answers. */
  placeOf(test: HealthTest): number;
}

/** Responses are all alike, whatever the window: their fact is the latest one. */
function testKey(test: HealthTest): string {
  return test.kind === 'nps' ? 'nps' : JSON.stringify(test);
}

function subjectKey(subject: Subject): string {
  return JSON.stringify(subject);
}

/** Decides which facts a journey needs as of an instant; nothing of it depends on the units. */
export function planFacts(journey: Journey, asOfUs: number): FactsPlan {
  const matchers: FactMatcher[] = [];
  const matcherPlaces = new Map<string, number>();
  const matcherOf = (patterns: readonly string[], where: readonly Condition[]): number => {
    const key = JSON.stringify([patterns, where]);
    const known = matcherPlaces.get(key);
    if (known !== undefined) return known;
    const filters = where.map(conditionFilter);
    const isLater = (filter: Filter) => isAsOf(filterSubject(filter));
    matchers.push({ patterns, own: filters.filter((each) => !isLater(each)), asOf: filters.filter(isLater) });
    matcherPlaces.set(key, matchers.length - 1);
    return matchers.length - 1;
  };
  const tests: PlannedTest[] = [];
  const places = new Map<string, number>();
  for (const { test } of journey.stages.flatMap(({ id }) => healthRulesOf(journey, id))) {
    if (test.kind === 'stalled' || places.has(testKey(test))) continue;
    places.set(testKey(test), tests.length);
    tests.push(
      test.kind === 'nps' ? { test, matcher: null } : { test, matcher: matcherOf([test.touchpoint], test.where) },
    );
  }
  const definition = healthOf(journey)?.goldenTime ?? null;
  const golden = definition && { definition, matcher: matcherOf(definition.milestones, []) };
  const subjects = matchers.flatMap(({ asOf }) => asOf.map(filterSubject));
  if (journey.unit === 'account') subjects.push({ kind: 'account' });
  const carried = [...new Map(subjects.map((subject) => [subjectKey(subject), subject])).values()];
  return { journey, asOfUs, matchers, tests, golden, carried, placeOf: (test) => places.get(testKey(test)) ?? -1 };
}

/** Place of a subject among those that are carried; they have it. */
export function carriedPlace({ carried }: FactsPlan, subject: Subject): number {
  return carried.findIndex((other) => subjectKey(other) === subjectKey(subject));
}
