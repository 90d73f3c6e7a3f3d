import { type CustomerFacts, type HealthScore, type RuleFact, scoreCustomer } from '@michinori/health';
import { type Health, type HealthTest, healthDefault, type ScopedHealthRule } from '@michinori/journey';

export const dayUs = 86_400_000_000;
export const asOfUs = Date.UTC(2026, 0, 31) * 1000;

export function ruleOf(test: HealthTest, fields: Partial<ScopedHealthRule> = {}): ScopedHealthRule {
  return { id: 'r', title: {}, points: -10, scope: 'journey', test, ...fields };
}

export function factsOf(rules: Readonly<Record<string, RuleFact>>, fields: Partial<CustomerFacts> = {}): CustomerFacts {
  const began = { enteredUs: asOfUs - 30 * dayUs, cycleUs: asOfUs - 60 * dayUs };
  return { customer: 'c', stage: 's', ...began, rules: new Map(Object.entries(rules)), golden: null, ...fields };
}

/** Whether a single rule holds for a single fact. */
export function holds(
  test: HealthTest,
  fact: RuleFact,
  fields: Partial<CustomerFacts & ScopedHealthRule> = {},
): boolean {
  const { scope = 'journey', ...rest } = fields;
  const { score } = scoreCustomer(
    factsOf({ r: fact }, rest),
    { health: healthDefault, rules: [ruleOf(test, { scope })] },
    asOfUs,
  );
  return score === 50;
}

/** A score of nothing but points of rules by id. */
export function scoreOf(
  points: Readonly<Record<string, number>>,
  fields: Partial<HealthScore> & { atUs?: number } = {},
): HealthScore {
  const { atUs = asOfUs, ...rest } = fields;
  const health: Health = healthDefault;
  const rules = Object.entries(points).map(([id, given]) =>
    ruleOf(
      { kind: 'count', touchpoint: '*', where: [], withinUs: null, atLeast: 1, atMost: null },
      { id, points: given },
    ),
  );
  const facts = Object.fromEntries(rules.map(({ id }) => [id, { kind: 'count' as const, count: 1 }]));
  return { ...scoreCustomer(factsOf(facts, { customer: rest.customer ?? 'c' }), { health, rules }, atUs), ...rest };
}
