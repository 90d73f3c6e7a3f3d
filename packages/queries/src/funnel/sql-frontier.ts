import type { Parameters } from './parameters.ts';
import type { Plan } from './plan.ts';
import { stepBits } from './sql-source.ts';
import { wideCode } from './sql-timeline.ts';

const { time, instant } = wideCode;
/** Longer than any window, and still a time when an event's time is added. */
const unlimitedUs = 2 ** 52;

const lastOf = (state: string) => `${state}.1[-1]`;
const order = (state: string) => `arrayMap(c -> ${instant('c')}, ${state}.1), ${state}.1, ${state}.2`;
const usedNow = (state: string) =>
  `arraySort(arrayFilter(c -> ${instant('c')} = ${instant(lastOf(state))}, ${state}.1))`;

/** Smallest step that a chain may come from when it goes to step i + 1. */
function comesFrom(plan: Plan, i: number): number {
  return plan.steps.slice(0, i).findLastIndex((step) => !step.optional) + 1;
}

/** Longest time after step i + 1 in which a chain can go on; 0 when all required steps are done. */
function aliveUs(plan: Plan, i: number): number {
  const required = plan.steps.findIndex((step, j) => j > i && !step.optional);
  if (required < 0) return 0;
  return Math.max(...plan.steps.slice(i + 1, required + 1).map(({ withinUs }) => withinUs ?? unlimitedUs));
}

/**
 * All attempts of a unit by walking a frontier of states over the steps, exact for everything in `docs/funnels.md` §3–4.
 * A state is (codes of the chain, its steps, events at its last instant). Two states with the same number of steps, the same last
 * instant and the same events used there have the same future, so only the better one stays. Without maximal gaps
 * a state also goes when another has an earlier last instant and is not worse. Simultaneous events with the same mask are
 * interchangeable and taken in canonical order.
 *
 * Answers SQL of `Array(Tuple(chain Array(UInt128), alive UInt8))` over `codes, masks, entries, last_instant`; only units where
 * `condition` holds are worked on.
 */
export function frontierRelation(plan: Plan, timelines: string, condition: string, parameters: Parameters): string {
  const strict = plan.order === 'strict';
  const bind = (us: number) => parameters.bind(us, 'UInt64');
  const window = bind(plan.windowUs);
  const asOf = bind(plan.asOfUs);
  const gapped = plan.steps.some((step) => step.withinUs !== null);
  const moves = plan.steps.slice(1).map((step, i) => {
    const values = [
      String(i + 2),
      String(comesFrom(plan, i + 1)),
      bind(step.atLeastUs),
      bind(step.withinUs ?? unlimitedUs),
    ];
    return `(${values.join(', ')})`;
  });
  const aliveGaps = `[${plan.steps.map((_, i) => bind(aliveUs(plan, i))).join(', ')}]`;

  const sameInstant = `${instant('e.1')} = ${instant(lastOf('s'))}`;
  const nextInstant = `(${instant('e.1')} > ${instant(lastOf('s'))})`;
  const rankOf = (code: string) => `bitAnd(${instant(code)}, 4294967295)`;
  const undisturbed = `(${instant(lastOf('s'))} = ${instant('s.1[1]')} OR length(${usedNow('s')}) = s.3)`;
  const moveOn = strict ? `(${rankOf('e.1')} = ${rankOf(lastOf('s'))} + 1 AND ${undisturbed})` : nextInstant;
  const fits = [
    `bitTest(e.2, move.1 - 1)`,
    `(${sameInstant} OR ${moveOn})`,
    'NOT has(s.1, e.1)',
    '(e.3 = 0 OR has(s.1, e.3))',
    `${time('e.1')} >= ${time(lastOf('s'))} + move.3`,
    `${time('e.1')} <= ${time(lastOf('s'))} + move.4`,
  ].join(' AND ');
  const sources = 'arrayFilter(s -> s.2[-1] >= move.2, states)';
  const options = `arrayMap(s -> arrayFilter(e -> ${fits}, candidates), ${sources})`;
  const useful = gapped || strict ? 'found' : `arrayFilter(e -> ${instant('e.1')} = ${instant('found[1].1')}, found)`;
  const extended = `arrayFlatten(arrayMap((s, found) -> arrayMap(e -> (arrayPushBack(s.1, e.1), arrayPushBack(s.2, toUInt8(move.1)), e.4), ${useful}), ${sources}, ${options}))`;
  const key = (state: string) => `(length(${state}.1), ${instant(lastOf(state))}, ${usedNow(state)})`;
  const distinct = `arrayCompact(n -> ${key('n')}, arraySort(n -> (${key('n')}, ${order('n')}), ${extended}))`;
  const worse = `arrayExists(o -> length(o.1) = length(n.1) AND ${instant(lastOf('o'))} < ${instant(lastOf('n'))} AND (${order('o')}) <= (${order('n')}), fresh)`;
  const pruned =
    gapped || strict
      ? distinct
      : `arrayFlatten(arrayMap(fresh -> arrayFilter(n -> NOT ${worse}, fresh), [${distinct}]))`;
  const start = '[([entry.1], [toUInt8(1)], entry.4)]';
  const walked =
    moves.length === 0
      ? start
      : `arrayFold((states, move) -> arrayConcat(states, ${pruned}), [${moves.join(', ')}], ${start})`;

  const chain = `arrayMap(i -> if(has(best.2, i), best.1[indexOf(best.2, i)], toUInt128(0)), [${plan.steps.map((_, i) => `toUInt8(${i + 1})`).join(', ')}])`;
  const goesOn = [
    `${time(lastOf('s'))} + ${aliveGaps}[s.2[-1]] >= ${asOf}`,
    ...(strict ? [`${instant(lastOf('s'))} = last_instant`] : []),
  ].join(' AND ');
  const alive = `(${time('best.1[1]')} + ${window} >= ${asOf} AND arrayExists(s -> s.2[-1] < ${plan.lastRequired} AND ${goesOn}, states))`;
  const best =
    'arraySort(s -> (-toInt16(s.2[-1]), -toInt16(length(s.1)), arrayMap(c -> bitShiftRight(c, 32), s.1), s.1, s.2), states)[1]';

  return `SELECT *, arrayMap((best, states) -> (${chain}, toUInt8(${alive})), arrayMap(states -> ${best}, walks), walks) AS frontier_attempts
FROM (
SELECT *, arrayMap((entry, candidates) -> ${walked}, starts, arrayMap(entry -> arrayFilter(e -> ${instant('e.1')} >= ${instant('entry.1')} AND ${time('e.1')} <= ${time('entry.1')} + ${window} AND bitAnd(e.2, ${stepBits}) != 0, events_by_code), starts)) AS walks
FROM (
SELECT *, arrayFilter((e, is_entry) -> is_entry, events_by_code, if(${condition}, entries, [])) AS starts
FROM (
${frontierEvents(timelines, condition)}
)
)
)`;
}

/** Adds `events_by_code`: (code, mask, code of the interchangeable event just before it or 0, events at its instant). */
function frontierEvents(timelines: string, condition: string): string {
  const first = `arrayFill(p -> p != 0, arrayMap((now, before, p) -> if(${instant('now')} != ${instant('before')}, p, 0), f_codes, arrayShiftRight(f_codes, 1, toUInt128(0)), arrayEnumerate(f_codes)))`;
  const last = `arrayReverseFill(p -> p != 0, arrayMap((now, after, p) -> if(${instant('now')} != ${instant('after')}, p, 0), f_codes, arrayShiftLeft(f_codes, 1, toUInt128(0)), arrayEnumerate(f_codes)))`;
  return `SELECT *, arraySort(e -> e.1, arrayMap((e, b) -> (e.2, e.4, if(e.1 = b.1 AND e.4 = b.4, b.2, toUInt128(0)), e.3), by_mask, arrayShiftRight(by_mask, 1, (toUInt128(0), toUInt128(0), toUInt32(0), toUInt32(0))))) AS events_by_code
FROM (
SELECT *, arraySort(e -> (e.1, e.4, e.2), arrayMap((c, m, a, z) -> (${instant('c')}, c, toUInt32(z - a + 1), m), f_codes, f_masks, ${first}, ${last})) AS by_mask
FROM (
SELECT *, if(${condition}, codes, []) AS f_codes, if(${condition}, masks, []) AS f_masks
FROM (
${timelines}
)
)
)`;
}
