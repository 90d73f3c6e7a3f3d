/** A version of a journey that somebody applied. `source`: the YAML text of this one journey, as `@michinori/journey` reads it. */
export interface JourneyDefinition {
  readonly kind: 'journey';
  readonly journey: string;
  /** 1 … 2^32 − 1. */
  readonly version: number;
  readonly source: string;
  readonly appliedAtUs: number;
  readonly appliedBy: string;
}

/** What was changed, where and when, so that its effect can be measured. A later record of the same id replaces the earlier one. */
export interface ImprovementDefinition {
  readonly kind: 'improvement';
  readonly id: string;
  readonly journey: string;
  /** `''`: all stages. */
  readonly stage: string;
  readonly title: string;
  readonly atUs: number;
  /** Whom it was tried on; null: everybody. A value may be `''`: without the trait. */
  readonly segment: ImprovementSegment | null;
  readonly owner: string;
  readonly hypothesis: string;
  readonly dueUs: number | null;
  readonly recordedAtUs: number;
  readonly recordedBy: string;
}

export interface ImprovementSegment {
  readonly name: string;
  readonly values: readonly string[];
}

/** A request to derive a journey (null: every journey) anew from the events. */
export interface RebuildDefinition {
  readonly kind: 'rebuild';
  readonly journey: string | null;
  readonly requestedAtUs: number;
  readonly requestedBy: string;
}

/** A rule of alerts was applied, or taken away. A later record of the same alert replaces the earlier one. */
export interface AlertRuleDefinition {
  readonly kind: 'alert-rule';
  /** Id of the rule. */
  readonly alert: string;
  /** The YAML text of this one rule, as `@michinori/alerts` reads it; null: the rule is gone. */
  readonly source: string | null;
  readonly changedAtUs: number;
  readonly changedBy: string;
}

/** What people decide, as opposed to events, which happen. Times are integer microseconds since 1970-01-01T00:00:00Z. */
export type Definition = JourneyDefinition | ImprovementDefinition | RebuildDefinition | AlertRuleDefinition;

/**
 * The log's topic of definitions, without the deployment's prefix. One partition, because their order counts; nothing of it is ever
 * removed by age or size, because everything else is derived from it.
 */
export const definitionsTopic = 'definitions';

/** Settings of the log's topics that differ from the deployment's, as `openEmbeddedLog` takes them. */
export const topicSettings = { [definitionsTopic]: { partitions: 1, isKept: true } } as const;

/** The log key of a definition: what it is about. */
export function definitionKey(definition: Definition): string {
  return definition.kind === 'alert-rule' ? definition.alert : (definition.journey ?? '');
}
