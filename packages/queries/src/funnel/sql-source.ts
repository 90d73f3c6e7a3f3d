import { personEvents } from '../identity/person-map.ts';
import type { Subject } from './filter.ts';
import type { Parameters } from './parameters.ts';
import type { Plan } from './plan.ts';
import { asOfRows } from './sql-as-of.ts';
import { filterSql, labelSql, ownSubject, type SubjectResolver, touchpointSql } from './sql-match.ts';
import type { Matcher } from './step-relations.ts';

/** Bit of the first exclusion in a mask; steps take the bits from 0. */
export const exclusionBit = 20;
/** The bits of all steps. */
export const stepBits = 2 ** exclusionBit - 1;

/** Copies that lost against an earlier receipt with other content don't exist for a reader. */
const notSuperseded = 'content_hash NOT IN (SELECT content_hash FROM superseded_events)';

export function isAsOf(subject: Subject): boolean {
  return subject.kind === 'trait' || subject.kind === 'account';
}

/** Steps with the global filters, then exclusions, each with its bit. */
export function matchersWithBits(plan: Plan): readonly (Matcher & { bit: number })[] {
  const steps = plan.steps.map(({ patterns, where }, i) => ({ patterns, where: [...where, ...plan.filters], bit: i }));
  const exclusions = plan.exclusions.map(({ patterns, where }, i) => ({ patterns, where, bit: exclusionBit + i }));
  return [...steps, ...exclusions];
}

function sumOfBits(conditions: readonly { bit: number; sql: string }[]): string {
  return `toUInt32(${conditions.map(({ bit, sql }) => `${2 ** bit} * ${sql}`).join(' + ')})`;
}

/** Mask of the conditions that the event's own row can answer. */
export function ownMaskSql(plan: Plan, parameters: Parameters): string {
  const resolve = ownSubject(parameters);
  return sumOfBits(
    matchersWithBits(plan).map(({ patterns, where, bit }) => {
      const own = where.filter((filter) => !('trait' in filter && filter.trait !== undefined) && !filter.account);
      const conditions = [touchpointSql(patterns, parameters), ...own.map((f) => filterSql(f, resolve, parameters))];
      return { bit, sql: `(${conditions.join(' AND ')})` };
    }),
  );
}

/** The own mask narrowed by the filters on traits and accounts. */
export function fullMaskSql(plan: Plan, resolve: SubjectResolver, parameters: Parameters): string {
  const matchers = matchersWithBits(plan).map(({ where, bit }) => {
    const later = where.filter((filter) => filter.trait !== undefined || filter.account);
    return { bit, later };
  });
  if (matchers.every(({ later }) => later.length === 0)) return 'own_mask';
  return sumOfBits(
    matchers.map(({ bit, later }) => ({
      bit,
      sql: `(${[`bitTest(own_mask, ${bit})`, ...later.map((f) => filterSql(f, resolve, parameters))].join(' AND ')})`,
    })),
  );
}

/** Label, its presence, and the text that all events of a chain have to share. */
export function valueColumns(plan: Plan, resolve: SubjectResolver, parameters: Parameters): readonly string[] {
  const columns: string[] = [];
  if (plan.breakdown !== null) {
    const { value, present } = resolve(plan.breakdown.subject);
    columns.push(`${labelSql(value, plan.breakdown, parameters)} AS label`, `${present} AS has_label`);
  }
  const held = plan.hold.map((subject) => resolve(subject).value);
  if (plan.breakdown?.attribution === 'all') held.push('label');
  if (held.length > 0) {
    const parts = held.map((value) => `toString(length(${value})), ':', ${value}`);
    columns.push(`${held.length === 1 ? held[0] : `concat(${parts.join(', ')})`} AS held`);
  }
  return columns;
}

/** Condition on `touchpoint` that every event with a bit fulfils, or null when all events are needed. */
export function touchpointPrefilter(plan: Plan, parameters: Parameters): string | null {
  const patterns = [...new Set(matchersWithBits(plan).flatMap((given) => given.patterns))];
  return plan.order === 'strict' || patterns.includes('*') ? null : touchpointSql(patterns, parameters);
}

/** Bounds of `occurred_at` as conditions: nothing before `from` or after the last window can be part of an attempt. */
export function timeBounds(plan: Plan, parameters: Parameters): { readonly lower: string; readonly upper: string } {
  const untilUs = Math.min(plan.asOfUs, plan.toUs + plan.windowUs);
  return {
    lower: `occurred_at >= fromUnixTimestamp64Micro(${parameters.bind(plan.fromUs, 'Int64')}, 'UTC')`,
    upper: `occurred_at <= fromUnixTimestamp64Micro(${parameters.bind(untilUs, 'Int64')}, 'UTC')`,
  };
}

/** Columns that every event row starts with. */
export const eventColumns: readonly string[] = [
  'toUInt64(toUnixTimestamp64Micro(occurred_at)) AS time',
  'sequence',
  'event_id AS id',
  'content_hash AS hash',
];

/**
 * One row per stored copy of an event that can matter: `unit, time, sequence, id, hash, mask` and, where the plan asks
 * for them, `label, has_label, held`. Copies aren't dropped yet.
 */
export function eventRows(plan: Plan, parameters: Parameters): string {
  if (plan.asOf.length > 0) return asOfRows(plan, parameters, notSuperseded);
  const bounds = timeBounds(plan, parameters);
  const prefilter = touchpointPrefilter(plan, parameters);
  const columns = [
    ...eventColumns,
    `${ownMaskSql(plan, parameters)} AS mask`,
    ...valueColumns(plan, ownSubject(parameters), parameters),
  ];
  const conditions = [...(prefilter === null ? [] : [prefilter]), bounds.lower, bounds.upper, notSuperseded];
  const isStrict = plan.order === 'strict';
  const isFiltered = !isStrict && matchersWithBits(plan).some(({ where }) => where.length > 0);
  if (isStrict) conditions.push(entryCustomers(plan, parameters));
  else if (isFiltered) conditions.push('mask != 0');
  const where = conditions.join(' AND ');
  if (plan.people === null || !isFiltered) {
    const { from, person } = personEvents(plan.people, parameters);
    return `SELECT ${[`${person} AS unit`, ...columns].join(', ')}\nFROM ${from}\nWHERE ${where}`;
  }
  // What filters read isn't carried through the join.
  const rows = `(SELECT ${['customer_key', ...columns].join(', ')}\nFROM events\nWHERE ${where})`;
  const { from, person } = personEvents(plan.people, parameters, rows);
  const names = columns.map((column) => column.split(' ').at(-1));
  return `SELECT ${[`${person} AS unit`, ...names.map((name) => `events.${name} AS ${name}`)].join(', ')}\nFROM ${from}`;
}

/** Customers with a possible entry; strict reads all their events, but only theirs. */
function entryCustomers(plan: Plan, parameters: Parameters): string {
  const bounds = timeBounds(plan, parameters);
  const entry = touchpointSql(plan.steps[0]?.patterns ?? [], parameters);
  const entries = `${entry} AND ${bounds.lower} AND ${bounds.upper}`;
  if (plan.people === null) return `customer_key IN (SELECT customer_key FROM events WHERE ${entries})`;
  const { from, person } = personEvents(plan.people, parameters);
  return `unit GLOBAL IN (SELECT ${person} FROM ${from} WHERE ${entries})`;
}
