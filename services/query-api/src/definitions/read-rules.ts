import { type ParsedRule, parseAlertRules, type RuleProblem } from '@michinori/alerts';
import type { Journey } from '@michinori/journey';
import { QuestionError } from '../question-error.ts';
import { type Definitions, newestOf } from './ledger.ts';
import { readStored, toFinding } from './read-source.ts';

const file = 'body';

/**
 * The rules of a YAML text (JSON is YAML, too).
 *
 * @param journeys that rules may be about; without them what rules name isn't looked at
 * @throws QuestionError `invalid_rule` with every problem: where it stands and what was probably meant
 */
export function readRuleText(source: string, journeys?: readonly Journey[]): readonly ParsedRule[] {
  if (source.includes('\0') || /\p{Surrogate}/u.test(source))
    throw new QuestionError('invalid_rule', 'The text contains NUL or half of a surrogate pair.');
  const parsed = parseAlertRules(source, journeys === undefined ? { file } : { file, journeys });
  if (parsed.outcome === 'ok') return parsed.rules;
  const findings = parsed.problems.map(toFinding);
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : '';
  throw new QuestionError('invalid_rule', `${findings[0]?.message ?? 'The text holds no rule.'}${more}`, findings);
}

/** A rule as it is stored, and what is wrong with it now. */
export interface StoredRuleReading {
  /** Null: this program can't read it. */
  readonly rule: ParsedRule['rule'] | null;
  readonly problems: readonly RuleProblem[];
}

/** A stored rule held against the journeys that there are. Never throws. */
export function readStoredRule(source: string, journeys: readonly Journey[]): StoredRuleReading {
  const parsed = parseAlertRules(source, { file });
  if (parsed.outcome === 'invalid') return { rule: null, problems: parsed.problems };
  const checked = parseAlertRules(source, { file, journeys });
  return { rule: parsed.rules[0]?.rule ?? null, problems: checked.outcome === 'invalid' ? checked.problems : [] };
}

/** The newest version of every journey in the log that this program can read. */
export function newestJourneys(known: Pick<Definitions, 'journeys'>): Journey[] {
  return [...known.journeys.keys()].flatMap((id) => {
    const [read] = readStored(newestOf(known, id)?.source ?? '');
    return read === undefined ? [] : [read.journey];
  });
}
