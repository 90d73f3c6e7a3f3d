import type { Condition, ExitRule, Goal, Journey, Persona, Rule } from '@michinori/journey';
import { healthRuleSource, healthSource } from './health-source.ts';

const UNITS = [
  ['d', 86_400e6],
  ['h', 3600e6],
  ['m', 60e6],
  ['s', 1e6],
] as const;

function duration(us: number): string {
  const [name, size] = UNITS.find(([, size]) => us % size === 0) ?? ['s', 1e6];
  return `${us / size}${name}`;
}

function optional<T>(value: T | null, write: (value: T) => Record<string, unknown>): Record<string, unknown> {
  return value === null ? {} : write(value);
}

function condition({ op, value, ...subject }: Condition): Record<string, unknown> {
  const written = value === undefined ? true : value;
  return { ...subject, [op]: written };
}

function rule({ touchpoint, where, count }: Rule): Record<string, unknown> {
  return {
    touchpoint,
    ...(where.length > 0 ? { where: where.map(condition) } : {}),
    ...optional(count, ({ times, withinUs }) => ({
      count: times,
      ...optional(withinUs, (us) => ({ within: duration(us) })),
    })),
  };
}

function exit({ reason, ...rest }: ExitRule): Record<string, unknown> {
  return { ...rule(rest), ...optional(reason, (given) => ({ reason: 'text' in given ? given.text : { ...given } })) };
}

function goal({ metric, atLeast, atMost }: Goal): Record<string, unknown> {
  return {
    metric,
    ...optional(atLeast, (bound) => ({ at_least: bound })),
    ...optional(atMost, (bound) => ({ at_most: bound })),
  };
}

function persona({ id, title, where, goal }: Persona): Record<string, unknown> {
  return { id, title, where: where.map(condition), ...optional(goal, (text) => ({ goal: text })) };
}

/** The definition of a journey as a document (JSON, which is YAML as well), with the keys of the language of journeys. */
export function journeySource(journey: Journey): string {
  const stages = journey.stages.map((stage) => ({
    id: stage.id,
    title: stage.title,
    enter: stage.enter.map(rule),
    touchpoints: stage.touchpoints,
    ...optional(stage.expectedUs, (us) => ({ expected: duration(us) })),
    ...optional(stage.lostAfterUs, (us) => ({ lost_after: duration(us) })),
    horizon: duration(stage.horizonUs),
    goal: stage.goals.map(goal),
    terminal: stage.terminal,
    effort: stage.effort,
    ...(stage.health === undefined ? {} : { health: stage.health.map((each) => healthRuleSource(each, condition)) }),
  }));
  const { id, version, title, unit, timezone, progress, activity, segments } = journey;
  const personas = journey.personas.map(persona);
  const head = { journey: id, version, title, unit, timezone, progress, activity };
  const health = journey.health === undefined ? {} : { health: healthSource(journey.health, condition) };
  return JSON.stringify({ ...head, personas, segments, stages, exit: journey.exit.map(exit), ...health });
}
