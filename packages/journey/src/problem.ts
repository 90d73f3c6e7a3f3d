/** What can be wrong with a definition. Codes are never renamed. See docs/errors.md. */
export const problemCodes = [
  'source_too_large',
  'no_journey',
  'yaml_syntax',
  'yaml_tab',
  'yaml_too_deep',
  'yaml_alias',
  'yaml_tag',
  'duplicate_key',
  'unknown_key',
  'missing_key',
  'wrong_type',
  'missing_value',
  'ambiguous_value',
  'empty_text',
  'empty_list',
  'text_too_long',
  'text_not_storable',
  'too_many',
  'number_out_of_range',
  'unknown_value',
  'unknown_timezone',
  'invalid_id',
  'invalid_language',
  'invalid_duration',
  'invalid_touchpoint',
  'invalid_segment',
  'unknown_operator',
  'condition_subject',
  'condition_operator',
  'condition_value',
  'invalid_regex',
  'within_without_count',
  'goal_without_bound',
  'duplicate_id',
  'duplicate_value',
  'stage_without_rule',
  'conditions_contradict',
  'rule_shadowed',
  'terminal_not_last',
  'terminal_with_lost_after',
  'exit_overlaps_enter',
  'exit_overlaps_exit',
  'persona_without_personas',
  'health_rule_kind',
  'health_bound',
  'thresholds_overlap',
  'start_signals',
  'terminal_with_health',
  'action_without_effect',
  'unknown_placeholder',
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** One fault of a definition and where it stands. */
export interface Problem {
  readonly code: ProblemCode;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** Path inside the document, like `stages[1].enter[0].within`; `''` for the document itself. */
  readonly key: string;
  readonly message: string;
  /** What was probably meant, ready to be put in its place; null if nothing is near. */
  readonly suggestion: string | null;
}

/** A place in a source that a problem can point to. */
export interface Place {
  readonly key: string;
  /** Offset in the text. */
  readonly offset: number;
}

/** Takes down one problem. */
export type Report = (code: ProblemCode, at: Place, message: string, suggestion?: string | null) => void;

/** One line for people: `file:line:column: message`. */
export function problemText({ file, line, column, key, message, suggestion }: Omit<Problem, 'code'>): string {
  const where = key === '' ? '' : `${key}: `;
  const hint = suggestion === null ? '' : ` Did you mean ${suggestion}?`;
  return `${file}:${line}:${column}: ${where}${message}.${hint}`;
}
