import type { FileRule } from './load-rules.ts';
import type { RuleChange, StoredRule } from './rule-store.ts';

/**
 * What has to change in the store so that it has the rules of the files: new and changed ones are taken over; those that came from files and stand in
 * none any more are taken away; those that came through the log stay. Pure.
 */
export function ruleChanges(files: readonly FileRule[], stored: readonly StoredRule[]): RuleChange[] {
  const known = new Map(stored.filter(({ origin }) => origin === 'file').map((rule) => [rule.alert, rule]));
  const wanted = new Set(files.map(({ rule }) => rule.id));
  const written = files.flatMap(({ rule, source, file }): RuleChange[] => {
    const other = known.get(rule.id);
    return other?.source === source && other.changedBy === file ? [] : [{ alert: rule.id, source, changedBy: file }];
  });
  const gone = [...known.values()].filter(({ alert }) => !wanted.has(alert));
  return [...written, ...gone.map(({ alert, changedBy }): RuleChange => ({ alert, source: null, changedBy }))];
}
