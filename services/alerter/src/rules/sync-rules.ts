import type { ParsedRule } from '@michinori/alerts';
import type { RuleChange, StoredRule } from './rule-store.ts';

/**
 * What has to change in the store so that it has the rules of the files: new and changed ones are taken over, also from the API; those that
 * came from files and stand in none any more are taken away; those of the API stay. Pure.
 */
export function ruleChanges(
  files: readonly ParsedRule[],
  stored: readonly StoredRule[],
  changedBy: string,
): RuleChange[] {
  const known = new Map(stored.map((rule) => [rule.alert, rule]));
  const wanted = new Set(files.map(({ rule }) => rule.id));
  const written = files.flatMap(({ rule, source }): RuleChange[] => {
    const other = known.get(rule.id);
    if (other?.source === source && other.origin === 'file') return [];
    return [{ alert: rule.id, source, origin: 'file', changedBy }];
  });
  const gone = stored
    .filter(({ alert, origin }) => origin === 'file' && !wanted.has(alert))
    .map(({ alert }): RuleChange => ({ alert, source: null, origin: 'file', changedBy }));
  return [...written, ...gone];
}
