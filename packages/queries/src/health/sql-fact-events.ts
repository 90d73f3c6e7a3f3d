import type { Parameters } from '../funnel/parameters.ts';
import { filterSql, ownSubject, type SubjectResolver, touchpointSql } from '../funnel/sql-match.ts';
import { type PeopleAsOf, personEvents, personMapSql } from '../identity/person-map.ts';
import { carriedPlace, type FactsPlan } from './plan.ts';

/** An inclusive range of unit keys. */
export interface UnitRange {
  readonly fromKey: bigint;
  readonly toKey: bigint;
}

const keyed = ['time', 'sequence', 'id', 'hash'];

/** Columns that aggregates read, for every matcher `fit_i`. `score` is −1 and `mood` 2 of events without. */
function factColumns({ matchers }: FactsPlan): string[] {
  return ['score', 'mood', ...matchers.map((_, i) => `fit_${i}`)];
}

/** Start of the time that a test looks at, µs; null: all of it. */
export function testFromUs({ tests, asOfUs }: FactsPlan, index: number): number | null {
  const test = tests[index]?.test;
  if (test === undefined || test.kind === 'idle' || test.kind === 'nps' || test.withinUs === null) return null;
  return test.kind === 'trend' ? asOfUs - 2 * test.withinUs : asOfUs - test.withinUs;
}

/** Condition that an event can matter to one of the facts, or sets what conditions look at. */
function relevantSql(plan: FactsPlan, parameters: Parameters): string {
  const since = (fromUs: number | null) =>
    fromUs === null
      ? ''
      : ` AND occurred_at >= fromUnixTimestamp64Micro(${parameters.bind(Math.max(0, fromUs), 'Int64')}, 'UTC')`;
  const ofTests = plan.tests.map(({ matcher }, i) => {
    if (matcher === null) return 'nps IS NOT NULL';
    return `(${touchpointSql(plan.matchers[matcher]?.patterns ?? [], parameters)}${since(testFromUs(plan, i))})`;
  });
  const ofGolden = plan.golden && [
    touchpointSql(plan.golden.definition.milestones, parameters),
    `(sentiment IS NOT NULL${since(plan.asOfUs - plan.golden.definition.withinUs)})`,
  ];
  const own = ownSubject(parameters);
  const setters = plan.carried.map((subject) => own(subject).present);
  return `(${[...new Set([...ofTests, ...(ofGolden ?? []), ...setters])].join(' OR ')})`;
}

/** SQL of the keys of the units whose events are wanted, made anew for each place in a statement. */
export type WantedUnits = (parameters: Parameters) => string;

/** Condition on `customer_key` that leaves out most events of units that aren't wanted. */
function keysSql(plan: FactsPlan, people: PeopleAsOf | null, wanted: WantedUnits, parameters: Parameters): string {
  const isWanted = (column: string) => `${column} GLOBAL IN (\n${wanted(parameters)}\n)`;
  if (plan.journey.unit === 'customer') {
    if (people === null) return isWanted('customer_key');
    const others = `SELECT member_key FROM (\n${personMapSql(people, parameters)}\n) WHERE ${isWanted('person_key')}`;
    return `(${isWanted('customer_key')} OR customer_key GLOBAL IN (${others}))`;
  }
  // People of an account may have ids that never carried it.
  if (people !== null) return '1';
  return `customer_key GLOBAL IN (SELECT customer_key FROM account_members WHERE ${isWanted('account_key')})`;
}

/** One row per event that can matter, copies dropped: `customer_key` and all that its own row says. */
function ownRows(plan: FactsPlan, people: PeopleAsOf | null, wanted: WantedUnits, parameters: Parameters): string {
  const own = ownSubject(parameters);
  const matches = plan.matchers.map((matcher) =>
    [
      touchpointSql(matcher.patterns, parameters),
      ...matcher.own.map((filter) => filterSql(filter, own, parameters)),
    ].join(' AND '),
  );
  const columns = [
    'customer_key',
    'toInt64(toUnixTimestamp64Micro(occurred_at)) AS time',
    'any(sequence) AS sequence',
    'event_id AS id',
    'content_hash AS hash',
    'any(customer) AS customer',
    'any(anonymous) AS anonymous',
    'toInt16(any(ifNull(nps, -1))) AS score',
    'any(ifNull(sentiment, 2.)) AS mood',
    ...matches.map((sql, i) => `toUInt8(any(${sql})) AS fit_${i}`),
    ...plan.carried
      .map(own)
      .flatMap(({ value, present }, i) => [
        `toUInt8(any(${present})) AS set_${i}`,
        `any(if(${present}, ${value}, '')) AS value_${i}`,
      ]),
  ];
  return `SELECT ${columns.join(', ')}
FROM events
WHERE occurred_at <= fromUnixTimestamp64Micro(${parameters.bind(plan.asOfUs, 'Int64')}, 'UTC') AND ${keysSql(plan, people, wanted, parameters)}
  AND ${relevantSql(plan, parameters)} AND content_hash NOT IN (SELECT content_hash FROM superseded_events)
GROUP BY customer_key, occurred_at, event_id, content_hash`;
}

/** The same with the person behind each event. */
function personRows(plan: FactsPlan, people: PeopleAsOf | null, wanted: WantedUnits, parameters: Parameters): string {
  const carried = plan.carried.flatMap((_, i) => [`set_${i}`, `value_${i}`]);
  const rows = `(\n${ownRows(plan, people, wanted, parameters)}\n)`;
  const { from, person } = personEvents(people, parameters, rows);
  const alias = people === null ? '' : 'events.';
  const columns = [...keyed, ...factColumns(plan), ...carried].map((name) => `${alias}${name} AS ${name}`);
  return `SELECT ${person} AS person, ${columns.join(', ')}\nFROM ${from}`;
}

/** Carries traits and the account forward along each person's timeline, and narrows the fits of the matchers that ask for them. */
function carriedRows(plan: FactsPlan, rows: string, parameters: Parameters): string {
  const carried = plan.carried.flatMap((_, i) => [`set_${i}`, `value_${i}`]);
  const fields = [...keyed, ...factColumns(plan), ...carried];
  const at = (field: string) => `event.${fields.indexOf(field) + 1}`;
  const fills = plan.carried.map((subject, i) => {
    const isSet = subject.kind === 'account' ? `${at(`value_${i}`)} != ''` : at(`set_${i}`);
    return `arrayFill(pair -> pair.1 = 1, arrayMap(event -> (toUInt8(${isSet}), ${at(`value_${i}`)}), events)) AS filled_${i}`;
  });
  const resolve: SubjectResolver = (subject) => {
    const place = carriedPlace(plan, subject);
    return { value: `as_of_${place}.2`, present: `as_of_${place}.1` };
  };
  const account = carriedPlace(plan, { kind: 'account' });
  const isOfAccounts = plan.journey.unit === 'account';
  const fits = plan.matchers.map(({ asOf }, i) => {
    const conditions = [at(`fit_${i}`), ...asOf.map((filter) => filterSql(filter, resolve, parameters))];
    return `toUInt8(${conditions.join(' AND ')}) AS fit_${i}`;
  });
  const columns = [...keyed, 'score', 'mood'].map((field) => `${at(field)} AS ${field}`);
  return `SELECT ${isOfAccounts ? `cityHash64(as_of_${account}.2)` : 'person'} AS unit, ${[...columns, ...fits].join(', ')}
FROM (
SELECT person, events, ${fills.join(', ')}
FROM (SELECT person, arraySort(event -> (event.1, event.2, event.3, event.4), groupArray((${fields.join(', ')}))) AS events
FROM (\n${rows}\n)
GROUP BY person)
)
ARRAY JOIN ${['events AS event', ...plan.carried.map((_, i) => `filled_${i} AS as_of_${i}`)].join(', ')}${isOfAccounts ? `\nWHERE as_of_${account}.2 != ''` : ''}`;
}

/**
 * SQL of the events that facts are made of, copies and superseded contents dropped: `unit` (its key), `time` (µs), `sequence`, `id`, `score` (−1 none),
 * `mood` (2 none), and for every matcher `fit_i`. Units that aren't wanted may be in it.
 */
export function factEvents(
  plan: FactsPlan,
  people: PeopleAsOf | null,
  wanted: WantedUnits,
  parameters: Parameters,
): string {
  const rows = personRows(plan, people, wanted, parameters);
  if (plan.carried.length > 0) return carriedRows(plan, rows, parameters);
  return `SELECT person AS unit, ${[...keyed, ...factColumns(plan)].join(', ')}\nFROM (\n${rows}\n)`;
}
