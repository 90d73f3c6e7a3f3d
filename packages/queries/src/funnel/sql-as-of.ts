import { personEvents } from '../identity/person-map.ts';
import type { Subject } from './filter.ts';
import type { Parameters } from './parameters.ts';
import type { Plan } from './plan.ts';
import { ownSubject, type SubjectResolver } from './sql-match.ts';
import {
  eventColumns,
  fullMaskSql,
  isAsOf,
  ownMaskSql,
  timeBounds,
  touchpointPrefilter,
  valueColumns,
} from './sql-source.ts';

const sortFields = ['time', 'sequence', 'id', 'hash'];

/**
 * Event rows with traits and accounts as of each event. Per customer, all events that set one of them are put in
 * canonical order together with those that can matter, copies are dropped, and each value is carried forward.
 */
export function asOfRows(plan: Plan, parameters: Parameters, notSuperseded: string): string {
  const own = ownSubject(parameters);
  const carried = plan.asOf.map((subject) => own(subject));
  const kept = ownValueSubjects(plan);
  const fields = [
    ...sortFields,
    'own_mask',
    ...carried.flatMap((_, i) => [`set_${i}`, `value_${i}`]),
    ...kept.flatMap((_, i) => [`own_set_${i}`, `own_value_${i}`]),
  ];
  const at = (field: string) => `event.${fields.indexOf(field) + 1}`;
  const bounds = timeBounds(plan, parameters);
  const prefilter = touchpointPrefilter(plan, parameters);
  const relevant = prefilter === null ? bounds.lower : `(${bounds.lower} AND ${prefilter})`;
  const setters = carried.map(({ present }) => present);
  const resolve: SubjectResolver = (subject) => {
    const index = plan.asOf.findIndex((other) => sameSubject(other, subject));
    if (index >= 0) return { value: `as_of_${index}.2`, present: `as_of_${index}.1` };
    const keptIndex = kept.findIndex((other) => sameSubject(other, subject));
    return { value: at(`own_value_${keptIndex}`), present: at(`own_set_${keptIndex}`) };
  };
  const { from, person } = personEvents(plan.people, parameters);
  const columns = [
    `${person} AS person`,
    ...eventColumns,
    `if(${relevant}, ${ownMaskSql(plan, parameters)}, 0) AS own_mask`,
    ...carried.flatMap(({ value, present }, i) => [
      `toUInt8(${present}) AS set_${i}`,
      `if(set_${i}, ${value}, '') AS value_${i}`,
    ]),
    ...kept
      .map(own)
      .flatMap(({ value, present }, i) => [`toUInt8(${present}) AS own_set_${i}`, `${value} AS own_value_${i}`]),
  ];
  const rows = `SELECT ${columns.join(', ')}
FROM ${from}
WHERE ${bounds.upper} AND (${[relevant, ...setters].join(' OR ')}) AND ${notSuperseded}`;
  const timelines = `SELECT person,
  arrayCompact(event -> (event.1, event.4), arraySort(event -> (event.1, event.2, event.3, event.4), groupArray((${fields.join(', ')})))) AS events
FROM (\n${rows}\n)\nGROUP BY person`;
  const carry = carried.map(
    (_, i) =>
      `arrayFill(pair -> pair.1 = 1, arrayMap(event -> (${at(`set_${i}`)}, ${at(`value_${i}`)}), events)) AS as_of_array_${i}`,
  );
  const joined = carried.map((_, i) => `as_of_array_${i} AS as_of_${i}`);
  const account = plan.asOf.findIndex(({ kind }) => kind === 'account');
  const conditions = [`time >= ${parameters.bind(plan.fromUs, 'UInt64')}`];
  if (plan.order !== 'strict') conditions.push('mask != 0');
  if (plan.unit === 'account') conditions.push(`as_of_${account}.2 != ''`);
  const answered = [
    `${plan.unit === 'account' ? `cityHash64(as_of_${account}.2)` : 'person'} AS unit`,
    ...sortFields.map((field) => `${at(field)} AS ${field}`),
    `${at('own_mask')} AS own_mask`,
    `${fullMaskSql(plan, resolve, parameters)} AS mask`,
    ...valueColumns(plan, resolve, parameters),
  ];
  return `SELECT ${answered.join(', ')}
FROM (SELECT person, events, ${carry.join(', ')} FROM (\n${timelines}\n))
ARRAY JOIN ${['events AS event', ...joined].join(', ')}
WHERE ${conditions.join(' AND ')}`;
}

function sameSubject(a: Subject, b: Subject): boolean {
  return a.kind === b.kind && ('name' in a ? a.name : '') === ('name' in b ? b.name : '');
}

/** Subjects of the event's own row that hold and breakdown still need after the values were carried. */
function ownValueSubjects(plan: Plan): readonly Subject[] {
  const subjects = [...plan.hold, ...(plan.breakdown === null ? [] : [plan.breakdown.subject])];
  return subjects.filter((subject) => !isAsOf(subject));
}
