import { filterSubject } from '../funnel/filter.ts';
import type { Parameters } from '../funnel/parameters.ts';
import { filterSql } from '../funnel/sql-match.ts';
import { conditionFilter, type DerivePlan } from './plan.ts';
import { traitValue } from './sql-as-of.ts';
import { stageConstants } from './sql-walk.ts';

/** Outcomes as the table numbers them. */
const outcome = { open: 0, advanced: 1, returned: 2, lost: 3, silent: 4, completed: 5 } as const;

/**
 * Adds to the arrays of `unitWalk`: `enters` (whether the event opens a visit), `afters` (the stage after the event), `opened` (number of
 * visits so far), `stands` (the visit that the event stands in, 0 none), `active` (time of the last activity of the visit before the event).
 */
export function unitTransitions(plan: DerivePlan, walk: string, parameters: Parameters): string {
  const { afterEntering } = stageConstants(plan, parameters);
  const enters = plan.journey.progress === 'forward' ? 'level > before' : '(level != 0 AND level != before)';
  const entries = 'arrayFill(t -> t != 0, arrayMap((t, enter) -> if(enter, t, toInt64(0)), times, enters))';
  return `SELECT *, arrayMap((enter, after, exit, before, visit) -> if(enter OR after != 0 OR (exit != 0 AND before != 0), visit, 0), enters, afters, exits, befores, opened) AS stands,
  arrayMap((entered, since) -> greatest(entered, since), arrayShiftRight(entries, 1, toInt64(0)), since) AS active
FROM (
SELECT *, arrayCumSum(enters) AS opened, ${entries} AS entries,
  arrayMap((enter, level, exit, before) -> multiIf(exit != 0, toUInt8(0), enter, ${afterEntering('level')}, before), enters, levels, exits, befores) AS afters
FROM (
SELECT *, arrayMap((level, before) -> toUInt8(${enters}), levels, befores) AS enters
FROM (\n${walk}\n)
)
)`;
}

function reasonSql(plan: DerivePlan, parameters: Parameters): string {
  const cases = plan.journey.exit.flatMap(({ reason }, i) => {
    if (reason === null) return [];
    const value =
      'text' in reason ? parameters.bind(reason.text, 'String') : `reason_${plan.reasons.indexOf(reason.property)}`;
    return [`exit = ${255 - i}, ${value}`];
  });
  return cases.length === 0 ? `''` : `multiIf(${cases.join(', ')}, '')`;
}

/**
 * `ends`: how the visits ended, in their order, as (order, ended, outcome, next, reason, active). What ends a visit and what opens one may be the same
 * event; a completed visit ends with the event that opens it; the last one may still be open.
 */
export function endsSql(plan: DerivePlan, parameters: Parameters): string {
  const { limit } = stageConstants(plan, parameters);
  const reasons = plan.reasons.map((_, i) => `reason_${i}`);
  const variables = ['place', 't', 'level', 'exit', 'refresh', 'previous', 'before', 'active', ...reasons];
  const arrays = [
    'arrayEnumerate(times)',
    ...['times', 'levels', 'exits', 'refreshes', 'arrayShiftRight(afters, 1, toUInt8(0))', 'befores', 'active'],
    ...reasons,
  ];
  const isEnd = 'previous != 0 AND (before = 0 OR exit != 0 OR enter)';
  const kept = (array: string) =>
    `arrayFilter((x, previous, before, exit, enter) -> ${isEnd}, ${array}, arrayShiftRight(afters, 1, toUInt8(0)), befores, exits, enters)`;
  const moved = `if(level > before, ${outcome.advanced}, ${outcome.returned})`;
  const fields = [
    'toUInt64(2 * place)',
    `if(before = 0, active + ${limit('previous')}, t)`,
    `toUInt8(multiIf(before = 0, ${outcome.silent}, exit != 0, ${outcome.lost}, ${moved}))`,
    'if(before = 0 OR exit != 0, toUInt8(0), level)',
    `if(before = 0, '', ${reasonSql(plan, parameters)})`,
    'if(before != 0 AND exit != 0 AND refresh, t, active)',
  ];
  const ended = `arrayMap((${variables.join(', ')}) -> (${fields.join(', ')}), ${arrays.map(kept).join(', ')})`;
  const completes = (array: string) =>
    `arrayFilter((x, enter, after) -> enter AND after = 0, ${array}, enters, afters)`;
  const completed = `arrayMap((place, t) -> (toUInt64(2 * place + 1), t, toUInt8(${outcome.completed}), toUInt8(0), '', t), ${completes('arrayEnumerate(times)')}, ${completes('times')})`;
  const lastActivity =
    'greatest(entries[-1], arrayMax(arrayMap((t, refresh) -> if(refresh, t, toInt64(0)), times, refreshes)))';
  const open = `if(afters[-1] != 0, [(toUInt64(2 * length(times) + 2), toInt64(0), toUInt8(${outcome.open}), toUInt8(0), '', ${lastActivity})], [])`;
  return `arraySort(end -> end.1, arrayConcat(${ended}, ${completed}, ${open})) AS ends`;
}

/** Per visit the values of the journey's segments as of its entry. */
export function segmentsSql(plan: DerivePlan, parameters: Parameters): string {
  const { segments, personas } = plan.journey;
  const traits = plan.traits.map((_, i) => `trait_${i}`);
  const entering = traits.map(
    (trait) => `arrayFilter((value, enter) -> enter, arrayFill(value -> value != '', ${trait}), enters)`,
  );
  const resolve = (name: string) => traitValue(`trait_${plan.traits.indexOf(name)}`);
  const persona = () => {
    const cases = personas.map(({ id, where }) => {
      const filters = where.map(conditionFilter);
      const holds = filters.map((filter) => {
        const subject = filterSubject(filter);
        if (subject.kind !== 'trait') throw new Error(`persona ${id} looks at ${subject.kind}, which is no trait`);
        return filterSql(filter, () => resolve(subject.name), parameters);
      });
      return `${holds.length === 0 ? '1' : holds.join(' AND ')}, ${parameters.bind(id, 'String')}`;
    });
    return cases.length === 0 ? `''` : `multiIf(${cases.join(', ')}, '')`;
  };
  const values = segments.map((name) => (name === 'persona' ? persona() : resolve(name).value));
  const list = values.length === 0 ? 'emptyArrayString()' : `[${values.join(', ')}]`;
  const stages = 'arrayFilter((level, enter) -> enter, levels, enters)';
  return `arrayMap((${['level', ...traits].join(', ')}) -> ${list}, ${[stages, ...entering].join(', ')}) AS visit_segments`;
}
