import type { Parameters } from './parameters.ts';
import type { Plan } from './plan.ts';
import { stepBits } from './sql-source.ts';
import { wideCode } from './sql-timeline.ts';

const { time } = wideCode;

/**
 * Attempts in any order, general form. Candidates are gone through once per start; `filled` is every set of steps (a mask)
 * that the accepted events can fill, so an event is accepted when some set grows: the greedy basis of a transversal
 * matroid (Edmonds & Fulkerson, 1965), hence a maximum matching of every prefix.
 *
 * Answers SQL that adds `any_attempts Array(Tuple(chain Array(UInt128), alive UInt8))`.
 */
export function anyFoldRelation(plan: Plan, timelines: string, parameters: Parameters): string {
  const count = plan.steps.length;
  const window = parameters.bind(plan.windowUs, 'UInt64');
  const asOf = parameters.bind(plan.asOfUs, 'UInt64');
  const grown = `arrayDistinct(arrayFlatten(arrayMap(f -> arrayMap(bit -> bitOr(f, bit), arrayFilter(bit -> bitAnd(f, bit) = 0, bitmaskToArray(event.2))), state.1)))`;
  const accept = `if(empty(next), state, (next, arrayPushBack(state.2, event.1)))`;
  const step = `arrayMap((next, state) -> ${accept}, [if(length(state.2) >= ${count}, [], ${grown})], [state])[1]`;
  const walked = `arrayFold((state, event) -> ${step}, candidates, ([toUInt32(0)], CAST([], 'Array(UInt128)'))).2`;
  const inWindow = `${time('e.1')} >= ${time('start.1')} AND ${time('e.1')} <= ${time('start.1')} + ${window} AND e.1 != start.1`;
  return `SELECT *, arrayMap(chain -> (arrayResize(chain, ${count}, toUInt128(0)), toUInt8(${time('chain[1]')} + ${window} >= ${asOf})), chains) AS any_attempts
FROM (
SELECT *, arrayMap(candidates -> ${walked}, arrayMap(start -> arrayPushFront(arrayFilter(e -> ${inWindow}, step_events), start), starts)) AS chains
FROM (
SELECT *, arrayFilter(e -> e.2 != 0, step_pairs) AS step_events, arrayFilter((e, is_entry) -> is_entry, step_pairs, entries) AS starts
FROM (
SELECT *, arrayMap((c, m) -> (c, bitAnd(m, toUInt32(${stepBits}))), codes, masks) AS step_pairs
FROM (
${timelines}
)
)
)
)`;
}
