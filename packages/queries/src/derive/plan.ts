import type { Condition, Journey, Rule } from '@michinori/journey';
import { type Filter, filterSubject, type Subject } from '../funnel/filter.ts';
import { isAsOf } from '../funnel/sql-source.ts';

/** A rule of the journey, and what its match means: reaching a stage, or the exit of that number (both from 1). */
export interface PlannedRule {
  readonly target: 'stage' | 'exit';
  readonly number: number;
  readonly touchpoint: string;
  /** Conditions that the event's own row answers. */
  readonly own: readonly Filter[];
  /** Conditions on what earlier events have set. */
  readonly asOf: readonly Filter[];
  readonly count: Rule['count'];
}

/** A journey, decided: everything that shapes the SQL of the walk, and the values that are bound to it. */
export interface DerivePlan {
  readonly id: number;
  readonly journey: Journey;
  /** Rules that one row answers alone. */
  readonly plain: readonly PlannedRule[];
  /** Rules with a count or a condition as of the event; each has an array of its own. */
  readonly later: readonly PlannedRule[];
  /** Traits that rules, segments or personas look at. */
  readonly traits: readonly string[];
  /** Whether the account in force at an event is needed. */
  readonly withAccounts: boolean;
  /** Properties that are reasons of exits. */
  readonly reasons: readonly string[];
}

/** A condition of a journey as the filter that funnels use. */
export function conditionFilter({ value, ...rest }: Condition): Filter {
  if (value === undefined) return rest;
  return { ...rest, value: typeof value === 'object' ? [...value] : value };
}

function plannedRule(target: PlannedRule['target'], number: number, rule: Rule): PlannedRule {
  const filters = rule.where.map(conditionFilter);
  return {
    target,
    number,
    touchpoint: rule.touchpoint,
    own: filters.filter((filter) => !isAsOf(filterSubject(filter))),
    asOf: filters.filter((filter) => isAsOf(filterSubject(filter))),
    count: rule.count,
  };
}

function traitNames(subjects: readonly Subject[]): readonly string[] {
  return subjects.flatMap((subject) => (subject.kind === 'trait' ? [subject.name] : []));
}

/** Decides a derivation. */
export function planDerivation({ id, journey }: { readonly id: number; readonly journey: Journey }): DerivePlan {
  const rules = [
    ...journey.stages.flatMap(({ enter }, i) => enter.map((rule) => plannedRule('stage', i + 1, rule))),
    ...journey.exit.map((rule, i) => plannedRule('exit', i + 1, rule)),
  ];
  const isPlain = ({ count, asOf }: PlannedRule) => count === null && asOf.length === 0;
  const subjects = rules.flatMap(({ asOf }) => asOf.map(filterSubject));
  const personas = journey.segments.includes('persona') ? journey.personas : [];
  const traits = [
    ...traitNames(subjects),
    ...journey.segments.filter((name) => name !== 'persona'),
    ...traitNames(personas.flatMap(({ where }) => where.map(conditionFilter).map(filterSubject))),
  ];
  const reasons = journey.exit.flatMap(({ reason }) =>
    reason !== null && 'property' in reason ? [reason.property] : [],
  );
  return {
    id,
    journey,
    plain: rules.filter(isPlain),
    later: rules.filter((rule) => !isPlain(rule)),
    traits: [...new Set(traits)],
    withAccounts: journey.unit === 'account' || subjects.some(({ kind }) => kind === 'account'),
    reasons: [...new Set(reasons)],
  };
}
