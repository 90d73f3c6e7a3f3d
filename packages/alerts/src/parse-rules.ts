import { type Journey, type Place, readDocuments } from '@michinori/journey';
import { LineCounter } from 'yaml';
import { checkReferences } from './check-references.ts';
import { placeOf, placeOfKey } from './document-places.ts';
import { documentValue } from './document-value.ts';
import type { ReportAt, RuleProblem, RuleProblemCode } from './problem.ts';
import type { AlertRule } from './rule.ts';
import { reportIssue } from './rule-issues.ts';
import { alertRule } from './rule-schema.ts';

export interface ParsedRule {
  readonly rule: AlertRule;
  /** The YAML text of the rule's own document. */
  readonly source: string;
}

export type ParsedRules =
  | { readonly outcome: 'ok'; readonly rules: readonly ParsedRule[] }
  | { readonly outcome: 'invalid'; readonly problems: readonly RuleProblem[] };

/**
 * Reads one or several rules from a YAML 1.2 text (documents are separated by `---`), under the same bounds as journeys. Either all
 * of them are valid, or all problems of all of them come back in the order of the text. `file` is only named in the problems. With
 * `journeys` the names of journeys, stages and segments are checked, too. Never throws.
 */
export function parseAlertRules(
  text: string,
  { file, journeys }: { readonly file: string; readonly journeys?: readonly Journey[] },
): ParsedRules {
  const lines = new LineCounter();
  const found: { problem: RuleProblem; offset: number }[] = [];
  const take = (code: RuleProblemCode, { key, offset }: Place, message: string, suggestion: string | null = null) => {
    const { line, col } = lines.linePos(offset);
    const at = { file, line: Math.max(1, line), column: Math.max(1, col), key };
    found.push({ problem: { code, ...at, message, suggestion }, offset });
  };
  const documents = readDocuments(text, lines, (code, at, message, suggestion) => {
    if (code === 'no_journey') take('no_rule', at, 'the text holds no rule');
    else take(code as RuleProblemCode, at, message, suggestion);
  });
  const seen = new Set<string>();
  const rules = documents.flatMap(({ root, text: source }): ParsedRule[] => {
    const report: ReportAt = (code, path, message, suggestion) => {
      const last = path.at(-1);
      const isKey = code === 'unknown_key' && last !== undefined;
      take(code, isKey ? placeOfKey(root, path.slice(0, -1), String(last)) : placeOf(root, path), message, suggestion);
    };
    const parsed = alertRule.safeParse(documentValue(root));
    if (!parsed.success) {
      for (const issue of parsed.error.issues) reportIssue(issue, root, report);
      return [];
    }
    const { data: rule } = parsed;
    if (seen.has(rule.id)) report('duplicate_id', ['alert'], `there is another rule with the id ${rule.id}`);
    seen.add(rule.id);
    if (journeys !== undefined) checkReferences(rule, journeys, report);
    return [{ rule, source }];
  });
  if (found.length === 0) return { outcome: 'ok', rules };
  return { outcome: 'invalid', problems: found.sort((a, b) => a.offset - b.offset).map(({ problem }) => problem) };
}
