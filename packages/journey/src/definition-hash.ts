import { hash } from 'node:crypto';
import { canonicalHealth } from './health-hash.ts';
import type { Condition, ExitRule, Journey, Rule } from './journey.ts';
import { conditionText, reasonText } from './overlap.ts';

/**
 * Everything that a journey says, as one text: equal exactly for equal definitions, whatever their comments, the order of
 * their keys, rules and conditions, and the spelling of values, durations and defaults. The form is frozen (it is the
 * basis of stored hashes). The order of stages, personas, segments, touchpoints and goals is part of the meaning.
 */
export function canonicalDefinition(journey: Journey): string {
  return JSON.stringify([
    'michinori.journey.1',
    journey.id,
    journey.version,
    titlePairs(journey.title),
    journey.unit,
    journey.timezone,
    journey.progress,
    journey.activity,
    journey.personas.map(({ id, title, where, goal }) => [id, titlePairs(title), conditions(where), goal]),
    journey.segments,
    journey.stages.map((stage) => [
      stage.id,
      titlePairs(stage.title),
      stage.enter.map(ruleText).sort(),
      stage.touchpoints,
      stage.expectedUs,
      stage.lostAfterUs,
      stage.horizonUs,
      stage.goals.map(({ metric, atLeast, atMost }) => [metric, atLeast, atMost]),
      stage.terminal,
      stage.effort,
    ]),
    journey.exit.map(exitText).sort(),
    ...canonicalHealth(journey),
  ]);
}

/** The first 64 bits (big-endian) of the SHA-256 of the canonical definition, 0 to 2^64 − 1. */
export function definitionHash(journey: Journey): bigint {
  return BigInt(`0x${hash('sha256', canonicalDefinition(journey), 'hex').slice(0, 16)}`);
}

function titlePairs(title: Journey['title']): [string, string][] {
  return Object.entries(title).sort(([a], [b]) => (a < b ? -1 : 1));
}

function conditions(where: readonly Condition[]): string[] {
  return where.map(conditionText).sort();
}

function ruleText({ touchpoint, where, count }: Rule): string {
  return JSON.stringify([touchpoint, conditions(where), count === null ? null : [count.times, count.withinUs]]);
}

function exitText(rule: ExitRule): string {
  return JSON.stringify([ruleText(rule), reasonText(rule.reason)]);
}
