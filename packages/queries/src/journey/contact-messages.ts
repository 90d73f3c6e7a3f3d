import type { Parameters } from '../funnel/parameters.ts';
import { type PeopleAsOf, personEvents } from '../identity/person-map.ts';
import type { JourneyScope } from './scope.ts';

/** Conditions over table `events`: messages of the company, and messages to it. */
export interface WantedMessages {
  readonly outbound: string;
  /** null: only those of the company. */
  readonly inbound: string | null;
  /** Nothing earlier is looked at, µs. */
  readonly earliestUs: number;
  /** Nothing later is looked at, µs, inclusive. */
  readonly latestUs: number;
  /** Who is who; null when every key is a customer of its own. */
  readonly people: PeopleAsOf | null;
}

/** Members of a message in the order of {@link topicMessages}; `side` is 0 for inbound, 1 for outbound. */
export const message = { at: 1, side: 2, team: 6, unit: 7 } as const;

const notSuperseded = 'content_hash NOT IN (SELECT content_hash FROM superseded_events)';
const microseconds = 'toUnixTimestamp64Micro(occurred_at)';
const own = ['sequence', 'event_id', 'content_hash', 'toString(team) AS team'];

/**
 * SQL with a row per customer and topic: `person, topic, customer, anonymous, messages`. `messages` are tuples (at µs, side, sequence,
 * id, hash, team, unit key) without copies, in order of time; at one instant inbound before outbound, then in canonical order.
 * The unit is the customer, or the account that was in force at the message.
 */
export function topicMessages(scope: JourneyScope, wanted: WantedMessages, parameters: Parameters): string {
  const rows = scope.journey.unit === 'customer' ? customerRows(wanted, parameters) : accountRows(wanted, parameters);
  return `SELECT person, topic, max(name) AS customer, max(alias) AS anonymous,
  arraySort(groupUniqArray((at, side, sequence, event_id, content_hash, team, unit))) AS messages
FROM (
${rows}
)
GROUP BY person, topic`;
}

function sideSql({ outbound, inbound }: WantedMessages): string {
  return `multiIf(${outbound}, 1, ${inbound ?? '0'}, 0, 2)`;
}

function bounds({ earliestUs, latestUs }: WantedMessages, parameters: Parameters) {
  const instant = (us: number) => `fromUnixTimestamp64Micro(${parameters.bind(us, 'Int64')}, 'UTC')`;
  return { lower: `occurred_at >= ${instant(earliestUs)}`, upper: `occurred_at <= ${instant(latestUs)}` };
}

function customerRows(wanted: WantedMessages, parameters: Parameters): string {
  const { lower, upper } = bounds(wanted, parameters);
  const { from, person, customer, anonymous } = personEvents(wanted.people, parameters);
  return `SELECT ${person} AS person, ${customer} AS name, ${anonymous} AS alias, toString(topic) AS topic, ${microseconds} AS at, ${sideSql(wanted)} AS side,
  ${own.join(', ')}, person AS unit
FROM ${from}
WHERE side != 2 AND ${lower} AND ${upper} AND ${notSuperseded}`;
}

/** The account of a message is the last one on its customer's events up to then, so those are read too. */
function accountRows(wanted: WantedMessages, parameters: Parameters): string {
  const { lower, upper } = bounds(wanted, parameters);
  const event = [microseconds, ...own, `if(${lower}, ${sideSql(wanted)}, 2) AS side`, 'toString(topic)', 'account'];
  const { from, person, customer, anonymous } = personEvents(wanted.people, parameters);
  return `SELECT person, name, alias, event.7 AS topic, event.1 AS at, event.6 AS side, event.2 AS sequence, event.3 AS event_id,
  event.4 AS content_hash, event.5 AS team, cityHash64(account) AS unit
FROM (
SELECT ${person} AS person, max(${customer}) AS name, max(${anonymous}) AS alias, arraySort(groupUniqArray((${event.join(', ')}))) AS all_events
FROM ${from}
WHERE (account != '' OR side != 2) AND ${upper} AND ${notSuperseded}
GROUP BY person
)
ARRAY JOIN all_events AS event, arrayFill(name -> name != '', all_events.8) AS account
WHERE side != 2 AND account != ''`;
}
