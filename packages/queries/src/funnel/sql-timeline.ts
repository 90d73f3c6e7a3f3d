import type { Parameters } from './parameters.ts';
import type { Plan } from './plan.ts';
import { eventRows, stepBits } from './sql-source.ts';

const low32 = '4294967295';

/** How event codes are read: narrow codes are times in microseconds; wide codes are time, rank of instant, position. */
export interface Code {
  readonly none: string;
  time(code: string): string;
  /** Orders instants. */
  instant(code: string): string;
  position(code: string): string;
}

export const narrowCode: Code = {
  none: 'toUInt64(0)',
  time: (code) => code,
  instant: (code) => code,
  position: () => '0',
};

export const wideCode: Code = {
  none: 'toUInt128(0)',
  time: (code) => `toUInt64(bitShiftRight(${code}, 64))`,
  instant: (code) => `bitShiftRight(${code}, 32)`,
  position: (code) => `toUInt32(bitAnd(${code}, ${low32}))`,
};

const lowestStepBit = `bitAnd(bitAnd(mask, ${stepBits}), bitNot(bitAnd(mask, ${stepBits})) + 1)`;

function isEntry(plan: Plan, mask: string, time: string, parameters: Parameters): string {
  const step = plan.order === 'any' ? `bitAnd(${mask}, ${stepBits}) != 0` : `bitTest(${mask}, 0)`;
  return `(${step} AND ${time} < ${parameters.bind(plan.toUs, 'UInt64')})`;
}

/**
 * Per unit `codes` and `masks`, sorted by instant, simultaneous events by step; copies are equal neighbours and dropped.
 * An event is one number while it is sorted: time, sequence, lowest step, content hash, mask.
 */
export function narrowTimelines(plan: Plan, parameters: Parameters): string {
  const event = [
    'bitShiftLeft(toUInt256(time), 192)',
    'bitShiftLeft(toUInt256(bitXor(reinterpretAsUInt64(sequence), 9223372036854775808)), 128)',
    `bitShiftLeft(toUInt256(${lowestStepBit}), 96)`,
    'bitShiftLeft(toUInt256(hash), 32)',
    'toUInt256(mask)',
  ].reduce((all, part) => `bitOr(${all}, ${part})`);
  return `SELECT unit, arrayMap(e -> toUInt64(bitShiftRight(e, 192)), events) AS codes, arrayMap(e -> toUInt32(bitAnd(e, ${low32})), events) AS masks,
  arrayMap((m, c) -> ${isEntry(plan, 'm', 'c', parameters)}, masks, codes) AS entries
FROM (
SELECT unit, arrayCompact(arraySort(groupArray(${event}))) AS events
FROM (\n${eventRows(plan, parameters)}\n)
GROUP BY unit
HAVING max(${isEntry(plan, 'mask', 'time', parameters)})
)`;
}

/** Whether chains are bound to equal values of something. */
export function hasHeld(plan: Plan): boolean {
  return plan.hold.length > 0 || plan.breakdown?.attribution === 'all';
}

/** Whether events with other held values still matter (as other events of strict, or as exclusions). */
function needsWholeTimeline(plan: Plan): boolean {
  return plan.order === 'strict' || plan.exclusions.length > 0;
}

/**
 * Per unit (and held value) parallel arrays `codes, masks, entries, ids` and, where asked for, `labels, has_labels`; `tied` says
 * whether two events share an instant, `last_instant` is that of the whole timeline. Canonical order, except that
 * simultaneous events go by step where the fill engine relies on it.
 */
export function wideTimelines(plan: Plan, parameters: Parameters): string {
  const held = hasHeld(plan);
  const split = held && needsWholeTimeline(plan);
  const labelled = plan.breakdown !== null;
  const fields = [
    'instant',
    'id',
    'hash',
    'mask',
    ...(labelled ? ['label', 'has_label'] : []),
    ...(split ? ['held'] : []),
  ];
  const at = (field: string) => `events.${fields.indexOf(field) + 1}`;
  const order =
    plan.engine === 'fill' ? `(e.1, ${lowestStepBit.replaceAll('mask', 'e.4')}, e.2, e.3)` : '(e.1, e.2, e.3)';
  const keys = held && !split ? 'unit, held' : 'unit';
  const instant =
    'bitOr(bitShiftLeft(toUInt128(time), 64), toUInt128(bitXor(reinterpretAsUInt64(sequence), 9223372036854775808))) AS instant';
  const grouped = `SELECT ${keys}, arrayCompact(e -> (e.1, e.3), arraySort(e -> ${order}, groupArray((${fields.join(', ')})))) AS events
FROM (SELECT *, ${instant} FROM (\n${eventRows(plan, parameters)}\n))
GROUP BY ${keys}
HAVING max(${isEntry(plan, 'mask', 'time', parameters)})`;
  const arrays = [
    keys,
    `${at('instant')} AS instants`,
    `${at('id')} AS ids`,
    `${at('mask')} AS own_masks`,
    'arrayCumSum(arrayMap((now, before) -> now != before, instants, arrayShiftRight(instants, 1, toUInt128(0)))) AS ranks',
    `arrayMap((i, r, p) -> bitOr(bitShiftLeft(bitShiftRight(i, 64), 64), toUInt128(bitOr(bitShiftLeft(toUInt64(r), 32), toUInt64(p)))), instants, ranks, arrayEnumerate(instants)) AS codes`,
    'ranks[-1] != length(ranks) AS tied',
    `${wideCode.instant('codes[-1]')} AS last_instant`,
    ...(labelled ? [`${at('label')} AS labels`, `${at('has_label')} AS has_labels`] : []),
  ];
  const entryOf = `arrayMap((m, c) -> ${isEntry(plan, 'm', wideCode.time('c'), parameters)}, masks, codes) AS entries`;
  if (!split) {
    return `SELECT *, own_masks AS masks, ${entryOf}\nFROM (\nSELECT ${arrays.join(', ')}\nFROM (\n${grouped}\n)\n)`;
  }
  const visible = `arrayMap((m, h) -> if(h = held, m, bitAnd(m, bitNot(toUInt32(${stepBits})))), own_masks, helds) AS masks`;
  const possible = `arrayDistinct(arrayFilter((h, m) -> bitAnd(m, ${plan.order === 'any' ? stepBits : 1}) != 0, helds, own_masks))`;
  return `SELECT *, ${visible}, ${entryOf}
FROM (\nSELECT ${arrays.join(', ')}, ${at('held')} AS helds\nFROM (\n${grouped}\n)\n)
ARRAY JOIN ${possible} AS held`;
}
