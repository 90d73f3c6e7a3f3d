import type { DerivePlan } from './plan.ts';

const onPath = (array: string) => `arrayFilter((x, enter, after) -> enter OR after != 0, ${array}, enters, afters)`;

/** Columns `path_…`: the events inside visits, exits left out. */
export const pathColumns: readonly string[] = [
  `${onPath('times')} AS path_at`,
  `${onPath('opened')} AS path_visit`,
  `${onPath('names')} AS path_touchpoint`,
];

/** Columns of which the touches are made: every step's pair of visit and touchpoint as a number, and its place among its likes from both ends. */
export const pairColumns: readonly string[] = [
  'arrayEnumerateDense(path_visit, path_touchpoint) AS pairs',
  'arrayEnumerateUniq(path_visit, path_touchpoint) AS nths',
  'arrayReverse(arrayEnumerateUniq(arrayReverse(path_visit), arrayReverse(path_touchpoint))) AS nths_last',
];

const first = (array: string) => `arrayFilter((x, nth) -> nth = 1, ${array}, nths)`;
// The last ones stand in the order of the last touch; sorted by pair they stand in that of the first one.
const last = (array: string) =>
  `arraySort((x, pair) -> pair, arrayFilter((x, nth) -> nth = 1, ${array}, nths_last), arrayFilter((x, nth) -> nth = 1, pairs, nths_last))`;

/** Columns `touch_…`: the path by visit and touchpoint, in the order of the first touch. */
export const touchColumns: readonly string[] = [
  `${first('path_visit')} AS touch_visit`,
  `${first('path_touchpoint')} AS touch_touchpoint`,
  `${first('path_at')} AS touch_first`,
  `${last('path_at')} AS touch_last`,
  `${first('nths_last')} AS touch_count`,
  `${last('arrayMap((visit, next) -> toUInt8(visit != next), path_visit, arrayShiftLeft(path_visit, 1, 0))')} AS touch_is_last`,
];

/** Columns `response_…`: what customers said or were asked. */
export function responseColumns(plan: DerivePlan): readonly string[] {
  const said = (array: string) =>
    `arrayFilter((x, name, score, mood) -> score >= 0 OR mood != 2 OR name = 'nps.asked', ${array}, names, scores, moods)`;
  const customers = plan.journey.unit === 'customer' ? 'arrayMap(t -> unit_key, times)' : 'person_key';
  const after = `arrayFill(name -> NOT startsWith(name, 'nps.'), arrayShiftRight(names, 1, ''))`;
  return [
    `${said('times')} AS response_at`,
    `${said('stands')} AS response_visit`,
    `${said(customers)} AS response_customer`,
    `${said('names')} AS response_touchpoint`,
    `${said(after)} AS response_after`,
    `${said('scores')} AS response_nps`,
    `${said('moods')} AS response_sentiment`,
    `arrayMap(name -> toUInt8(name = 'nps.asked'), response_touchpoint) AS response_asked`,
  ];
}
