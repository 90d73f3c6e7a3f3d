import type { ParsedRule } from '@michinori/alerts';
import type { AlertRuleDefinition } from '@michinori/events';
import { didYouMean } from '@michinori/runtime';
import { QuestionError } from '../question-error.ts';
import type { Definitions } from './ledger.ts';

/** Rules that stand in files, by alert, with the name of the file. */
export type RulesOfFiles = ReadonlyMap<string, string>;

export interface AppliedRule {
  readonly alert: string;
  /** `unchanged`: it stood there with this very text. */
  readonly state: 'accepted' | 'unchanged';
}

interface Writing {
  readonly ofFiles: RulesOfFiles;
  readonly nowUs: number;
  readonly by: string;
}

/**
 * What applying these rules comes to: all of them or none. `changedAtUs` grows with every record of an alert, whatever the clock does. Pure.
 *
 * @throws QuestionError `rule_of_file` for one that stands in a file
 */
export function decideRules(
  wanted: readonly ParsedRule[],
  { rules }: Pick<Definitions, 'rules'>,
  { ofFiles, nowUs, by }: Writing,
): { readonly applied: readonly AppliedRule[]; readonly records: readonly AlertRuleDefinition[] } {
  const records: AlertRuleDefinition[] = [];
  const applied = wanted.map(({ rule: { id }, source }): AppliedRule => {
    assertOwn(id, ofFiles);
    const before = rules.get(id);
    if (before?.source === source) return { alert: id, state: 'unchanged' };
    records.push(recordOf(id, source, before, { nowUs, by }));
    return { alert: id, state: 'accepted' };
  });
  return { applied, records };
}

/**
 * What taking a rule away comes to. Pure.
 *
 * @throws QuestionError `rule_of_file` for one that stands in a file, `unknown_rule` where there is none
 */
export function decideRemoval(
  alert: string,
  { rules }: Pick<Definitions, 'rules'>,
  { ofFiles, nowUs, by }: Writing,
): AlertRuleDefinition {
  assertOwn(alert, ofFiles);
  const before = rules.get(alert);
  if (before === undefined || before.source === null) {
    const known = [...rules.values()].flatMap((rule) => (rule.source === null ? [] : [rule.alert]));
    throw unknownRule(alert, known);
  }
  return recordOf(alert, null, before, { nowUs, by });
}

/** There is no such rule, with the nearest one. */
export function unknownRule(alert: string, known: readonly string[]): QuestionError {
  const all = known.length === 0 ? ' There are none.' : ` Known: ${[...known].sort().slice(0, 20).join(', ')}.`;
  return new QuestionError(
    'unknown_rule',
    `There is no rule "${alert.slice(0, 64)}".${didYouMean(alert, known) || all}`,
  );
}

function recordOf(
  alert: string,
  source: string | null,
  before: AlertRuleDefinition | undefined,
  { nowUs, by }: Pick<Writing, 'nowUs' | 'by'>,
): AlertRuleDefinition {
  const changedAtUs = Math.max(nowUs, (before?.changedAtUs ?? 0) + 1);
  return { kind: 'alert-rule', alert, source, changedAtUs, changedBy: by };
}

function assertOwn(alert: string, ofFiles: RulesOfFiles): void {
  const file = ofFiles.get(alert);
  if (file === undefined) return;
  throw new QuestionError(
    'rule_of_file',
    `The rule ${alert} stands in ${file}. Change it there, or take it out there.`,
  );
}
