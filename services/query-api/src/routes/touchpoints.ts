import { isoFromMicroseconds } from '@michinori/clickhouse';
import { listTouchpoints } from '@michinori/queries';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sendAnswer } from '../answer/send.ts';
import { goneSignal } from '../gone.ts';
import type { QuestionDesk } from '../question-desk.ts';
import { readRange } from './read-instant.ts';
import { answers, formatQuery, limitParameter } from './route-schema.ts';

const touchpointsMax = 5_000;

const query = z.strictObject({
  ...formatQuery.shape,
  from: z.string().optional().describe('occurred at or after this time (ISO 8601)'),
  to: z.string().optional().describe('occurred before this time (ISO 8601)'),
  limit: limitParameter(touchpointsMax, 1_000),
});

const row = z.object({
  touchpoint: z.string(),
  events: z.int(),
  customers: z.int(),
  first: z.string(),
  last: z.string(),
});

/** `GET /v1/touchpoints`: what has been seen, how often, when. */
export function addTouchpointRoutes(app: FastifyInstance, desk: QuestionDesk): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/touchpoints',
    {
      schema: {
        summary: 'Touchpoints that have been seen, the most frequent first',
        tags: ['data'],
        querystring: query,
        response: answers(
          row,
          z.object({ watermark: z.string().nullable(), generatedInMs: z.int(), truncated: z.boolean() }),
        ),
      },
    },
    async (request, reply) => {
      const { from, to, limit } = request.query;
      const range = readRange({ from, to });
      const { result, watermark, generatedInMs } = await desk.ask('touchpoints', goneSignal(reply), (options) =>
        listTouchpoints(desk.clickhouse, { ...range, limit: limit + 1 }, options),
      );
      const rows = result.slice(0, limit).map(({ touchpoint, events, customers, firstAtUs, lastAtUs }) => ({
        touchpoint,
        events,
        customers,
        first: isoFromMicroseconds(firstAtUs),
        last: isoFromMicroseconds(lastAtUs),
      }));
      const meta = { watermark, generatedInMs, truncated: result.length > limit };
      return sendAnswer(request, reply, { rows, columns: Object.keys(row.shape), meta });
    },
  );
}
