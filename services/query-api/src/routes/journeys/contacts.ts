import { isoFromMicroseconds } from '@michinori/clickhouse';
import { durationParameter, listDoubleContacts, runDoubleContacts, runEnquiries } from '@michinori/queries';
import { z } from 'zod';
import { limitParameter } from '../route-schema.ts';
import { cellColumns, figure, rateState, withBucket } from './columns.ts';
import { defineJourneyEndpoint } from './endpoint.ts';
import { refuse } from './refuse.ts';

const dayUs = 86_400_000_000;
const pattern = z.string().min(1).max(512);

/** `GET /v1/journeys/{journey}/contacts` */
export const contactsEndpoint = defineJourneyEndpoint({
  path: 'contacts',
  name: 'journey-contacts',
  summary: 'Contact hygiene: two teams with the same customer about the same topic; how soon enquiries are answered',
  description:
    'The range is that of the second contact, or of the enquiry. The rows described are those of `detail=double`; the others are described in packages/queries/docs/contacts-and-customers.md.',
  parameters: {
    detail: z
      .enum(['double', 'list', 'response'])
      .default('double')
      .describe('double contacts counted; one by one; or enquiries and their answers'),
    within: durationParameter
      .optional()
      .describe(
        'double, list: how soon after another team, default 7d; response: when an answer is in time, default 1d',
      ),
    enquiry: z
      .union([pattern, z.array(pattern).max(50)])
      .optional()
      .describe(
        'response: touchpoints that are enquiries (exact, or prefix with *), repeatable; default any inbound one with a topic',
      ),
    limit: limitParameter(5000, 200).describe('list: rows at most, 1 to 5000'),
  },
  row: z.object({
    topic: z.string(),
    firstTeam: z.string(),
    secondTeam: z.string(),
    ...cellColumns,
    contacts: z.int(),
    customers: z.int(),
    outbound: z.int(),
    share: figure,
    lo: figure,
    hi: figure,
    state: rateState,
    secondsBetweenP50: figure,
  }),
  async run({ clickhouse, scope, extra: { detail, within, enquiry, limit }, options }) {
    if (detail !== 'response' && enquiry !== undefined) refuse('/enquiry', 'is taken with detail=response only');
    if (detail === 'response') {
      const question = { enquiry: enquiry === undefined ? null : [enquiry].flat(), withinUs: within ?? dayUs };
      const { rows, isTruncated } = await runEnquiries(clickhouse, scope, question, options);
      return { rows: rows.map(withBucket), columns: responseColumns, truncated: isTruncated };
    }
    const withinUs = within ?? 7 * dayUs;
    if (detail === 'list') {
      const question = { withinUs, limit };
      const { rows, isTruncated } = await listDoubleContacts(clickhouse, scope, question, options);
      const shown = rows.map(
        ({ firstAtUs, secondAtUs, customer, anonymous, segment, topic, firstTeam, secondTeam }) => ({
          customer,
          anonymous,
          segment,
          topic,
          firstTeam,
          firstAt: isoFromMicroseconds(firstAtUs),
          secondTeam,
          secondAt: isoFromMicroseconds(secondAtUs),
          secondsBetween: (secondAtUs - firstAtUs) / 1e6,
        }),
      );
      return { rows: shown, columns: listColumns, truncated: isTruncated };
    }
    const { rows, isTruncated } = await runDoubleContacts(clickhouse, scope, { withinUs }, options);
    return { rows: rows.map(withBucket), truncated: isTruncated };
  },
});

const listColumns = [
  ...['customer', 'anonymous', 'segment', 'topic', 'firstTeam', 'firstAt', 'secondTeam', 'secondAt', 'secondsBetween'],
];

const responseColumns = [
  ...['topic', 'team', 'segment', 'bucket', 'enquiries', 'answered', 'open', 'k', 'share', 'lo', 'hi', 'state'],
  ...['matureShare', 'naiveSecondsP50', 'naiveSecondsP90', 'secondsP50', 'secondsP50Lo', 'secondsP50Hi'],
];
