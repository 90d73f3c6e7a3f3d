import { type AlertRule, parseAlertRules, type RuleProblem } from '@michinori/alerts';
import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { type ActiveDerivation, newestAlertRules } from '@michinori/queries';
import { didYouMean, type ProblemError } from '@michinori/runtime';
import { pointerOfKey } from '../definitions/read-source.ts';
import { QuestionError } from '../question-error.ts';
import { findJourney } from '../routes/journeys/endpoint.ts';
import type { BacktestBody } from './body.ts';

/** A rule that is back-tested, and the journey that it watches. */
export interface FoundRule {
  readonly rule: AlertRule;
  readonly active: ActiveDerivation;
}

/**
 * The rule of a question: its text, or a stored one.
 *
 * @throws QuestionError `invalid_rule` with every problem, its line and column; `unknown_alert`, `unknown_journey`
 */
export async function findRule(
  clickhouse: ClickHouse,
  { rule: text, alert = '' }: Pick<BacktestBody, 'rule' | 'alert'>,
  options: QueryOptions,
): Promise<FoundRule> {
  const source = text ?? (await storedSource(clickhouse, alert, options));
  const { journey } = readRule(source);
  const active = await findJourney(clickhouse, journey, options);
  return { rule: readRule(source, active), active };
}

async function storedSource(clickhouse: ClickHouse, alert: string, options: QueryOptions): Promise<string> {
  const stored = (await clickhouse.query(newestAlertRules, {}, options)).filter(({ isDeleted }) => !isDeleted);
  const found = stored.find((each) => each.alert === alert);
  if (found !== undefined) return found.source;
  const known = stored.map((each) => each.alert);
  const hint = didYouMean(alert, known);
  const all = known.length === 0 ? ' None is stored yet.' : ` Stored: ${known.join(', ')}.`;
  throw new QuestionError('unknown_alert', `There is no rule "${alert.slice(0, 64)}".${hint || all}`);
}

function readRule(source: string, active?: ActiveDerivation): AlertRule {
  const journeys = active === undefined ? {} : { journeys: [active.journey] };
  const parsed = parseAlertRules(source, { file: 'rule', ...journeys });
  if (parsed.outcome === 'invalid') throw invalidRule(parsed.problems);
  const [only, ...others] = parsed.rules;
  if (only !== undefined && others.length === 0) return only.rule;
  const names = parsed.rules.map(({ rule }) => rule.id).join(', ');
  throw new QuestionError('invalid_rule', `The text holds ${parsed.rules.length} rules (${names}); send one of them.`);
}

function invalidRule(problems: readonly RuleProblem[]): QuestionError {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const detail = first === undefined ? 'The text holds no rule.' : `${messageOf(first)}${more}`;
  return new QuestionError('invalid_rule', detail, problems.map(findingOf));
}

const findingOf = (problem: RuleProblem): ProblemError => ({
  pointer: pointerOfKey(problem.key),
  message: messageOf(problem),
});

function messageOf({ line, column, key, message, suggestion }: RuleProblem): string {
  const where = key === '' ? '' : `${key}: `;
  const hint = suggestion === null ? '' : ` Did you mean ${suggestion}?`;
  return `line ${line}, column ${column}: ${where}${message}.${hint}`;
}
