import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAlertRules, type RuleProblem } from '@michinori/alerts';
import { didYouMean } from '@michinori/runtime';
import { fileReason } from '../file-reason.ts';
import { UsageError } from './usage-error.ts';

/** The rules that come with the product. */
const shippedRules = fileURLToPath(new URL('../../../../infra/alerts/rules.yaml', import.meta.url));

/** Where a rule was found: its text; only its name, so that it may be a stored one (`hint`: what the files have that sounds alike); or a file that can't be read as rules. */
export type RuleFound =
  | { readonly outcome: 'text'; readonly source: string }
  | { readonly outcome: 'stored'; readonly alert: string; readonly hint?: string | undefined }
  | { readonly outcome: 'invalid'; readonly text: string; readonly problems: readonly RuleProblem[] };

/**
 * Looks for a rule in a file, or in the files of a folder.
 *
 * @param named file of `--rules`: the rule has to be in it. Without one it may also be in `configured`, in the rules that come with the product, or stored
 * @throws UsageError if the file can't be read, or hasn't the rule although it was named
 */
export function findRuleText(alert: string, named: string | undefined, configured: string | undefined): RuleFound {
  const path = named ?? configured ?? shippedRules;
  const known: string[] = [];
  for (const { file, text } of readFiles(path)) {
    const parsed = parseAlertRules(text, { file });
    if (parsed.outcome === 'invalid') return { outcome: 'invalid', text, problems: parsed.problems };
    const found = parsed.rules.find(({ rule }) => rule.id === alert);
    if (found !== undefined) return { outcome: 'text', source: found.source };
    known.push(...parsed.rules.map(({ rule }) => rule.id));
  }
  const hint = didYouMean(alert, known);
  if (named === undefined) return { outcome: 'stored', alert, hint: hint === '' ? undefined : hint.trim() };
  throw new UsageError(`${named} has no rule "${alert}".${hint || ` It has: ${known.join(', ')}.`}`);
}

function readFiles(path: string): { file: string; text: string }[] {
  try {
    const files = statSync(path).isDirectory()
      ? readdirSync(path)
          .filter((name) => /\.ya?ml$/.test(name))
          .sort()
          .map((name) => join(path, name))
      : [path];
    return files.map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  } catch (error) {
    throw new UsageError(`${path} can't be read: ${fileReason(error)}`);
  }
}
