import type { Parameters } from './parameters.ts';
import type { Plan } from './plan.ts';
import { hasHeld, isSplit, rankColumns, splitTimelines } from './sql-held.ts';
import { eventRows } from './sql-source.ts';
import { eventNumber, isEntry, low32, lowestStepBit, wideCode } from './sql-timeline.ts';
import { areContiguous, areDisjoint } from './step-relations.ts';

/** Bit of a number's mask that says that the breakdown's subject is present; steps and exclusions stand below it. */
const labelBit = 31;

/**
 * Whether ids can decide anything. They order simultaneous events; where these are interchangeable (same steps, no values asked
 * for, all steps required, no step that is an exclusion too), any order gives the same answer.
 */
function needsIds(plan: Plan): boolean {
  if (plan.order === 'any' || plan.breakdown !== null || plan.hold.length > 0) return true;
  if (plan.classes === null || !areContiguous(plan.classes) || plan.steps.some((step) => step.optional)) return true;
  return !plan.exclusions.every((exclusion) => plan.steps.every((step) => areDisjoint(exclusion, step)));
}

/**
 * Per unit (and held value) parallel arrays `codes, masks, own_masks, entries`; `tied` says whether two events share an instant,
 * `last_instant` is that of the whole timeline. Canonical order, except that simultaneous events go by step where the
 * fill engine relies on it. Values of single events are read with {@link eventValues}.
 *
 * Events are sorted as numbers; ids are looked at only in units where two different events share an instant (and a step, for fill).
 */
export function wideTimelines(plan: Plan, parameters: Parameters): string {
  if (isSplit(plan)) return splitTimelines(plan, parameters);
  const labelled = plan.breakdown !== null;
  const withIds = needsIds(plan);
  const keys = hasHeld(plan) ? 'unit, held' : 'unit';
  const mask = labelled ? `bitOr(mask, bitShiftLeft(toUInt32(has_label), ${labelBit}))` : 'mask';
  const number = eventNumber(plan.engine === 'fill' ? lowestStepBit : '0', mask);
  const raw = [
    `groupArray(${number}) AS raw_events`,
    ...(withIds ? ['groupArray(id) AS raw_ids'] : []),
    ...(labelled ? ['groupArray(label) AS raw_labels'] : []),
  ];
  const grouped = `SELECT ${keys}, ${raw.join(', ')}\nFROM (\n${eventRows(plan, parameters)}\n)
GROUP BY ${keys}
HAVING max(${isEntry(plan, 'mask', 'time', parameters)})`;
  const place = (e: string) => `bitShiftRight(${e}, 96)`;
  const ambiguous = `arrayExists((e, before) -> ${place('e')} = ${place('before')} AND e != before, numbers, arrayShiftRight(numbers, 1, toUInt256(0)))`;
  const byId = `arraySort((e, id) -> (${place('e')}, id, e), if(ambiguous, raw_events, []), if(ambiguous, raw_ids, []))`;
  const sorted = withIds
    ? `SELECT *, if(ambiguous, arrayCompact(${byId}), numbers) AS events
FROM (\nSELECT *, ${ambiguous} AS ambiguous\nFROM (\nSELECT *, arrayCompact(arraySort(raw_events)) AS numbers\nFROM (\n${grouped}\n)\n)\n)`
    : `SELECT *, arrayCompact(arraySort(raw_events)) AS events\nFROM (\n${grouped}\n)`;
  const columns = [
    keys,
    ...(withIds ? ['raw_events', 'raw_ids', 'events'] : []),
    ...(labelled ? ['raw_labels'] : []),
    'arrayMap(e -> toUInt128(bitShiftRight(e, 128)), events) AS instants',
    `arrayMap(e -> toUInt32(bitAnd(e, ${labelled ? 2 ** labelBit - 1 : low32})), events) AS own_masks`,
    ...rankColumns('bitShiftRight(i, 64)'),
  ];
  return `SELECT *, own_masks AS masks, arrayMap((m, c) -> ${isEntry(plan, 'm', wideCode.time('c'), parameters)}, masks, codes) AS entries
FROM (\nSELECT ${columns.join(', ')}\nFROM (\n${sorted}\n)\n)`;
}

/** SQL of what is known about the event at a position of a wide timeline. */
export interface EventValues {
  label(position: string): string;
  hasLabel(position: string): string;
  /** Canonical order, also between rows of one unit. */
  order(position: string): string;
}

/** How single events are read; {@link wideTimelines} leaves strings unsorted, so they are found by the event's number. */
export function eventValues(plan: Plan): EventValues {
  if (isSplit(plan)) {
    return {
      label: (position) => `labels[${position}]`,
      hasLabel: (position) => `has_labels[${position}]`,
      order: (position) => `(instants[${position}], ids[${position}])`,
    };
  }
  const found = (array: string, position: string) => `${array}[indexOf(raw_events, events[${position}])]`;
  return {
    label: (position) => found('raw_labels', position),
    hasLabel: (position) => `(bitAnd(events[${position}], ${2 ** labelBit}) != 0)`,
    order: (position) => `(instants[${position}], ${found('raw_ids', position)})`,
  };
}
