import type { Health, HealthRule } from './health.ts';

/** A value in a condition; compared as the text that events store: numbers as JavaScript prints them, `true`, `false`. */
export type ConditionValue = string | number | boolean;

export type ConditionOperator =
  | 'eq'
  | 'neq'
  | 'in'
  | 'not_in'
  | 'contains'
  | 'not_contains'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'set'
  | 'not_set'
  | 'regex';

/**
 * A condition on a subject of an event, with the meaning of the filters of funnels: exactly one of the subjects; a trait's
 * value is the one as of the event; a missing value is `''`.
 */
export interface Condition {
  readonly property?: string | undefined;
  readonly trait?: string | undefined;
  readonly channel?: true | undefined;
  readonly team?: true | undefined;
  readonly account?: true | undefined;
  readonly op: ConditionOperator;
  readonly value?: ConditionValue | readonly ConditionValue[] | undefined;
}

/** What an event has to be like: touchpoint (exact, or prefix ending in `*`) and all conditions. */
export interface Rule {
  readonly touchpoint: string;
  readonly where: readonly Condition[];
  /**
   * The event matches if it is at least the `times`-th event of the unit that fits touchpoint and conditions among those
   * not earlier than `withinUs` before it (inclusive); `withinUs` null: since ever. Null: every fitting event matches.
   */
  readonly count: { readonly times: number; readonly withinUs: number | null } | null;
}

/** An exit ends a visit as lost. The reason: the property of the event, or a fixed text, or `''`. */
export interface ExitRule extends Rule {
  readonly reason: { readonly property: string } | { readonly text: string } | null;
}

export interface Goal {
  readonly metric: 'advanced_rate' | 'drop_off_rate' | 'median_seconds' | 'mean_sentiment' | 'nps';
  readonly atLeast: number | null;
  readonly atMost: number | null;
}

/** Text by language; `en` is shown where the language asked for is missing, else the first one, else the id. */
export type Title = Readonly<Record<string, string>>;

export interface Stage {
  readonly id: string;
  readonly title: Title;
  readonly enter: readonly Rule[];
  /** Touchpoints (exact or prefix) that the map shows even before they have been seen. */
  readonly touchpoints: readonly string[];
  /** Target of the cycle time, µs. */
  readonly expectedUs: number | null;
  /** Silence that means lost, µs. */
  readonly lostAfterUs: number | null;
  /** When the outcome of an entry is judged, µs after it. 30 days where the definition is silent. */
  readonly horizonUs: number;
  readonly goals: readonly Goal[];
  readonly terminal: boolean;
  /** Effort of improving the stage, 1 (easy) … 5 (hard); 3 where the definition is silent. */
  readonly effort: number;
  /** Health rules that count in this stage only. */
  readonly health?: readonly HealthRule[] | undefined;
}

export interface Persona {
  readonly id: string;
  readonly title: Title;
  /** Conditions on traits, all of which hold; the first persona that fits is taken. */
  readonly where: readonly Condition[];
  readonly goal: string | null;
}

/** A checked journey definition. Durations are µs; a day is 86 400 s. */
export interface Journey {
  readonly id: string;
  readonly version: number;
  readonly title: Title;
  readonly unit: 'customer' | 'account';
  readonly timezone: string;
  readonly progress: 'forward' | 'free';
  /** Which events keep a visit alive: all of the unit (the default), or only those that aren't outbound. */
  readonly activity: 'any' | 'inbound';
  readonly personas: readonly Persona[];
  /** Names of traits, and `persona`: what answers can be split by. */
  readonly segments: readonly string[];
  readonly stages: readonly Stage[];
  readonly exit: readonly ExitRule[];
  /** Without it, and without health rules of a stage, customers have no score. */
  readonly health?: Health | undefined;
}
