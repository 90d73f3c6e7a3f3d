import { eventFromObject, type TouchpointEvent } from '@michinori/events';
import { type ActiveDerivation, type JourneyQuestion, type JourneyScope, planJourney } from '@michinori/queries';
import { type DemoTruth, simulate } from '@michinori/standalone';

export const dayUs = 86_400e6;
/** The end of the world of `services/standalone/docs/demo-data.md`, and the instant that questions are asked as of. */
export const endUs = Date.UTC(2026, 10, 20, 15) * 1_000;
export const spanDays = 548;
export const startUs = endUs - spanDays * dayUs;

export const plans = ['starter', 'pro', 'enterprise'] as const;
/** Regions by area: what the truth calls `area` is a set of values of the segment `region`. */
export const areas = {
  japan: ['kanto', 'kansai', 'chubu', 'kyushu', 'hokkaido-tohoku'],
  abroad: ['emea', 'amer'],
} as const;
export type Area = keyof typeof areas;

/** Filters of a question that leave one area. */
export const inArea = (area: Area): string[] => areas[area].map((region) => `region:${region}`);

/** What somebody reads off the events themselves, without any journey. */
export interface PlainAnswers {
  /** Latest answer of every customer, 0…10. */
  readonly scores: ReadonlyMap<string, number>;
  readonly asked: ReadonlySet<string>;
  /** Of those asked, who answered at or after the first ask. */
  readonly answered: ReadonlySet<string>;
}

export interface DemoWorld {
  readonly truth: DemoTruth;
  /** Deliveries in order of receipt, copies and late ones included. */
  events(): Generator<TouchpointEvent>;
}

/** The demo of the documentation: 5 000 customers, seed 7. */
export function demoWorld(): DemoWorld {
  const { truth, events } = simulate({ seed: 7, endUs });
  return {
    truth,
    *events() {
      for (const { event, receivedAtUs } of events) {
        const verdict = eventFromObject(event, { receivedAtUs });
        if (!verdict.accepted) throw new Error(verdict.rejected.rejection.message);
        yield verdict.event;
      }
    },
  };
}

/** Lets events through and keeps what the NPS is made of. */
export function notingAnswers(events: Iterable<TouchpointEvent>) {
  const latest = new Map<string, { atUs: number; score: number }>();
  const firstAsk = new Map<string, number>();
  const nameOf = ({ customer, anonymous }: TouchpointEvent) => customer ?? `\0${anonymous}`;
  function* passing(): Generator<TouchpointEvent> {
    for (const event of events) {
      const name = nameOf(event);
      const { nps, occurredAtUs: atUs } = event;
      if (nps !== null && atUs >= (latest.get(name)?.atUs ?? 0)) latest.set(name, { atUs, score: nps });
      if (event.touchpoint === 'nps.asked') firstAsk.set(name, Math.min(atUs, firstAsk.get(name) ?? atUs));
      yield event;
    }
  }
  const answers = (): PlainAnswers => ({
    scores: new Map([...latest].map(([name, { score }]) => [name, score])),
    asked: new Set(firstAsk.keys()),
    answered: new Set([...firstAsk].flatMap(([name, atUs]) => ((latest.get(name)?.atUs ?? 0) >= atUs ? [name] : []))),
  });
  return { passing: passing(), answers };
}

/** A question about the whole time, all visits, as of the end, unless it says otherwise. */
export function demoScope(active: ActiveDerivation, question: Partial<JourneyQuestion> = {}): JourneyScope {
  return planJourney({ from: startUs, to: endUs + 1, asOf: endUs, count: 'visits', ...question }, active, endUs);
}
