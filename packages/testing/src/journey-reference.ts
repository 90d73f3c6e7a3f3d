import type { Journey } from '@michinori/journey';
import { compareBytes, type EventCopy, type Moment, timelinesOf } from './funnel-timeline.ts';
import { type PathStep, pathOf, type Response, responsesOf, type Touch, touchesOf } from './journey-details.ts';
import { candidatesOf, ranker } from './journey-rank.ts';
import { type Visit, walk } from './journey-walk.ts';

/** A row of `unit_journeys`: everything about one unit under one journey. Times are microseconds since 1970. */
export interface UnitJourney {
  /** Customer or account; '' for a customer known by an anonymous id only. */
  readonly unit: string;
  /** '' unless the unit is known by it only. */
  readonly anonymous: string;
  readonly rank: bigint;
  readonly visits: readonly Visit[];
  readonly touches: readonly Touch[];
  readonly responses: readonly Response[];
  readonly path: readonly PathStep[];
}

/** The two texts of a unit, from the one that the reference names it by: an anonymous id follows a NUL character. */
export function unitTexts(name: string): { unit: string; anonymous: string } {
  return name.startsWith('\0') ? { unit: '', anonymous: name.slice(1) } : { unit: name, anonymous: '' };
}

/** The opposite of {@link unitTexts}. */
export function unitName({ unit, anonymous }: { readonly unit: string; readonly anonymous: string }): string {
  return unit === '' ? `\0${anonymous}` : unit;
}

/** What the moments of one unit, in canonical order, amount to. */
export function travelOf(
  journey: Journey,
  moments: readonly Moment[],
): Omit<UnitJourney, 'unit' | 'anonymous' | 'rank'> {
  const { visits, placed } = walk(journey, moments);
  const path = pathOf(placed);
  return { visits, touches: touchesOf(path), responses: responsesOf(placed), path };
}

/**
 * The rows of `unit_journeys` that follow from deliveries in any order, by unit name: the reference that the SQL is
 * compared with. Slow. A unit that only lost copies name has a row too, with nothing in it.
 */
export function referenceUnitJourneys(journey: Journey, copies: readonly EventCopy[]): UnitJourney[] {
  const timelines = new Map(
    timelinesOf(copies, journey.unit, Number.POSITIVE_INFINITY).map(({ unit, moments }) => [unit, moments]),
  );
  const rankOf = ranker(copies);
  return [...candidatesOf(copies, journey.unit)]
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([name, candidates]) => ({
      ...unitTexts(name),
      rank: rankOf(candidates),
      ...travelOf(journey, timelines.get(name) ?? []),
    }));
}
