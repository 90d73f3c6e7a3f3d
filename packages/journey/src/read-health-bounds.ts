import type { Members } from './cursor.ts';
import type { Place, Report } from './problem.ts';
import { readInteger, readNumber } from './scalars.ts';

export interface BoundsWanted {
  readonly min: number;
  readonly max: number;
  readonly isWhole: boolean;
  /** What `at_least` is if no bound is given; without it a bound is needed. */
  readonly atLeast?: number;
  /** Whether only one of both makes sense. */
  readonly isSingle?: boolean;
}

export interface Bounds {
  readonly atLeast: number | null;
  readonly atMost: number | null;
}

/** `at_least` and `at_most` (inclusive) of a health rule; null, reported (missing ones at `named`), if they are wrong. */
export function readBounds(members: Members, named: Place, wanted: BoundsWanted, report: Report): Bounds | null {
  const { min, max, isWhole, isSingle = false } = wanted;
  const [lower, upper] = [members.get('at_least'), members.get('at_most')];
  if (lower === undefined && upper === undefined) {
    if (wanted.atLeast !== undefined) return { atLeast: wanted.atLeast, atMost: null };
    report('health_bound', named, `at_least or at_most is missing: from ${min} to ${max}`);
    return null;
  }
  if (isSingle && lower !== undefined && upper !== undefined) {
    report('health_bound', upper, 'a trend is a rise (at_least) or a fall (at_most), not both');
    return null;
  }
  const bound = (key: 'at_least' | 'at_most', smallest: number): number | null | undefined => {
    const given = members.get(key);
    if (given === undefined) return undefined;
    if (isWhole) return readInteger(given, smallest, max, report);
    const number = readNumber(given, 'a number', report);
    if (number === null || (number >= min && number <= max)) return number;
    report('number_out_of_range', given, `must be a number from ${min} to ${max}`);
    return null;
  };
  const [atLeast, atMost] = [bound('at_least', isWhole ? 1 : min), bound('at_most', min)];
  if (atLeast === null || atMost === null) return null;
  if (atLeast !== undefined && atMost !== undefined && atLeast > atMost && upper !== undefined) {
    report('number_out_of_range', upper, 'at_least is greater than at_most');
    return null;
  }
  return { atLeast: atLeast ?? null, atMost: atMost ?? null };
}
