import type { HealthRule, Journey } from '@michinori/journey';
import { type PointSuggestion, type ScoredCustomer, type SuggestedPoints, suggestPoints } from '@michinori/statistics';
import type { JudgedScores } from './judged-scores.ts';

/** What a rule's points could be by what happened; see `docs/track-record.md`. */
export interface SuggestionRow {
  readonly rule: string;
  /** The stage whose own rule it is; null: one of the journey. */
  readonly stage: string | null;
  /** As the definition has them. */
  readonly points: number;
  readonly suggested: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly held: number;
  readonly heldLost: number;
  /** Why there is a suggestion, or none: of the rule, or of all (`too_few_losses`, …). */
  readonly state: PointSuggestion['state'] | Exclude<SuggestedPoints['outcome'], 'suggested'>;
  /** The rule that held for the very same units. */
  readonly sameAs: string | null;
  readonly units: number;
  readonly losses: number;
}

interface ScopedRule {
  readonly key: string;
  readonly rule: HealthRule;
  readonly stage: string | null;
}

const stageKey = (stage: string): string => JSON.stringify([stage]);
const ruleKey = (stage: string | null, rule: string): string => JSON.stringify([stage, rule]);

function rulesOf({ health, stages }: Journey): ScopedRule[] {
  const common = (health?.rules ?? []).map((rule) => ({ key: ruleKey(null, rule.id), rule, stage: null }));
  const own = stages.flatMap((stage) =>
    (stage.health ?? []).map((rule) => ({ key: ruleKey(stage.id, rule.id), rule, stage: stage.id })),
  );
  return [...common, ...own];
}

/** Units as a regression takes them: the rules that held, and the stage, because stages lose differently whatever rules say. */
function customersOf(journey: Journey, judged: readonly JudgedScores[]): ScoredCustomer[] {
  const own = new Map(journey.stages.map(({ id, health }) => [id, new Set((health ?? []).map((rule) => rule.id))]));
  return judged.flatMap(({ stage, rules, lost, units }) => {
    const held = rules.map((rule) => ruleKey(own.get(stage)?.has(rule) ? stage : null, rule));
    const customer = { rules: [stageKey(stage), ...held], lost };
    return Array.from({ length: units }, () => customer);
  });
}

/** Stages to tell apart: all but the largest, which the others are compared with. */
function stageKeys(judged: readonly JudgedScores[]): string[] {
  const sizes = new Map<string, number>();
  for (const { stage, units } of judged) sizes.set(stage, (sizes.get(stage) ?? 0) + units);
  const bySize = [...sizes].sort(([a, sizeA], [b, sizeB]) => sizeB - sizeA || (a < b ? -1 : 1));
  return bySize.slice(1).map(([stage]) => stageKey(stage));
}

/**
 * Points that follow from what happened after one evaluation: a logistic regression of being lost on the rules that held and the stage
 * (`suggestPoints` of `@michinori/statistics`: ten points halve the odds). For people to think about, never applied. Pure.
 */
export function suggestionRows(journey: Journey, judged: readonly JudgedScores[]): SuggestionRow[] {
  const rules = rulesOf(journey);
  const keys = rules.map(({ key }) => key);
  const customers = customersOf(journey, judged);
  const result = suggestPoints(customers, [...stageKeys(judged), ...keys]);
  return rules.map(({ key, rule, stage }) => {
    const head = { rule: rule.id, stage, points: rule.points };
    const counts = { units: result.customers, losses: result.losses };
    if (result.outcome !== 'suggested') {
      const holding = customers.filter((customer) => customer.rules.includes(key));
      const held = { held: holding.length, heldLost: holding.filter(({ lost }) => lost).length };
      return { ...head, suggested: null, lo: null, hi: null, ...held, state: result.outcome, sameAs: null, ...counts };
    }
    const own = result.rules.find((each) => each.rule === key);
    return {
      ...head,
      ...{ suggested: own?.points ?? null, lo: own?.lo ?? null, hi: own?.hi ?? null },
      ...{ held: own?.held ?? 0, heldLost: own?.heldLost ?? 0, state: own?.state ?? ('insufficient' as const) },
      sameAs: nameOf(own?.sameAs ?? null),
      ...counts,
    };
  });
}

/** The stage, or the rule, of a key. */
function nameOf(key: string | null): string | null {
  if (key === null) return null;
  const parts = JSON.parse(key) as (string | null)[];
  return parts.at(-1) ?? null;
}
