import { unitJourneyRows } from '../derive/derive-units.ts';
import { planDerivation } from '../derive/plan.ts';
import type { UnitSource } from '../derive/sql-units.ts';
import type { Parameters } from '../funnel/parameters.ts';
import { type PeopleAsOf, personEvents, personMapSql } from '../identity/person-map.ts';
import type { ActiveDerivation } from '../journey/scope.ts';

/**
 * A unit and an instant in one number of 128 bits: what was known of a unit at an instant is a unit of its own for the SQL of derivations.
 */
const pairKey = (unit: string, instant: string) =>
  `bitOr(bitShiftLeft(toUInt128(${unit}), 64), toUInt128(toUInt64(${instant})))`;

/** SQL of the instant (µs) in such a number. */
export const pairInstant = (key: string): string => `toInt64(bitAnd(${key}, toUInt128(18446744073709551615)))`;

/** What is asked of late events. */
export interface LateUnitsAsked {
  /** µs since 1970, in order, one at least. */
  readonly instantsUs: readonly number[];
  /** Of each instant: what occurred later than this changes nothing that is judged then; at most the instant. */
  readonly untilUs: readonly number[];
  /** Who is who, as the derivation has it; see `readPeople`. */
  readonly people: PeopleAsOf | null;
}

/** SQL of `person, instant`: an event of the person that matters to the instant had occurred, and wasn't received until later. Each pair once. */
function latePeople({ instantsUs, untilUs, people }: LateUnitsAsked, parameters: Parameters): string {
  const instants = parameters.bind(instantsUs, 'Array(Int64)');
  const untils = parameters.bind(untilUs, 'Array(Int64)');
  const first = parameters.bind(instantsUs[0] ?? 0, 'Int64');
  const rows = `(SELECT customer_key, customer, anonymous, toUnixTimestamp64Micro(occurred_at) AS occurred, toUnixTimestamp64Micro(received_at) AS received
FROM events FINAL
WHERE content_hash NOT IN (SELECT content_hash FROM superseded_events) AND received > ${first} AND roundDown(received - 1, ${instants}) >= occurred)`;
  const { from, person } = personEvents(people, parameters, rows);
  return `SELECT DISTINCT ${person} AS person, arrayJoin(arrayFilter((at, until) -> until >= occurred AND at < received, ${instants}, ${untils})) AS instant
FROM ${from}`;
}

/** SQL of `account_key, person`: the people behind the customers who ever carried an account. */
function accountPeople({ people }: LateUnitsAsked, parameters: Parameters): string {
  const members = 'SELECT DISTINCT account_key, customer_key FROM account_members';
  if (people === null) return `SELECT account_key, customer_key AS person FROM (${members})`;
  return `SELECT DISTINCT account_key, if(known.person_key = 0, customer_key, known.person_key) AS person
FROM (${members}) AS members
GLOBAL ANY LEFT JOIN (\n${personMapSql(people, parameters)}\n) AS known ON members.customer_key = known.member_key`;
}

/** SQL of `unit, instant`: units of which not everything was known at the instant that had occurred by then. */
function lateUnits({ journey }: ActiveDerivation, asked: LateUnitsAsked, parameters: Parameters): string {
  const late = latePeople(asked, parameters);
  if (journey.unit === 'customer') return `SELECT person AS unit, instant FROM (\n${late}\n)`;
  return `SELECT DISTINCT members.account_key AS unit, late.instant AS instant
FROM (\n${late}\n) AS late
GLOBAL INNER JOIN (\n${accountPeople(asked, parameters)}\n) AS members ON late.person = members.person`;
}

/** SQL of the rows that `unit_journeys` has of those units, once per instant, under the key of both. */
export function storedLateRows(active: ActiveDerivation, asked: LateUnitsAsked, parameters: Parameters): string {
  const derivation = parameters.bind(active.derivation, 'UInt32');
  return `SELECT stored.* EXCEPT (unit_key), ${pairKey('stored.unit_key', 'late.instant')} AS unit_key
FROM (SELECT * EXCEPT (derivation, rank) FROM unit_journeys FINAL WHERE derivation = ${derivation}) AS stored
GLOBAL INNER JOIN (\n${lateUnits(active, asked, parameters)}\n) AS late ON stored.unit_key = late.unit`;
}

/** SQL of the rows that those units would have had, with the events that had been received by the instant. */
export function knownLateRows(active: ActiveDerivation, asked: LateUnitsAsked, parameters: Parameters): string {
  const plan = planDerivation({ id: active.derivation, journey: active.journey });
  return unitJourneyRows(plan, knownSource(active, asked, parameters), parameters);
}

/** SQL of `late_key, late_person, late_instant`: every key of the people whose events are needed. */
function neededKeys(active: ActiveDerivation, asked: LateUnitsAsked, parameters: Parameters): string {
  const needed = () =>
    active.journey.unit === 'customer'
      ? latePeople(asked, parameters)
      : `SELECT DISTINCT members.person AS person, late.instant AS instant
FROM (\n${lateUnits(active, asked, parameters)}\n) AS late
GLOBAL INNER JOIN (\n${accountPeople(asked, parameters)}\n) AS members ON late.unit = members.account_key`;
  const own = `SELECT person AS late_key, person AS late_person, instant AS late_instant FROM (\n${needed()}\n)`;
  if (asked.people === null) return own;
  return `${own}
UNION ALL
SELECT known.member_key AS late_key, late.person AS late_person, late.instant AS late_instant
FROM (\n${personMapSql(asked.people, parameters)}\n) AS known
GLOBAL INNER JOIN (\n${needed()}\n) AS late ON known.person_key = late.person`;
}

function knownSource(active: ActiveDerivation, asked: LateUnitsAsked, parameters: Parameters): UnitSource {
  const members =
    () => `SELECT ${pairKey('members.account_key', 'late.instant')} AS unit_key, members.account_key AS account_key,
  ${pairKey('members.person', 'late.instant')} AS member_key, toUInt128(0) AS member_rank
FROM (\n${lateUnits(active, asked, parameters)}\n) AS late
GLOBAL INNER JOIN (\n${accountPeople(asked, parameters)}\n) AS members ON late.unit = members.account_key`;
  return {
    events: {
      from: `events GLOBAL INNER JOIN (\n${neededKeys(active, asked, parameters)}\n) AS late ON events.customer_key = late.late_key`,
      where: '1',
      and: 'toUnixTimestamp64Micro(received_at) <= late_instant',
      person: pairKey('late_person', 'late_instant'),
      rank: 'toUInt128(0)',
    },
    members: active.journey.unit === 'account' ? members() : null,
  };
}
