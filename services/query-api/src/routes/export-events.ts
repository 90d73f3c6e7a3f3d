import { readExportEvents } from '@michinori/queries';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sendAnswer } from '../answer/send.ts';
import { goneSignal } from '../gone.ts';
import type { QuestionDesk } from '../question-desk.ts';
import { readRange } from './read-instant.ts';
import { answers, formatQuery, limitParameter } from './route-schema.ts';

const query = z.strictObject({
  ...formatQuery.shape,
  from: z.string().optional().describe('occurred at or after this time (ISO 8601)'),
  to: z.string().optional().describe('occurred before this time (ISO 8601)'),
  limit: limitParameter(10_000, 1_000),
  cursor: z.string().max(4_096).optional().describe('`meta.cursor` of the page before'),
});

const row = z.object({
  id: z.string(),
  customer: z.string().nullable(),
  anonymous: z.string().nullable(),
  account: z.string().nullable(),
  touchpoint: z.string(),
  channel: z.string().nullable(),
  team: z.string().nullable(),
  direction: z.string().nullable(),
  topic: z.string().nullable(),
  occurredAt: z.string(),
  sequence: z.string().nullable().describe('a whole number; null when not given, or 0'),
  sentiment: z.number().nullable(),
  nps: z.int().nullable(),
  amount: z.string().nullable().describe('exact decimal number'),
  currency: z.string().nullable(),
  properties: z.string().describe('JSON object; all values are text'),
  traits: z.string().describe('JSON object; all values are text'),
});

/** `GET /v1/export/events`: the events themselves, page by page, for exports. */
export function addEventRoutes(app: FastifyInstance, desk: QuestionDesk): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/export/events',
    {
      schema: {
        summary: 'All events as they were sent, page by page',
        description:
          'Each event once, by customer, and of each customer in the order of its timeline. `michinori export events` turns them into a file.',
        tags: ['data'],
        querystring: query,
        response: answers(
          row,
          z.object({
            watermark: z.string().nullable(),
            cursor: z.string().nullable().describe('for the next page; null on the last one'),
            progress: z.number().describe('about how much of the whole is done with this page, 0…1'),
            generatedInMs: z.int(),
            truncated: z.boolean(),
          }),
        ),
      },
    },
    async (request, reply) => {
      const { limit, cursor = null, from, to } = request.query;
      const question = { ...readRange({ from, to }), limit, cursor };
      const { result, watermark, generatedInMs } = await desk.ask('events', goneSignal(reply), (options) =>
        readExportEvents(desk.clickhouse, question, options),
      );
      const rows = result.rows.map(({ properties, traits, ...event }) => ({
        ...event,
        properties: objectText(properties),
        traits: objectText(traits),
      }));
      const { progress } = result;
      const meta = { watermark, cursor: result.cursor, progress, generatedInMs, truncated: result.cursor !== null };
      return sendAnswer(request, reply, { rows, columns: Object.keys(row.shape), meta });
    },
  );
}

/** A map as the text of a JSON object. An object of JavaScript can't hold every name, and would sort those that are numbers. */
function objectText(map: ReadonlyMap<string, string>): string {
  const members = [...map].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{${members.join(',')}}`;
}
