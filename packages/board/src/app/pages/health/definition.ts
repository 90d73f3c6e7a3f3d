import type { Language } from '../../state/view.ts';

/** What a rule looks at, as far as its fact is told; the kinds are those of packages/journey/docs/health.md. */
export interface RuleTest {
  kind: string;
  touchpoint: string | null;
  withinUs: number | null;
}

export interface HealthRule {
  id: string;
  title: string;
  points: number;
  test: RuleTest;
}

/** The part of a journey's definition that scores are made of. */
export interface HealthDefinition {
  churnBelow: number;
  expansionAbove: number;
  /** The rules that count in a stage: its own, and those of the journey that it doesn't replace. */
  rulesOf(stage: string): readonly HealthRule[];
  /** Title of a rule in a stage; of another one of that id where the stage has none, and the id itself where nothing has. */
  titleOf(rule: string, stage: string): string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads health from the definition that `GET /v1/journeys/{journey}` answers with; null in a journey without rules. Without a block of its own the
 * journey has the usual thresholds, as the server has them.
 */
export function readHealth(definition: unknown, language: Language): HealthDefinition | null {
  const whole = fieldsOf(definition);
  const stages = listOf(whole.stages).map(fieldsOf);
  const own = new Map(stages.map((stage) => [String(stage.id), rulesIn(stage.health, language)]));
  const health = whole.health === undefined || whole.health === null ? null : fieldsOf(whole.health);
  if (health === null && [...own.values()].every((rules) => rules.length === 0)) return null;
  const general = rulesIn(health?.rules, language);
  const titles = new Map([...[...own.values()].flat(), ...general].map(({ id, title }) => [id, title]));
  const rulesOf = (stage: string) => {
    const particular = own.get(stage) ?? [];
    const replaced = new Set(particular.map(({ id }) => id));
    return [...general.filter(({ id }) => !replaced.has(id)), ...particular];
  };
  return {
    churnBelow: numberOf(fieldsOf(health?.churn).below) ?? 40,
    expansionAbove: numberOf(fieldsOf(health?.expansion).above) ?? 85,
    rulesOf,
    titleOf: (rule, stage) => rulesOf(stage).find(({ id }) => id === rule)?.title ?? titles.get(rule) ?? rule,
  };
}

function rulesIn(list: unknown, language: Language): HealthRule[] {
  return listOf(list)
    .map(fieldsOf)
    .map((rule) => {
      const test = fieldsOf(rule.test);
      const id = String(rule.id);
      return {
        id,
        title: titleIn(rule.title, language) ?? id,
        points: numberOf(rule.points) ?? 0,
        test: {
          kind: String(test.kind),
          touchpoint: typeof test.touchpoint === 'string' ? test.touchpoint : null,
          withinUs: numberOf(test.withinUs),
        },
      };
    });
}

function titleIn(titles: unknown, language: Language): string | null {
  const byLanguage = fieldsOf(titles);
  const found = byLanguage[language] ?? byLanguage.en ?? Object.values(byLanguage)[0];
  return typeof found === 'string' && found !== '' ? found : null;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
