import type { TouchpointEvent } from '@michinori/events';
import type { ExitRule, Journey, Rule, Stage } from '@michinori/journey';
import type { EventCopy } from './funnel-timeline.ts';

const HOUR_US = 3600e6;
const START_US = Date.parse('2026-01-01T00:00:00Z') * 1000;

/** Microseconds of an hour of a story, which begins at 2026-01-01T00:00Z; `offUs` beside it. */
export function storyHour(hours: number, offUs = 0): number {
  return START_US + Math.round(hours * HOUR_US) + offUs;
}

/**
 * One delivery: a touchpoint of customer `c` at an hour of the story. Unless given, the id is made of who, when and what;
 * so two events that agree in all three need ids.
 */
export function storyEvent(touchpoint: string, hours: number, fields: Partial<TouchpointEvent> = {}): EventCopy {
  const event: TouchpointEvent = {
    id: '',
    customer: 'c',
    anonymous: null,
    account: null,
    touchpoint,
    channel: null,
    team: null,
    direction: null,
    topic: null,
    occurredAtUs: storyHour(hours),
    receivedAtUs: storyHour(10_000),
    sequence: null,
    sentiment: null,
    nps: null,
    amount: null,
    properties: new Map(),
    traits: new Map(),
    ...fields,
  };
  const id = event.id || `${event.customer ?? `anonymous ${event.anonymous}`} ${event.occurredAtUs} ${touchpoint}`;
  return { event: { ...event, id }, log: 'events@story', logPartition: 0, logOffset: 0 };
}

/** `A0 B1.5` = touchpoint A at hour 0, B at hour 1.5; every event with the fields. */
export function story(text: string, fields: Partial<TouchpointEvent> = {}): EventCopy[] {
  return text.split(' ').map((word) => {
    const [, touchpoint = '', hours = ''] = /^([a-zA-Z_.]+)([0-9.]+)$/.exec(word) ?? [];
    if (hours === '') throw new Error(`not a touchpoint and an hour: ${word}`);
    return storyEvent(touchpoint, Number(hours), fields);
  });
}

/** A rule that asks for nothing but a touchpoint, or for what the fields say. */
export function storyRule(touchpoint: string, fields: Partial<Rule> = {}): Rule {
  return { touchpoint, where: [], count: null, ...fields };
}

export function storyExit(touchpoint: string, fields: Partial<ExitRule> = {}): ExitRule {
  return { ...storyRule(touchpoint), reason: null, ...fields };
}

/** A stage with the touchpoints, or whole rules, that enter it; judged after 24 hours, never lost by silence. */
export function storyStage(id: string, enter: readonly (string | Rule)[], fields: Partial<Stage> = {}): Stage {
  return {
    id,
    title: { en: id },
    enter: enter.map((entry) => (typeof entry === 'string' ? storyRule(entry) : entry)),
    touchpoints: [],
    expectedUs: null,
    lostAfterUs: null,
    horizonUs: 24 * HOUR_US,
    goals: [],
    terminal: false,
    effort: 3,
    ...fields,
  };
}

/** Stages a, b, c, entered by A, B, C; forward; by customer; exit at X; or what the fields say. */
export function storyJourney(fields: Partial<Journey> = {}): Journey {
  return {
    id: 'story',
    version: 1,
    title: { en: 'Story' },
    unit: 'customer',
    timezone: 'UTC',
    progress: 'forward',
    activity: 'any',
    personas: [],
    segments: [],
    stages: [storyStage('a', ['A']), storyStage('b', ['B']), storyStage('c', ['C'])],
    exit: [storyExit('X')],
    ...fields,
  };
}
