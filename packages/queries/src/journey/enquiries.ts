import { type ClickHouse, defineQuery, type QueryOptions } from '@michinori/clickhouse';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { touchpointSql } from '../funnel/sql-match.ts';
import { type PeopleAsOf, readPeople } from '../identity/person-map.ts';
import { bucketsOf } from './cells.ts';
import { message, topicMessages } from './contact-messages.ts';
import { rowsOfTravellers } from './contact-units.ts';
import { type EnquiriesRow, enquiriesRows, enquiryTimes } from './enquiry-rows.ts';
import type { JourneyScope } from './scope.ts';
import type { RowsAnswer } from './stages.ts';

export interface EnquiriesQuestion {
  /**
   * Touchpoints that are enquiries, exact or prefix ending in `*`; null: every inbound event with a topic but surveys (`nps.…`). Of the
   * former, those without a topic are a topic of their own (`''`), to which no answer can be told.
   */
  readonly enquiry: readonly string[] | null;
  /** An answer is in time up to this long after the enquiry, µs, inclusive. */
  readonly withinUs: number;
}

const groupsMax = 100_000;

function enquiriesQuery(scope: JourneyScope, people: PeopleAsOf | null, { enquiry }: EnquiriesQuestion) {
  const parameters = createParameters();
  const isEnquiry =
    enquiry === null ? "topic != '' AND NOT startsWith(touchpoint, 'nps.')" : touchpointSql(enquiry, parameters);
  const messages = topicMessages(
    scope,
    {
      outbound: "(direction = 'outbound' AND topic != '')",
      inbound: `(direction = 'inbound' AND ${isEnquiry})`,
      earliestUs: scope.fromUs,
      latestUs: scope.asOfUs,
      people,
    },
    parameters,
  );
  const answers = `arrayReverseFill(answer -> answer.1 != 0, arrayMap((at, side, team) -> if(side = 1, (at, team), (toInt64(0), '')), ats, sides, messages.${message.team}))`;
  const enquiries = `SELECT person, topic, unit, at, answer.1 AS answered_at, answer.2 AS team
FROM (
SELECT *, messages.${message.at} AS ats, messages.${message.side} AS sides
FROM (
${messages}
)
)
ARRAY JOIN ats AS at, sides AS side, messages.${message.unit} AS unit, ${answers} AS answer
WHERE side = 0`;
  const sql = `SELECT topic, segment, bucket, answered_at = 0 AS isOpen, team,
  groupArray((if(answered_at = 0, ${parameters.bind(scope.asOfUs, 'Int64')}, answered_at) - at) / 1000000) AS seconds
FROM (
${rowsOfTravellers(scope, enquiries, parameters)}
)
GROUP BY topic, segment, bucket, isOpen, team
ORDER BY topic, segment, bucket, isOpen, team
LIMIT ${groupsMax}`;
  const query = defineQuery({ name: 'journey-enquiries', sql, params: anyParameters, row: enquiryTimes });
  return { query, values: parameters.values() };
}

/** How soon enquiries are answered, per topic and team; an answer is the next outbound event of the same customer and topic at or after it. */
export async function runEnquiries(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  question: EnquiriesQuestion,
  options?: QueryOptions,
): Promise<RowsAnswer<EnquiriesRow>> {
  const people = await readPeople(clickhouse, null, options);
  const [times, buckets] = await Promise.all([
    runBound(clickhouse, enquiriesQuery(scope, people, question), options),
    bucketsOf(clickhouse, scope, options),
  ]);
  const { rows, isTruncated } = enquiriesRows(scope, times, buckets, question.withinUs / 1e6);
  return { rows, isTruncated: isTruncated || times.length === groupsMax };
}
