import type { Parameters } from './parameters.ts';
import type { Plan } from './plan.ts';
import { eventRows, stepBits } from './sql-source.ts';

export const low32 = '4294967295';

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

export const lowestStepBit = `bitAnd(bitAnd(mask, ${stepBits}), bitNot(bitAnd(mask, ${stepBits})) + 1)`;

export function isEntry(plan: Plan, mask: string, time: string, parameters: Parameters): string {
  const step = plan.order === 'any' ? `bitAnd(${mask}, ${stepBits}) != 0` : `bitTest(${mask}, 0)`;
  return `(${step} AND ${time} < ${parameters.bind(plan.toUs, 'UInt64')})`;
}

/**
 * An event as one number, which is what sorting is fast with: 64 bits each of time and sequence, 32 of `slot`, 64 of the content hash,
 * 32 of the mask. Copies are equal numbers.
 */
export function eventNumber(slot: string, mask: string): string {
  return [
    'bitShiftLeft(toUInt256(time), 192)',
    'bitShiftLeft(toUInt256(bitXor(reinterpretAsUInt64(sequence), 9223372036854775808)), 128)',
    ...(slot === '0' ? [] : [`bitShiftLeft(toUInt256(${slot}), 96)`]),
    'bitShiftLeft(toUInt256(hash), 32)',
    `toUInt256(${mask})`,
  ].reduce((all, part) => `bitOr(${all}, ${part})`);
}

/** Per unit `codes` and `masks`, sorted by instant, simultaneous events by step; copies are equal neighbours and dropped. */
export function narrowTimelines(plan: Plan, parameters: Parameters): string {
  const event = eventNumber(lowestStepBit, 'mask');
  return `SELECT unit, arrayMap(e -> toUInt64(bitShiftRight(e, 192)), events) AS codes, arrayMap(e -> toUInt32(bitAnd(e, ${low32})), events) AS masks,
  arrayMap((m, c) -> ${isEntry(plan, 'm', 'c', parameters)}, masks, codes) AS entries
FROM (
SELECT unit, arrayCompact(arraySort(groupArray(${event}))) AS events
FROM (\n${eventRows(plan, parameters)}\n)
GROUP BY unit
HAVING max(${isEntry(plan, 'mask', 'time', parameters)})
)`;
}
