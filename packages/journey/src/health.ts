import type { Condition, Journey, Title } from './journey.ts';

/** What a health rule asks of a customer as of a moment; windows are the last `withinUs` before it, both ends inclusive. */
export type HealthTest =
  /** No fitting event for longer than `forUs`, nor did the stage (for rules of all stages: the cycle) begin later than that. */
  | { readonly kind: 'idle'; readonly touchpoint: string; readonly where: readonly Condition[]; readonly forUs: number }
  /** The number of fitting events; `withinUs` null: since ever. `atMost` asks only who was there for the whole window. */
  | {
      readonly kind: 'count';
      readonly touchpoint: string;
      readonly where: readonly Condition[];
      readonly withinUs: number | null;
      readonly atLeast: number | null;
      readonly atMost: number | null;
    }
  /**
   * The number of fitting events of the window over that of the window before it (which ends where the other begins). The
   * greater side (`atLeast`: the recent window, `atMost`: the one before) has `minimum` events, else the rule doesn't hold.
   */
  | {
      readonly kind: 'trend';
      readonly touchpoint: string;
      readonly where: readonly Condition[];
      readonly withinUs: number;
      readonly atLeast: number | null;
      readonly atMost: number | null;
      readonly minimum: number;
    }
  /** The mean sentiment of the fitting events that carry one, if there are `minimum` of them. */
  | {
      readonly kind: 'sentiment';
      readonly touchpoint: string;
      readonly where: readonly Condition[];
      readonly withinUs: number;
      readonly atLeast: number | null;
      readonly atMost: number | null;
      readonly minimum: number;
    }
  /** The class of the latest response, if it isn't older than `withinUs` (null: however old). */
  | { readonly kind: 'nps'; readonly class: 'promoter' | 'passive' | 'detractor'; readonly withinUs: number | null }
  /** In the stage for longer than this share of its customers needed to advance. */
  | { readonly kind: 'stalled'; readonly quantile: 0.5 | 0.75 | 0.9 };

/** Points for a customer while the test holds. `id` names the rule in ledgers, for ever. */
export interface HealthRule {
  readonly id: string;
  readonly title: Title;
  readonly points: number;
  readonly test: HealthTest;
}

export const healthSignals = ['churn', 'expansion', 'golden_time'] as const;
export type HealthSignal = (typeof healthSignals)[number];

/** What is done when a signal is raised: a message to a webhook channel of the configuration, a task, or both. */
export interface HealthAction {
  readonly signal: HealthSignal;
  /** Name of the channel. */
  readonly webhook: string | null;
  /** `dueUs` after the signal; `text` by language, with the placeholders of {@link taskPlaceholders}. */
  readonly task: { readonly owner: string; readonly dueUs: number; readonly text: Title } | null;
}

export const taskPlaceholders = ['customer', 'journey', 'stage', 'score', 'rules'] as const;

export interface HealthThresholds {
  /** Raised below `below`, cleared above `below + margin`. */
  readonly churn: { readonly below: number; readonly margin: number };
  /** Raised above `above`, cleared below `above − margin`. */
  readonly expansion: { readonly above: number; readonly margin: number };
}

/** Health of the customers of a journey: what is scored in every stage, and what follows from it. */
export interface Health extends HealthThresholds {
  /** Points of a customer for whom no rule holds. */
  readonly start: number;
  /** Rules of all stages; those of one stage stand there. */
  readonly rules: readonly HealthRule[];
  /** Recent sentiment above the stage's mean, and one of the touchpoints reached, both within `withinUs`. */
  readonly goldenTime: { readonly milestones: readonly string[]; readonly withinUs: number } | null;
  readonly actions: readonly HealthAction[];
}

/** A rule as it counts in a stage: `scope` is what an idle time can begin with. */
export interface ScopedHealthRule extends HealthRule {
  readonly scope: 'stage' | 'journey';
}

export const healthDefault: Health = {
  start: 60,
  churn: { below: 40, margin: 5 },
  expansion: { above: 85, margin: 5 },
  rules: [],
  goldenTime: null,
  actions: [],
};

/**
 * The health rules that count in a stage: those of all stages, in whose place rules of the stage with the same id stand, then
 * the other rules of the stage. None if the journey has no stage of this id.
 */
export function healthRulesOf({ health, stages }: Journey, stageId: string): ScopedHealthRule[] {
  const stage = stages.find(({ id }) => id === stageId);
  if (stage === undefined) return [];
  const own = new Map((stage.health ?? []).map((rule) => [rule.id, { ...rule, scope: 'stage' as const }]));
  const common = health?.rules ?? [];
  const names = new Set(common.map(({ id }) => id));
  return [
    ...common.map((rule) => own.get(rule.id) ?? { ...rule, scope: 'journey' as const }),
    ...[...own.values()].filter(({ id }) => !names.has(id)),
  ];
}

/** The health of a journey, the default one if only stages have rules; null if nothing is scored. */
export function healthOf({ health, stages }: Journey): Health | null {
  if (health !== undefined) return health;
  return stages.some((stage) => stage.health !== undefined) ? healthDefault : null;
}
