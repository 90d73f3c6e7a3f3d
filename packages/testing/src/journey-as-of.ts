import type { Journey } from '@michinori/journey';
import { compareBytes, type EventCopy, timelinesOf } from './funnel-timeline.ts';
import type { PathStep } from './journey-details.ts';
import { travelOf, type UnitJourney, unitTexts } from './journey-reference.ts';
import { lostAfter, type Visit } from './journey-walk.ts';

/** A visit as it stood at an instant. When it was last active isn't part of that: a stored row can't tell it. */
export type VisitAsOf = Omit<Visit, 'activeUs'>;

/** A unit as it stood at an instant. */
export interface UnitAsOf {
  readonly unit: string;
  readonly anonymous: string;
  readonly visits: readonly VisitAsOf[];
  /** The touches up to the instant. */
  readonly path: readonly PathStep[];
}

function withoutActivity({ activeUs: _, ...visit }: Visit): VisitAsOf {
  return visit;
}

/** What an unfinished visit has come to: silent when its stage's patience ended before the instant. */
function withSilence(visit: Visit, journey: Journey, asOfUs: number): VisitAsOf {
  const lostAfterUs = lostAfter(journey, visit.stage);
  if (visit.outcome !== 'open' || lostAfterUs === null || asOfUs - visit.activeUs <= lostAfterUs) {
    return withoutActivity(visit);
  }
  return withoutActivity({ ...visit, outcome: 'silent', endedUs: visit.activeUs + lostAfterUs });
}

/**
 * The units as of an instant by the definition: events that occurred later are thrown away, the rest is walked. Who is who is judged by all events. Units
 * without an event up to then are left out. By unit name.
 */
export function referenceUnitsAsOf(journey: Journey, copies: readonly EventCopy[], asOfUs: number): UnitAsOf[] {
  return timelinesOf(copies, journey.unit, asOfUs, Number.POSITIVE_INFINITY)
    .sort((a, b) => compareBytes(a.unit, b.unit))
    .map(({ unit, moments }) => {
      const { visits, path } = travelOf(journey, moments);
      return { ...unitTexts(unit), visits: visits.map((visit) => withSilence(visit, journey, asOfUs)), path };
    });
}

/** The visits of {@link referenceUnitsAsOf}, of the units that have any. */
export function referenceVisitsAsOf(
  journey: Journey,
  copies: readonly EventCopy[],
  asOfUs: number,
): Omit<UnitAsOf, 'path'>[] {
  return referenceUnitsAsOf(journey, copies, asOfUs)
    .filter(({ visits }) => visits.length > 0)
    .map(({ unit, anonymous, visits }) => ({ unit, anonymous, visits }));
}

/**
 * The visits as of an instant from a stored row alone: those entered by then; final where they ended by then (by
 * silence: before then), silent where nothing followed for too long, all others open.
 */
export function visitsAsOf({ visits }: UnitJourney, journey: Journey, asOfUs: number): VisitAsOf[] {
  return visits
    .filter(({ enteredUs }) => enteredUs <= asOfUs)
    .map((visit) => {
      const { outcome, endedUs, activeUs } = visit;
      const isFinal = outcome === 'silent' ? endedUs < asOfUs : outcome !== 'open' && endedUs <= asOfUs;
      if (isFinal) return withoutActivity(visit);
      if (outcome === 'open' && activeUs <= asOfUs) return withSilence(visit, journey, asOfUs);
      return withoutActivity({ ...visit, outcome: 'open', endedUs: 0, next: 0, reason: '' });
    });
}
