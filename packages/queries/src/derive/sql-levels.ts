import type { Parameters } from '../funnel/parameters.ts';
import { eventLayout, flagPart, numberPart } from './event-layout.ts';
import type { DerivePlan, PlannedRule } from './plan.ts';

/** Below every time, and far enough from it that no window reaches it. */
const never = '-4611686018427387904';

/**
 * Places of all events, doubled, and before each that completes the count its double less one. Of the fitting events, the one `times − 1` places
 * before tells. They are merged by sorting, because a lookup in an array costs the square of its length.
 */
function completedSql(
  fits: string,
  { times, withinUs }: NonNullable<PlannedRule['count']>,
  parameters: Parameters,
): string {
  const fitting = (array: string) => `arrayFilter((x, fit) -> fit, ${array}, ${fits})`;
  const earlier = `arrayShiftRight(${fitting('times')}, ${parameters.bind(times - 1, 'UInt32')}, toInt64(${never}))`;
  const within = withinUs === null ? '' : ` AND t - earlier <= ${parameters.bind(withinUs, 'Int64')}`;
  const complete = `arrayFilter((place, t, earlier) -> earlier != ${never}${within}, ${fitting('places')}, ${fitting('times')}, ${earlier})`;
  return `arraySort(arrayConcat(arrayMap(p -> toInt64(2 * p), places), arrayMap(p -> toInt64(2 * p - 1), ${complete})))`;
}

/** Flags of all events, from the merged places. */
function flagsSql(merged: string): string {
  return `arrayFilter((flag, p) -> bitAnd(p, 1) = 0, arrayMap((p, before) -> toUInt8(before + 1 = p), ${merged}, arrayShiftRight(${merged}, 1, toInt64(0))), ${merged})`;
}

/**
 * Per unit the arrays of its events: `times, names, scores, moods, levels` (the latest stage that the event matches; 0 for exits), `exits` (256 − number
 * of the first exit that matches, 0 none), `refreshes` (whether it is activity), `trait_N`, `reason_N`.
 */
export function unitLevels(plan: DerivePlan, units: string, parameters: Parameters): string {
  const layout = eventLayout(plan, 'unit');
  const kept = [
    ...plan.traits.map((_, i) => `trait_${i}`),
    ...plan.reasons.map((_, i) => `reason_${i}`),
    ...(plan.journey.unit === 'account' ? ['person_key'] : []),
  ];
  const fits = plan.later.map((_, i) => `fit_${i}`);
  const columns = [
    ...['unit_key', 'unit', 'anonymous', 'rank'],
    `arrayMap(n -> ${numberPart.time('n')}, ${layout.at('events', 'number')}) AS times`,
    `arrayMap(n -> ${numberPart.flags('n')}, ${layout.at('events', 'number')}) AS flags`,
    `${layout.at('events', 'name')} AS names`,
    `${layout.at('events', 'score')} AS scores`,
    `${layout.at('events', 'mood')} AS moods`,
    ...[...kept, ...fits].map((field) => `${layout.at('events', field)} AS ${field}`),
    ...(plan.later.some(({ count }) => count !== null)
      ? ['arrayMap(p -> toInt64(p), arrayEnumerate(events)) AS places']
      : []),
  ];
  const merged = plan.later.flatMap(({ count }, i) =>
    count === null ? [] : [`, ${completedSql(`fit_${i}`, count, parameters)} AS completed_${i}`],
  );
  const matches = plan.later.map(({ count }, i) => (count === null ? `fit_${i}` : flagsSql(`completed_${i}`)));
  const names = plan.later.map((_, i) => `match_${i}`);
  const greatest = (plain: string, target: PlannedRule['target'], value: (rule: PlannedRule) => number) => {
    const terms = plan.later.flatMap((rule, i) => (rule.target === target ? [`match_${i} * ${value(rule)}`] : []));
    return terms.length === 0 ? plain : `greatest(${[plain, ...terms].join(', ')})`;
  };
  const level = greatest(flagPart.level('flag'), 'stage', ({ number }) => number);
  const exit = greatest(flagPart.exit('flag'), 'exit', ({ number }) => 256 - number);
  const lambda = `(${['flag', ...names].join(', ')})`;
  const arrays = ['flags', ...names].join(', ');
  const base = ['unit_key', 'unit', 'anonymous', 'rank', 'times', 'names', 'scores', 'moods', ...kept];
  return `SELECT ${base.join(', ')}, exits,
  arrayMap((level, exit) -> toUInt8(if(exit = 0, level, 0)), all_levels, exits) AS levels,
  arrayMap(flag -> toUInt8(${flagPart.refreshes('flag')}), flags) AS refreshes
FROM (
SELECT *, arrayMap(${lambda} -> toUInt8(${level}), ${arrays}) AS all_levels, arrayMap(${lambda} -> toUInt8(${exit}), ${arrays}) AS exits
FROM (
SELECT *${matches.map((sql, i) => `, ${sql} AS match_${i}`).join('')}
FROM (
SELECT *${merged.join('')}
FROM (
SELECT ${columns.join(', ')}
FROM (\n${units}\n)
)
)
)
)`;
}
