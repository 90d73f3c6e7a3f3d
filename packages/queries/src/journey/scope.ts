import type { Journey } from '@michinori/journey';
import { JourneyQuestionError } from './errors.ts';
import type { JourneyQuestion } from './journey-question.ts';

/** A derivation that answers are read from. */
export interface ActiveDerivation {
  readonly derivation: number;
  readonly journey: Journey;
}

export type Interval = NonNullable<JourneyQuestion['interval']>;

/** A question about a journey, decided: nothing is left to defaults, names have become places in the definition. */
export interface JourneyScope extends ActiveDerivation {
  /** Cohort: visits that began in [fromUs, toUs). Microseconds since 1970. */
  readonly fromUs: number;
  readonly toUs: number;
  readonly asOfUs: number;
  /** Which ends of the range the question named; the others are defaults. */
  readonly given: { readonly from: boolean; readonly to: boolean };
  /** All of them hold. `index` counts from 1 into `visit_segments`. */
  readonly segments: readonly { readonly index: number; readonly values: readonly string[] }[];
  /** The segment that rows are split by; null: all in one. */
  readonly by: { readonly index: number; readonly name: string } | null;
  readonly timezone: string;
  readonly interval: Interval | null;
  readonly count: 'customers' | 'visits';
}

const dayUs = 86_400_000_000;
const defaultRangeUs = 90 * dayUs;
const rangeUsMax = 20 * 366 * dayUs;
const bucketsMax = 5000;
const shortestBucketUs = {
  hour: dayUs / 24,
  day: 23 * (dayUs / 24),
  week: 167 * (dayUs / 24),
  month: 28 * dayUs - dayUs / 24,
};

/**
 * Decides a question. `nowUs` stands in for a missing `asOf`.
 *
 * @throws JourneyQuestionError with a pointer to every parameter that names what the journey hasn't, or an empty range
 */
export function planJourney(question: JourneyQuestion, active: ActiveDerivation, nowUs: number): JourneyScope {
  const { journey } = active;
  const problems: { pointer: string; message: string; known?: readonly string[]; given?: string }[] = [];
  const indexOf = (name: string, pointer: string): number => {
    const index = journey.segments.indexOf(name) + 1;
    if (index === 0) {
      const message = `"${name.slice(0, 60)}" is no segment of the journey ${journey.id}`;
      problems.push({ pointer, message, known: journey.segments, given: name });
    }
    return index;
  };
  const asOfUs = question.asOf ?? nowUs;
  const toUs = question.to ?? Math.max(asOfUs, (question.from ?? 0) + 1);
  const fromUs = question.from ?? toUs - defaultRangeUs;
  if (toUs <= fromUs) problems.push({ pointer: '/to', message: 'must be later than from' });
  else if (toUs - fromUs > rangeUsMax)
    problems.push({ pointer: '/to', message: 'must be at most 20 years after from' });
  else if (question.interval !== undefined && (toUs - fromUs) / shortestBucketUs[question.interval] > bucketsMax) {
    const message = `would give more than ${bucketsMax} buckets; ask for a shorter range`;
    problems.push({ pointer: '/interval', message });
  }
  const values = new Map<number, string[]>();
  for (const text of [question.segment ?? []].flat()) {
    const colon = text.indexOf(':');
    const index = indexOf(text.slice(0, colon), '/segment');
    values.set(index, [...(values.get(index) ?? []), text.slice(colon + 1)]);
  }
  const by = question.by === undefined ? null : { index: indexOf(question.by, '/by'), name: question.by };
  if (problems.length > 0) throw new JourneyQuestionError(problems);
  return {
    ...active,
    fromUs,
    toUs,
    asOfUs,
    given: { from: question.from !== undefined, to: question.to !== undefined },
    segments: [...values].map(([index, texts]) => ({ index, values: texts })),
    by,
    timezone: question.timezone ?? journey.timezone,
    interval: question.interval ?? null,
    count: question.count ?? 'customers',
  };
}

/** The stage of an id, from 1. @throws JourneyQuestionError that names the nearest stages */
export function stageNumber(journey: Journey, id: string, pointer: string): number {
  const ids = journey.stages.map((stage) => stage.id);
  const index = ids.indexOf(id);
  if (index >= 0) return index + 1;
  const message = `"${id.slice(0, 60)}" is no stage of the journey ${journey.id}`;
  throw new JourneyQuestionError([{ pointer, message, known: ids, given: id }]);
}
