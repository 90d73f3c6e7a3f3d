import type { HealthTest, ScopedHealthRule } from '@michinori/journey';
import type { CustomerFacts, RuleFact } from './facts.ts';

/** Why a rule holds: the fact, with what it was compared as. */
export type Evidence =
  /** `idleUs`: since the last event or the beginning of the scope. */
  | { readonly kind: 'idle'; readonly lastUs: number | null; readonly idleUs: number }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'trend'; readonly recent: number; readonly before: number }
  | { readonly kind: 'sentiment'; readonly n: number; readonly mean: number }
  | { readonly kind: 'nps'; readonly score: number; readonly atUs: number }
  | { readonly kind: 'stalled'; readonly spentSeconds: number; readonly beyondSeconds: number };

const MILLION = 1_000_000;

interface Bounds {
  readonly atLeast: number | null;
  readonly atMost: number | null;
}

/** Compares whole numbers: `value` with the bounds, to millionths, times `per`. */
function isWithin(value: number, per: number, { atLeast, atMost }: Bounds): boolean {
  const scaled = (bound: number): number => Math.round(bound * MILLION) * per;
  return (atLeast === null || value >= scaled(atLeast)) && (atMost === null || value <= scaled(atMost));
}

type TestOf<K extends HealthTest['kind']> = Extract<HealthTest, { kind: K }>;
type FactOf<K extends RuleFact['kind']> = Extract<RuleFact, { kind: K }>;

/** When the time began in which the unit could do what the rule looks at. */
function scopeStart({ scope }: ScopedHealthRule, { enteredUs, cycleUs }: CustomerFacts): number {
  return scope === 'stage' ? enteredUs : cycleUs;
}

function judgeIdle(test: TestOf<'idle'>, { lastUs }: FactOf<'idle'>, startUs: number, asOfUs: number): Evidence | null {
  const idleUs = asOfUs - Math.max(lastUs ?? startUs, startUs);
  return idleUs > test.forUs ? { kind: 'idle', lastUs, idleUs } : null;
}

function judgeCount(test: TestOf<'count'>, fact: FactOf<'count'>, startUs: number, asOfUs: number): Evidence | null {
  const wasThere = test.withinUs === null || asOfUs - startUs >= test.withinUs;
  if (test.atMost !== null && !wasThere) return null;
  return isWithin(fact.count * MILLION, 1, test) ? fact : null;
}

function judgeTrend(test: TestOf<'trend'>, fact: FactOf<'trend'>): Evidence | null {
  const { recent, before } = fact;
  if ((test.atLeast === null ? before : recent) < test.minimum) return null;
  return isWithin(recent * MILLION, before, test) ? fact : null;
}

function judgeSentiment(test: TestOf<'sentiment'>, { n, sumMillionths }: FactOf<'sentiment'>): Evidence | null {
  if (n < test.minimum || !isWithin(sumMillionths, n, test)) return null;
  return { kind: 'sentiment', n, mean: sumMillionths / MILLION / n };
}

/** Classes of Reichheld (2003): promoters 9–10, passives 7–8, detractors 0–6. */
function npsClassOf(score: number): TestOf<'nps'>['class'] {
  if (score >= 9) return 'promoter';
  return score >= 7 ? 'passive' : 'detractor';
}

function judgeNps(test: TestOf<'nps'>, { score, atUs }: FactOf<'nps'>, asOfUs: number): Evidence | null {
  if (score === null || atUs === null || npsClassOf(score) !== test.class) return null;
  return test.withinUs === null || asOfUs - atUs <= test.withinUs ? { kind: 'nps', score, atUs } : null;
}

function judgeStalled({ beyondSeconds }: FactOf<'stalled'>, enteredUs: number, asOfUs: number): Evidence | null {
  const spentSeconds = (asOfUs - enteredUs) / MILLION;
  return beyondSeconds !== null && spentSeconds > beyondSeconds
    ? { kind: 'stalled', spentSeconds, beyondSeconds }
    : null;
}

/**
 * Why a rule holds for a unit as of `asOfUs`; null if it doesn't.
 *
 * @throws RangeError if the unit has no fact for the rule, or one of another kind
 */
export function judge(rule: ScopedHealthRule, facts: CustomerFacts, asOfUs: number): Evidence | null {
  const { test } = rule;
  const fact = facts.rules.get(rule.id);
  const startUs = scopeStart(rule, facts);
  if (test.kind === 'idle' && fact?.kind === 'idle') return judgeIdle(test, fact, startUs, asOfUs);
  if (test.kind === 'count' && fact?.kind === 'count') return judgeCount(test, fact, startUs, asOfUs);
  if (test.kind === 'trend' && fact?.kind === 'trend') return judgeTrend(test, fact);
  if (test.kind === 'sentiment' && fact?.kind === 'sentiment') return judgeSentiment(test, fact);
  if (test.kind === 'nps' && fact?.kind === 'nps') return judgeNps(test, fact, asOfUs);
  if (test.kind === 'stalled' && fact?.kind === 'stalled') return judgeStalled(fact, facts.enteredUs, asOfUs);
  throw new RangeError(
    `${facts.customer} has ${fact === undefined ? 'no fact' : `a fact ${fact.kind}`} for rule ${rule.id}`,
  );
}
