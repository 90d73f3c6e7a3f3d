import type { Parameters } from '../funnel/parameters.ts';
import type { JourneyScope } from './scope.ts';
import { outcomes, visitRows } from './visits.ts';

/** What is asked about paths. */
export interface PathsQuestion {
  /** Only visits to this stage, from 1; null: all. */
  readonly stage: number | null;
  /** Rows at most. */
  readonly limit: number;
}

/**
 * SQL that cuts an array of `unit_journeys` whose items stand in visits (`places`: the array of their numbers, such as `path_visit`) into
 * one array for each visit. Every visit has touches, and they stand in the order of the visits.
 */
export function perVisit(array: string, places: 'path_visit' | 'touch_visit'): string {
  return `arraySplit((x, visit, before) -> visit != before, ${array}, ${places}, arrayShiftRight(${places}, 1))`;
}

/**
 * SQL of the visits of a scope with their touches up to asOf, in order: the columns of `visitRows` and `steps` (touchpoints, never
 * empty), `times` (µs), both of one length. Buckets are left out.
 */
export function pathVisits(
  scope: JourneyScope,
  { stage }: Pick<PathsQuestion, 'stage'>,
  parameters: Parameters,
  cohort: 'range' | 'all' = 'range',
): string {
  const asOf = parameters.bind(scope.asOfUs, 'Int64');
  return visitRows({ ...scope, interval: null }, parameters, {
    cohort,
    ...(stage === null ? {} : { stages: [stage] }),
    arrays: [
      `${perVisit('path_touchpoint', 'path_visit')} AS own_steps`,
      `${perVisit('path_at', 'path_visit')} AS own_times`,
    ],
    columns: [
      `arrayCount(at -> at <= ${asOf}, own_times) AS known`,
      'arrayMap(name -> toString(name), arraySlice(own_steps, 1, known)) AS steps',
      'arraySlice(own_times, 1, known) AS times',
    ],
  });
}

/** SQL of an outcome's name. */
export const outcomeName = `transform(outcome, [${Object.values(outcomes).join(', ')}], [${Object.keys(outcomes)
  .map((name) => `'${name}'`)
  .join(', ')}], '')`;

/** A page of at most `limit` of rows that were asked for with one row more. */
export function cutTo<R>(rows: readonly R[], limit: number): { rows: readonly R[]; isTruncated: boolean } {
  return { rows: rows.slice(0, limit), isTruncated: rows.length > limit };
}

/** The id of a stage's number. */
export function stageId({ journey }: JourneyScope, stage: number): string {
  return journey.stages[stage - 1]?.id ?? '';
}
