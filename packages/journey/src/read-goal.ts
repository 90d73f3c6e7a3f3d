import { type Cursor, oneOrMore, shapeOf } from './cursor.ts';
import type { Goal } from './journey.ts';
import { journeyLimits } from './limits.ts';
import type { Report } from './problem.ts';
import { readNumber, readWord } from './scalars.ts';

/** What goals are measured by, with the values that are possible. */
export const goalMetrics = {
  advanced_rate: { min: 0, max: 1 },
  drop_off_rate: { min: 0, max: 1 },
  median_seconds: { min: 0, max: journeyLimits.durationUsMax / 1_000_000 },
  mean_sentiment: { min: -1, max: 1 },
  nps: { min: -100, max: 100 },
} as const satisfies Record<Goal['metric'], { min: number; max: number }>;

const metrics = Object.keys(goalMetrics) as readonly Goal['metric'][];

/** One goal or a list of them; faulty ones are left out. */
export function readGoals(cursor: Cursor | undefined, report: Report): Goal[] {
  if (cursor === undefined) return [];
  const given = oneOrMore(cursor, 'a goal or a list of goals', journeyLimits.goalsMax, report) ?? [];
  return given.map((each) => readGoal(each, report)).filter((goal) => goal !== null);
}

function readGoal(cursor: Cursor, report: Report): Goal | null {
  const members = shapeOf(cursor, ['metric', 'at_least', 'at_most'], ['metric'], report);
  if (members === null) return null;
  const named = members.get('metric');
  const metric = named === undefined ? null : readWord(named, metrics, report);
  const lower = members.get('at_least');
  const upper = members.get('at_most');
  if (lower === undefined && upper === undefined)
    report('goal_without_bound', cursor, 'a goal needs at_least or at_most');
  const atLeast = readBound(lower, metric, report);
  const atMost = readBound(upper, metric, report);
  if (atLeast !== null && atMost !== null && atLeast > atMost)
    report('number_out_of_range', cursor, 'at_least is greater than at_most');
  return metric === null ? null : { metric, atLeast, atMost };
}

function readBound(cursor: Cursor | undefined, metric: Goal['metric'] | null, report: Report): number | null {
  const number = cursor === undefined ? null : readNumber(cursor, 'a number', report);
  if (cursor === undefined || number === null || metric === null) return null;
  const { min, max } = goalMetrics[metric];
  if (number >= min && number <= max) return number;
  const percent = max === 1 && number > 1 && number <= 100 ? String(number / 100) : null;
  report('number_out_of_range', cursor, `${metric} lies between ${min} and ${max}`, percent);
  return null;
}
