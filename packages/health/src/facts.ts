/**
 * What a rule is judged by: numbers about one unit, from its events up to and including the moment of the evaluation, copies
 * dropped. A window of length w at asOf holds the events with asOf − w ≤ occurredAt ≤ asOf. Everything is a whole number, so
 * that facts don't depend on the order in which events were added up. `touchpoint` and `where` are those of the rule.
 */
export type RuleFact =
  /** When the latest fitting event occurred, µs; null: never. */
  | { readonly kind: 'idle'; readonly lastUs: number | null }
  /** Fitting events in the window (`withinUs` null: all). */
  | { readonly kind: 'count'; readonly count: number }
  /** Fitting events in the window, and in asOf − 2w ≤ occurredAt < asOf − w. */
  | { readonly kind: 'trend'; readonly recent: number; readonly before: number }
  /** Fitting events in the window that carry a sentiment, and the sum of their sentiments, each rounded to millionths. */
  | { readonly kind: 'sentiment'; readonly n: number; readonly sumMillionths: number }
  /** The latest event with an NPS, in the order of the timeline; nulls: none. */
  | { readonly kind: 'nps'; readonly score: number | null; readonly atUs: number | null }
  /**
   * Seconds after which the rule's share of those who advance from the stage have done so (`advanceQuantile` over all visits
   * to the stage as of the moment); the same for all units in a stage; null where that isn't known.
   */
  | { readonly kind: 'stalled'; readonly beyondSeconds: number | null };

/** What golden time is judged by. The window is that of the definition, ends included as above. */
export interface GoldenFact {
  /** Events of the window that carry a sentiment, and the sum of those sentiments, each rounded to millionths. */
  readonly n: number;
  readonly sumMillionths: number;
  /** Mean sentiment of the stage, customer means first; null without any. The same for all units in a stage. */
  readonly stageMean: number | null;
  /** When a milestone was last reached, µs, however long ago; null: never. */
  readonly milestoneUs: number | null;
}

/** One unit with an open visit as of the moment of the evaluation. Units without one have no facts and no score. */
export interface CustomerFacts {
  /** Name of the unit: customer or account. */
  readonly customer: string;
  /** Id of the stage of the open visit. */
  readonly stage: string;
  /** When the open visit began, µs. */
  readonly enteredUs: number;
  /** When the first visit of its cycle began, µs. */
  readonly cycleUs: number;
  /** By rule id: one for each of `healthRulesOf(journey, stage)`, of the rule's kind. */
  readonly rules: ReadonlyMap<string, RuleFact>;
  /** Null if the definition has no golden time. */
  readonly golden: GoldenFact | null;
}
