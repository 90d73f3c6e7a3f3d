import type { AlertRule } from '@michinori/alerts';
import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { type ActiveDerivation, listAlertRules } from '@michinori/queries';
import { didYouMean } from '@michinori/runtime';
import { readRuleText } from '../definitions/read-rules.ts';
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
 * @throws QuestionError `invalid_rule` with every problem, its line and column; `unknown_rule`, `unknown_journey`
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
  const stored = await listAlertRules(clickhouse, {}, options);
  const found = stored.find((each) => each.alert === alert);
  if (found !== undefined) return found.source;
  const known = stored.map((each) => each.alert);
  const hint = didYouMean(alert, known);
  const all = known.length === 0 ? ' None is stored yet.' : ` Stored: ${known.join(', ')}.`;
  throw new QuestionError('unknown_rule', `There is no rule "${alert.slice(0, 64)}".${hint || all}`);
}

function readRule(source: string, active?: ActiveDerivation): AlertRule {
  const rules = readRuleText(source, active === undefined ? undefined : [active.journey]);
  const [only, ...others] = rules;
  if (only !== undefined && others.length === 0) return only.rule;
  const names = rules.map(({ rule }) => rule.id).join(', ');
  throw new QuestionError('invalid_rule', `The text holds ${rules.length} rules (${names}); send one of them.`);
}
