import type { Problem } from '@michinori/journey';

/** What can be wrong with rules. Codes are never renamed. See docs/errors.md. */
export const ruleProblemCodes = [
  'source_too_large',
  'no_rule',
  'yaml_syntax',
  'yaml_tab',
  'yaml_too_deep',
  'yaml_alias',
  'yaml_tag',
  'duplicate_key',
  'unknown_key',
  'missing_key',
  'missing_value',
  'wrong_type',
  'unknown_value',
  'number_out_of_range',
  'empty_text',
  'text_too_long',
  'empty_list',
  'too_many',
  'invalid_id',
  'invalid_duration',
  'invalid_schedule',
  'invalid_url',
  'not_whole_days',
  'baseline_too_short',
  'key_without_meaning',
  'duplicate_id',
  'duplicate_value',
  'unknown_journey',
  'unknown_stage',
  'terminal_stage',
  'unknown_segment',
] as const;

export type RuleProblemCode = (typeof ruleProblemCodes)[number];

/** One fault of a rule and where it stands; `problemText` of the journey package prints it. */
export interface RuleProblem extends Omit<Problem, 'code'> {
  readonly code: RuleProblemCode;
}

/** Takes down one problem at a path of a document (`['stages', 0]`). */
export type ReportAt = (
  code: RuleProblemCode,
  path: readonly PropertyKey[],
  message: string,
  suggestion?: string | null,
) => void;
