import type { Journey } from '@michinori/journey';
import type { Parameters } from '../funnel/parameters.ts';
import type { DerivePlan } from './plan.ts';

/** A silence that never comes, µs. */
const forever = '4611686018427387904';

/**
 * One step of the walk as parts of the fold's next state. The state `a` is (stage, longest silence it survives[, time of its entry], …), the event `e` is
 * (level, stage after entering it, whether it exits, longest silence after entering it, silence before it[, its time]); the parts in brackets
 * only where an entry may be later than the last activity.
 */
interface Step {
  readonly before: string;
  readonly state: readonly string[];
}

function stepSql({ progress, activity }: Journey): Step {
  const silence = activity === 'any' ? 'e.5' : 'least(e.5, e.6 - a.3)';
  const before = `if(${silence} > a.2, toUInt8(0), a.1)`;
  const enters = progress === 'forward' ? `e.1 > ${before}` : `(e.1 != 0 AND e.1 != ${before})`;
  const after = `multiIf(e.3 != 0, toUInt8(0), ${enters}, e.2, ${before})`;
  const entered = activity === 'any' ? [] : [`if(${enters}, e.6, a.3)`];
  return { before, state: [after, `if(${enters}, e.4, a.2)`, ...entered] };
}

/** SQL of the longest silence that a visit to a stage survives, and of the stages that are terminal. */
export function stageConstants(plan: DerivePlan, parameters: Parameters) {
  const { stages } = plan.journey;
  const mortal = stages.flatMap(({ lostAfterUs }, i) => (lostAfterUs === null ? [] : [{ stage: i + 1, lostAfterUs }]));
  const terminal = stages.flatMap((stage, i) => (stage.terminal ? [i + 1] : []));
  const numbers = parameters.bind(
    mortal.map(({ stage }) => stage),
    'Array(UInt8)',
  );
  const silences = parameters.bind(
    mortal.map(({ lostAfterUs }) => lostAfterUs),
    'Array(Int64)',
  );
  const terminals = parameters.bind(terminal, 'Array(UInt8)');
  return {
    limit: (stage: string) =>
      mortal.length === 0 ? `toInt64(${forever})` : `transform(${stage}, ${numbers}, ${silences}, toInt64(${forever}))`,
    afterEntering: (stage: string) =>
      terminal.length === 0 ? stage : `if(has(${terminals}, ${stage}), toUInt8(0), ${stage})`,
  };
}

/**
 * Adds to the arrays of `unitLevels`: `since` (time of the last activity before the event, 0 none), `befores` (the stage just before the event is
 * looked at, after any silence; 0 none).
 *
 * The walk is a fold over all events. A fold costs a fixed time per step of the longest array, so long timelines are cut into chunks that are folded side
 * by side: first every chunk from every stage, then along the chunks to see which stage each begins with, then again from there. A cut is made after an
 * activity, because from there on the time of an entry doesn't matter and the stage alone is the state.
 */
export function unitWalk(plan: DerivePlan, levels: string, chunkEvents: number, parameters: Parameters): string {
  const { limit, afterEntering } = stageConstants(plan, parameters);
  const { before, state } = stepSql(plan.journey);
  const isAny = plan.journey.activity === 'any';
  const chunk = parameters.bind(chunkEvents, 'UInt64');
  const states = `arrayMap(s -> toUInt8(s), range(${plan.journey.stages.length + 1}))`;
  const since = isAny
    ? 'arrayShiftRight(times, 1, toInt64(0))'
    : 'arrayShiftRight(arrayFill(t -> t != 0, arrayMap((t, refreshes) -> if(refreshes, t, toInt64(0)), times, refreshes)), 1, toInt64(0))';
  const elements = `arrayZip(${[
    'levels',
    `arrayMap(s -> ${afterEntering('s')}, levels)`,
    'exits',
    `arrayMap(s -> ${limit('s')}, levels)`,
    'arrayMap((t, since) -> t - since, times, since)',
    ...(isAny ? [] : ['times']),
  ].join(', ')})`;
  const numbered = `arrayFill((number, cut) -> cut, arrayMap(place -> toInt64(intDiv(place - 1, ${chunk})), arrayEnumerate(times)), arrayShiftRight(refreshes, 1, toUInt8(0)))`;
  const initial = ['s', limit('s'), ...(isAny ? [] : ['toInt64(0)'])].join(', ');
  const narrow = `arrayFold((a, e) -> (${state.join(', ')}), chunk, (${initial})).1`;
  const wide = `arrayFold((a, e) -> (${[...state, `arrayPushBack(a.${state.length + 1}, ${before})`].join(', ')}), chunk, (${initial}, emptyArrayUInt8())).${state.length + 1}`;
  return `SELECT * EXCEPT (chunks, starts), arrayFlatten(arrayMap((chunk, s) -> ${wide}, chunks, arrayResize(starts, length(chunks)))) AS befores
FROM (
SELECT * EXCEPT ends, arrayFold((found, by_start) -> arrayPushBack(found, by_start[found[-1] + 1]), ends, [toUInt8(0)]) AS starts
FROM (
SELECT *, arrayMap(chunk -> arrayMap(s -> ${narrow}, ${states}), arrayPopBack(chunks)) AS ends
FROM (
SELECT * EXCEPT numbered, arraySplit((e, now, before) -> now != before, ${elements}, numbered, arrayShiftRight(numbered, 1, toInt64(0))) AS chunks
FROM (
SELECT *, ${since} AS since, ${numbered} AS numbered
FROM (\n${levels}\n)
)
)
)
)`;
}
