import type { AlertRow, RuleState, Transition } from '@michinori/alerts';
import type { Notice } from './tell.ts';

/** A rule as it is kept. */
export interface StoredRule {
  readonly alert: string;
  /** YAML text of the one rule. */
  readonly source: string;
  readonly origin: 'file' | 'api';
  /** The file, or who sent it. */
  readonly changedBy: string;
}

/** A change of a rule of a file; `source` null takes it away. */
export interface RuleChange {
  readonly alert: string;
  readonly source: string | null;
  /** The file. */
  readonly changedBy: string;
}

/** What is remembered of a rule after an evaluation. */
export interface Remembered {
  readonly state: RuleState;
  /** Which channels heard that an episode fires, by its id: they hear of its end. */
  readonly told: Readonly<Record<string, readonly string[]>>;
}

/** One evaluation of a rule with everything that follows from it, written as a whole. */
export interface EvaluationRecord {
  readonly alert: string;
  readonly evaluatedUs: number;
  readonly journey: string;
  /** The rule as it was evaluated. */
  readonly source: string;
  readonly remembered: Remembered;
  readonly transitions: readonly Transition[];
  readonly notices: readonly Notice[];
  /** For lists. */
  readonly rows: readonly AlertRow[];
}

/** The newest evaluation of a rule, as far as the next one needs it. */
export type LastEvaluation = Pick<EvaluationRecord, 'alert' | 'evaluatedUs' | 'source' | 'remembered'>;

/** What may not have reached the outbox. */
export type Untold = Pick<EvaluationRecord, 'alert' | 'evaluatedUs' | 'notices'>;

/**
 * Where rules and what became of them are kept. Rejections are errors of the store: what was to be written may be there or not, so read
 * again before going on.
 */
export interface RuleStore {
  /** Rules as they were changed last, without those that were taken away, by id. One of a file hides one that came through the log. */
  rules(): Promise<readonly StoredRule[]>;
  /** Appends changes of rules of files as of `nowUs`; durable when it resolves. */
  change(changes: readonly RuleChange[], nowUs: number): Promise<void>;
  lastEvaluations(): Promise<readonly LastEvaluation[]>;
  /** In the order of the evaluations. */
  untold(): Promise<readonly Untold[]>;
  /** Appends an evaluation; durable when it resolves. */
  append(record: EvaluationRecord): Promise<void>;
  /** Notes that the outbox has the notices of a record. */
  markTold(record: Untold): Promise<void>;
}
