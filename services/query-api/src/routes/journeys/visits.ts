import { isoFromMicroseconds } from '@michinori/clickhouse';
import { readExportVisits } from '@michinori/queries';
import { z } from 'zod';
import { limitParameter } from '../route-schema.ts';
import { defineJourneyEndpoint } from './endpoint.ts';
import { visitColumns, visitRow } from './visit-columns.ts';

const { segment: _, ...columns } = visitColumns;

const row = z
  .object({
    customer: z.string().nullable().describe('null in journeys of accounts, and for anonymous customers'),
    account: z.string().nullable(),
    anonymous: z.string().nullable(),
    ...columns,
  })
  .catchall(z.string().describe('`segment.NAME`: value of the segment at entry'));

/** `GET /v1/journeys/{journey}/visits` */
export const visitsEndpoint = defineJourneyEndpoint({
  path: 'visits',
  name: 'journey-visits',
  summary: 'All visits, page by page',
  description:
    'Every visit that began in the range (default: all), unit by unit, of each in their order, with a column `segment.NAME` for every segment of the journey. `count`, `by` and `interval` mean nothing here. `michinori export visits` turns them into a file.',
  parameters: {
    limit: limitParameter(5_000, 500).describe('customers or accounts at most, with all their visits: 1 to 5000'),
    cursor: z.string().max(2_048).optional().describe('`meta.cursor` of the page before'),
  },
  row,
  meta: {
    cursor: z.string().nullable().describe('for the next page; null on the last one'),
    progress: z.number().describe('about how much of the whole is done with this page, 0…1'),
  },
  async run({ clickhouse, scope, extra, options }) {
    const { given, journey } = scope;
    const whole = {
      ...scope,
      fromUs: given.from ? scope.fromUs : 0,
      toUs: given.to ? scope.toUs : scope.asOfUs + 1,
      count: 'visits' as const,
    };
    const { limit, cursor = null } = extra;
    const answer = await readExportVisits(clickhouse, whole, { unitsMax: limit, cursor }, options);
    const segments = journey.segments.map((name) => `segment.${name}`);
    return {
      rows: answer.rows.map(({ segmentValues, ...visit }) => {
        const { segment: __, ...shown } = visitRow(visit);
        const values = segments.map((name, index) => [name, segmentValues[index] ?? '']);
        const { customer, account, anonymous } = visit;
        return { customer, account, anonymous, ...shown, ...Object.fromEntries(values) };
      }),
      columns: [...Object.keys(row.shape), ...segments],
      meta: { asOf: isoFromMicroseconds(answer.asOfUs), cursor: answer.cursor, progress: answer.progress },
      truncated: answer.cursor !== null,
    };
  },
});
