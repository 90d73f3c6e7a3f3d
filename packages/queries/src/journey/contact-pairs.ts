import type { Parameters } from '../funnel/parameters.ts';
import type { PeopleAsOf } from '../identity/person-map.ts';
import { message, topicMessages } from './contact-messages.ts';
import { rowsOfTravellers } from './contact-units.ts';
import type { JourneyScope } from './scope.ts';

/**
 * SQL of the outbound contacts of a scope that name topic and team, one row each: `person`, `customer`, `anonymous`, `unit`, `topic`, `at`
 * (µs), `team`, `segment`, `bucket`; and the latest contact before it with the same customer about the same topic by another team:
 * `first_team`, `first_at`, `''` and 0 when there is none within `withinUs` (inclusive).
 */
export function contactPairs(
  scope: JourneyScope,
  people: PeopleAsOf | null,
  withinUs: number,
  parameters: Parameters,
): string {
  const messages = topicMessages(
    scope,
    {
      outbound: "(direction = 'outbound' AND topic != '' AND team != '')",
      inbound: null,
      earliestUs: scope.fromUs - withinUs,
      latestUs: Math.min(scope.asOfUs, scope.toUs),
      people,
    },
    parameters,
  );
  const before = (array: string, none: string) =>
    `arrayFill((x, starts) -> starts, arrayPushFront(arrayPopBack(${array}), ${none}), starts)`;
  const pairs = `SELECT person, customer, anonymous, topic, unit, at, team, if(at - other_at <= ${parameters.bind(withinUs, 'Int64')}, other_team, '') AS first_team, if(first_team = '', 0, other_at) AS first_at
FROM (
SELECT *, messages.${message.at} AS ats, messages.${message.team} AS teams,
  arrayMap((team, before) -> team != before, teams, arrayShiftRight(teams, 1, '')) AS starts
FROM (
${messages}
)
)
ARRAY JOIN ats AS at, teams AS team, messages.${message.unit} AS unit, ${before('teams', "''")} AS other_team, ${before('ats', 'toInt64(0)')} AS other_at`;
  return rowsOfTravellers(scope, pairs, parameters);
}
