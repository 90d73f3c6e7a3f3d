import { hash } from 'node:crypto';
import { type Health, type HealthAction, type HealthRule, healthOf } from './health.ts';
import type { Condition, Journey, Rule, Title } from './journey.ts';
import { conditionText, reasonText } from './overlap.ts';

function titlePairs(title: Title): [string, string][] {
  return Object.entries(title).sort(([a], [b]) => (a < b ? -1 : 1));
}

function conditions(where: readonly Condition[]): string[] {
  return where.map(conditionText).sort();
}

function testParts({ test }: HealthRule): unknown[] {
  const matching = 'touchpoint' in test ? [test.touchpoint, conditions(test.where)] : [];
  switch (test.kind) {
    case 'idle':
      return [test.kind, ...matching, test.forUs];
    case 'count':
      return [test.kind, ...matching, test.withinUs, test.atLeast, test.atMost];
    case 'trend':
    case 'sentiment':
      return [test.kind, ...matching, test.withinUs, test.atLeast, test.atMost, test.minimum];
    case 'nps':
      return [test.kind, test.class, test.withinUs];
    case 'stalled':
      return [test.kind, test.quantile];
  }
}

/** The order of rules doesn't matter: points add up. */
function ruleTexts(rules: readonly HealthRule[]): string[] {
  return rules.map((rule) => JSON.stringify([rule.id, titlePairs(rule.title), rule.points, testParts(rule)])).sort();
}

function actionText({ signal, webhook, task }: HealthAction): string {
  return JSON.stringify([signal, webhook, task && [task.owner, task.dueUs, titlePairs(task.text)]]);
}

function healthParts({ start, churn, expansion, rules, goldenTime, actions }: Health): unknown[] {
  return [
    start,
    [churn.below, churn.margin],
    [expansion.above, expansion.margin],
    ruleTexts(rules),
    goldenTime && [goldenTime.milestones.toSorted(), goldenTime.withinUs],
    actions.map(actionText).sort(),
  ];
}

/** What the canonical definition says of health: nothing if the journey has none, so that older hashes stay. */
export function canonicalHealth(journey: Journey): unknown[] {
  const health = healthOf(journey);
  if (health === null) return [];
  const ofStages = journey.stages
    .filter((stage) => stage.health?.length)
    .map(({ id, health: own }) => [id, ruleTexts(own ?? [])]);
  return [[...healthParts(health), ofStages]];
}

/** The first 64 bits (big-endian) of the SHA-256 of what the canonical definition says of health, 0 to 2^64 − 1. */
export function healthHash(journey: Journey): bigint {
  return BigInt(`0x${hash('sha256', JSON.stringify(canonicalHealth(journey)), 'hex').slice(0, 16)}`);
}

function ruleText({ touchpoint, where, count }: Rule): string {
  return JSON.stringify([touchpoint, conditions(where), count === null ? null : [count.times, count.withinUs]]);
}

/**
 * The part of a definition that visits, touches and segments follow from, as one text: two definitions of equal texts derive
 * the same rows from the same events. Titles, targets, goals, horizons, touchpoints of the map and health are no part of it.
 */
export function canonicalDerivation({
  id,
  unit,
  progress,
  activity,
  personas,
  segments,
  stages,
  exit,
}: Journey): string {
  return JSON.stringify([
    'michinori.derivation.1',
    id,
    unit,
    progress,
    activity,
    segments.includes('persona') ? personas.map((persona) => [persona.id, conditions(persona.where)]) : [],
    segments,
    stages.map((stage) => [stage.id, stage.enter.map(ruleText).sort(), stage.lostAfterUs, stage.terminal]),
    exit.map((rule) => JSON.stringify([ruleText(rule), reasonText(rule.reason)])).sort(),
  ]);
}

/** The first 64 bits (big-endian) of the SHA-256 of {@link canonicalDerivation}, 0 to 2^64 − 1. */
export function derivationHash(journey: Journey): bigint {
  return BigInt(`0x${hash('sha256', canonicalDerivation(journey), 'hex').slice(0, 16)}`);
}
