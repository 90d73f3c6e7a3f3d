import type { Parameters } from './parameters.ts';
import type { Plan } from './plan.ts';
import { eventRows, stepBits } from './sql-source.ts';
import { isEntry, lowestStepBit, wideCode } from './sql-timeline.ts';

/** Whether chains are bound to equal values of something. */
export function hasHeld(plan: Plan): boolean {
  return plan.hold.length > 0 || plan.breakdown?.attribution === 'all';
}

/** Whether events with other held values still matter (as other events of strict, or as exclusions). */
export function isSplit(plan: Plan): boolean {
  return hasHeld(plan) && (plan.order === 'strict' || plan.exclusions.length > 0);
}

/**
 * One row per unit and held value, with the unit's whole timeline: the steps of events with another held value are
 * taken out of `masks`, but they stay in `codes` and `own_masks`. Columns as in `sql-wide.ts`; events are tuples while they are sorted.
 */
export function splitTimelines(plan: Plan, parameters: Parameters): string {
  const labelled = plan.breakdown !== null;
  const fields = ['instant', 'id', 'hash', 'mask', ...(labelled ? ['label', 'has_label'] : []), 'held'];
  const at = (field: string) => `events.${fields.indexOf(field) + 1}`;
  const order =
    plan.engine === 'fill' ? `(e.1, ${lowestStepBit.replaceAll('mask', 'e.4')}, e.2, e.3)` : '(e.1, e.2, e.3)';
  const instant =
    'bitOr(bitShiftLeft(toUInt128(time), 64), toUInt128(bitXor(reinterpretAsUInt64(sequence), 9223372036854775808))) AS instant';
  const grouped = `SELECT unit, arrayCompact(e -> (e.1, e.3), arraySort(e -> ${order}, groupArray((${fields.join(', ')})))) AS events
FROM (SELECT *, ${instant} FROM (\n${eventRows(plan, parameters)}\n))
GROUP BY unit
HAVING max(${isEntry(plan, 'mask', 'time', parameters)})`;
  const columns = [
    'unit',
    `${at('instant')} AS instants`,
    `${at('id')} AS ids`,
    `${at('mask')} AS own_masks`,
    ...rankColumns('bitShiftRight(i, 64)'),
    ...(labelled ? [`${at('label')} AS labels`, `${at('has_label')} AS has_labels`] : []),
    `${at('held')} AS helds`,
  ];
  const visible = `arrayMap((m, h) -> if(h = held, m, bitAnd(m, bitNot(toUInt32(${stepBits})))), own_masks, helds) AS masks`;
  const possible = `arrayDistinct(arrayFilter((h, m) -> bitAnd(m, ${plan.order === 'any' ? stepBits : 1}) != 0, helds, own_masks))`;
  const entries = `arrayMap((m, c) -> ${isEntry(plan, 'm', wideCode.time('c'), parameters)}, masks, codes) AS entries`;
  return `SELECT *, ${visible}, ${entries}
FROM (\nSELECT ${columns.join(', ')}\nFROM (\n${grouped}\n)\n)
ARRAY JOIN ${possible} AS held`;
}

/** `codes`, `tied` and `last_instant` of sorted `instants`; `time` is the time of an instant `i`. */
export function rankColumns(time: string): readonly string[] {
  return [
    'arrayCumSum(arrayMap((now, before) -> now != before, instants, arrayShiftRight(instants, 1, toUInt128(0)))) AS ranks',
    `arrayMap((i, r, p) -> bitOr(bitShiftLeft(${time}, 64), toUInt128(bitOr(bitShiftLeft(toUInt64(r), 32), toUInt64(p)))), instants, ranks, arrayEnumerate(instants)) AS codes`,
    'ranks[-1] != length(ranks) AS tied',
    `${wideCode.instant('codes[-1]')} AS last_instant`,
  ];
}
