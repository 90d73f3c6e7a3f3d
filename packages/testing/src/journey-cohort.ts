import type { Journey } from '@michinori/journey';
import { bucketStart, bucketStarts, type TrendInterval } from './funnel-buckets.ts';
import { compareBytes, type EventCopy } from './funnel-timeline.ts';
import { referenceUnitsAsOf, type VisitAsOf } from './journey-as-of.ts';
import type { PathStep } from './journey-details.ts';
import { unitName } from './journey-reference.ts';

/** What the endpoints of journeys have in common. Times are microseconds since 1970. */
export interface CohortQuestion {
  readonly fromUs: number;
  readonly toUs: number;
  readonly asOfUs: number;
  /** Visits to count, by the name of a segment: those that have one of its values, for all names. */
  readonly segments?: ReadonlyMap<string, readonly string[]>;
  /** A segment of the journey to split by. */
  readonly by?: string | null;
  /** Buckets of the time of entry, in the time zone, which is the journey's unless given. */
  readonly interval?: TrendInterval | null;
  readonly timezone?: string;
  /** `customers`, the default: of the visits of a unit to a stage, in one bucket and segment, only the first counts. */
  readonly count?: 'customers' | 'visits';
}

/** A visit that counts, with the cohort that it counts in. */
export interface Counted {
  readonly unit: string;
  /** Value of the segment that the question splits by; null without one. */
  readonly segment: string | null;
  /** Start of the bucket of the entry, microseconds; null without buckets. */
  readonly bucket: number | null;
  readonly visit: VisitAsOf;
  /** The touches of the visit up to asOf. */
  readonly path: readonly PathStep[];
  /** Its horizon has passed, or it is over. */
  readonly isMature: boolean;
  /** It advanced, or completed the journey, not later than the horizon of its stage after entry. */
  readonly isAdvanced: boolean;
}

function segmentOf(journey: Journey, { segments }: VisitAsOf, name: string): string {
  return segments[journey.segments.indexOf(name)] ?? '';
}

function isAsked(journey: Journey, visit: VisitAsOf, { fromUs, toUs, segments }: CohortQuestion): boolean {
  const isInside = visit.enteredUs >= fromUs && visit.enteredUs < toUs;
  return isInside && [...(segments ?? [])].every(([name, values]) => values.includes(segmentOf(journey, visit, name)));
}

function countedOf(
  journey: Journey,
  question: CohortQuestion,
  unit: string,
  visit: VisitAsOf,
  path: readonly PathStep[],
) {
  const { by = null, interval = null, timezone = journey.timezone, asOfUs } = question;
  const horizonUs = journey.stages[visit.stage - 1]?.horizonUs ?? 0;
  const isMove = visit.outcome === 'advanced' || visit.outcome === 'completed';
  return {
    unit,
    segment: by === null ? null : segmentOf(journey, visit, by),
    bucket: interval === null ? null : bucketStart(visit.enteredUs, interval, timezone),
    visit,
    path,
    isMature: visit.outcome !== 'open' || asOfUs - visit.enteredUs >= horizonUs,
    isAdvanced: isMove && visit.endedUs - visit.enteredUs <= horizonUs,
  };
}

/** The visits that count, as of the instant of the question. */
export function referenceCohort(journey: Journey, copies: readonly EventCopy[], question: CohortQuestion): Counted[] {
  const entered = referenceUnitsAsOf(journey, copies, question.asOfUs).flatMap((row) =>
    row.visits.map((visit, index) => {
      const own = row.path.filter((step) => step.visit === index + 1);
      return countedOf(journey, question, unitName(row), visit, own);
    }),
  );
  const asked = entered.filter(({ visit }) => isAsked(journey, visit, question));
  if (question.count === 'visits') return asked;
  const keyOf = ({ unit, segment, bucket, visit }: Counted) => JSON.stringify([unit, segment, bucket, visit.stage]);
  const first = new Map<string, Counted>();
  for (const counted of asked) if (!first.has(keyOf(counted))) first.set(keyOf(counted), counted);
  return [...first.values()];
}

/** A cell of an answer: a segment and a bucket, with the visits that count in it. */
export interface CohortCell {
  readonly segment: string | null;
  readonly bucket: number | null;
  readonly counted: readonly Counted[];
}

/** Every segment that occurs, in the order of its bytes, with every bucket of the range, also those with nothing in them. */
export function cellsOf(journey: Journey, counted: readonly Counted[], question: CohortQuestion): CohortCell[] {
  const { by = null, interval = null, timezone = journey.timezone, fromUs, toUs } = question;
  const values = [...new Set(counted.flatMap(({ segment }) => segment ?? []))].sort(compareBytes);
  const segments = by === null ? [null] : values;
  const buckets = interval === null ? [null] : bucketStarts(fromUs, toUs, interval, timezone);
  return segments.flatMap((segment) =>
    buckets.map((bucket) => ({
      segment,
      bucket,
      counted: counted.filter((one) => one.segment === segment && one.bucket === bucket),
    })),
  );
}
