import type { Journey } from '@michinori/journey';
import type { Moment } from './funnel-timeline.ts';
import { readingsOf } from './journey-rules.ts';

export type VisitOutcome = 'open' | 'advanced' | 'returned' | 'lost' | 'silent' | 'completed';

/** One stay of a unit in a stage. */
export interface Visit {
  readonly cycle: number;
  /** From 1, in the order of the definition. */
  readonly stage: number;
  readonly enteredUs: number;
  /** 0 while open. */
  readonly endedUs: number;
  readonly outcome: VisitOutcome;
  /** The stage that follows an advanced or returned visit, else 0. */
  readonly next: number;
  /** Of a lost visit; '' for all others. */
  readonly reason: string;
  /** The latest activity among the events that belong to the visit; the entering event always is one. */
  readonly activeUs: number;
  /** In the order of the journey's segments, as they were at entry. */
  readonly segments: readonly string[];
}

/** A moment with the visit it stands in: from 1, 0 for none. An exit stands in the visit that it ends, but is no touch. */
export interface Placed {
  readonly moment: Moment;
  readonly visit: number;
  readonly isTouch: boolean;
}

export interface Walk {
  readonly visits: readonly Visit[];
  readonly placed: readonly Placed[];
}

/** Walks the moments of one unit, in canonical order, through the stages of a journey. */
export function walk(journey: Journey, moments: readonly Moment[]): Walk {
  const visits: Visit[] = [];
  const placed: Placed[] = [];
  let isOpen = false;
  let cycle = 0;

  const current = (): Visit | null => (isOpen ? (visits.at(-1) ?? null) : null);
  const change = (values: Partial<Visit>) => {
    const visit = current();
    if (visit !== null) visits[visits.length - 1] = { ...visit, ...values };
  };
  const end = (values: Pick<Visit, 'endedUs' | 'outcome'> & Partial<Visit>) => {
    change(values);
    isOpen = false;
  };

  for (const [index, { level, exit, segments }] of readingsOf(journey, moments).entries()) {
    const moment = moments[index];
    if (moment === undefined) continue;
    const { occurredAtUs: nowUs } = moment;
    const isActivity = journey.activity === 'any' || moment.direction !== 'outbound';

    const before = current();
    const lostAfterUs = before === null ? null : lostAfter(journey, before.stage);
    if (before !== null && lostAfterUs !== null && nowUs - before.activeUs > lostAfterUs) {
      end({ endedUs: before.activeUs + lostAfterUs, outcome: 'silent' });
    }

    const visit = current();
    if (exit !== null) {
      placed.push({ moment, visit: visit === null ? 0 : visits.length, isTouch: false });
      if (isActivity) change({ activeUs: nowUs });
      end({ endedUs: nowUs, outcome: 'lost', reason: exit });
      continue;
    }
    const isMove =
      level > 0 && (visit === null || level > visit.stage || (journey.progress === 'free' && level < visit.stage));
    if (isMove) {
      if (visit === null) cycle += 1;
      else end({ endedUs: nowUs, outcome: level > visit.stage ? 'advanced' : 'returned', next: level });
      const isTerminal = journey.stages[level - 1]?.terminal === true;
      visits.push({
        cycle,
        stage: level,
        enteredUs: nowUs,
        endedUs: isTerminal ? nowUs : 0,
        outcome: isTerminal ? 'completed' : 'open',
        next: 0,
        reason: '',
        activeUs: nowUs,
        segments,
      });
      isOpen = !isTerminal;
    } else if (isActivity) change({ activeUs: nowUs });
    const isInside = isMove || visit !== null;
    placed.push({ moment, visit: isInside ? visits.length : 0, isTouch: isInside });
  }
  return { visits, placed };
}

/** The silence, in microseconds, that ends a visit to a stage; null where none does. */
export function lostAfter(journey: Journey, stage: number): number | null {
  return journey.stages[stage - 1]?.lostAfterUs ?? null;
}
