import { isoFromMicroseconds } from '@michinori/clickhouse';
import { activeDerivations, listSegmentValues } from '@michinori/queries';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sendAnswer } from '../answer/send.ts';
import { goneSignal } from '../gone.ts';
import type { QuestionDesk } from '../question-desk.ts';
import { findJourney } from './journeys/endpoint.ts';
import { answers, formatQuery, limitParameter } from './route-schema.ts';

const row = z.object({
  journey: z.string(),
  segment: z.string(),
  value: z.string().describe('empty: missing'),
  visits: z.int(),
  customers: z.int(),
  last: z.string(),
});

/** `GET /v1/segments`: what `segment=` and `by=` can be given. */
export function addSegmentRoutes(app: FastifyInstance, desk: QuestionDesk): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/segments',
    {
      schema: {
        summary: 'Values that the segments of journeys had at visits of the last 365 days, the most frequent first',
        tags: ['journeys'],
        querystring: z.strictObject({
          ...formatQuery.shape,
          journey: z.string().max(64).optional().describe('id of a journey; default all'),
          limit: limitParameter(5_000, 1_000).describe('rows of each journey at most: 1 to 5000'),
        }),
        response: answers(
          row,
          z.object({ watermark: z.string().nullable(), generatedInMs: z.int(), truncated: z.boolean() }),
        ),
      },
    },
    async (request, reply) => {
      const { journey, limit } = request.query;
      const { clickhouse } = desk;
      const asOfUs = desk.nowUs();
      const { result, watermark, generatedInMs } = await desk.ask('segments', goneSignal(reply), async (options) => {
        const asked =
          journey === undefined
            ? await activeDerivations(clickhouse, options)
            : [await findJourney(clickhouse, journey, options)];
        const lists = [];
        for (const active of asked) {
          lists.push(await listSegmentValues(clickhouse, active, { asOfUs, limit: limit + 1 }, options));
        }
        return lists;
      });
      const rows = result.flatMap((list) =>
        list.slice(0, limit).map(({ lastUs, ...value }) => ({ ...value, last: isoFromMicroseconds(lastUs) })),
      );
      const meta = { watermark, generatedInMs, truncated: result.some((list) => list.length > limit) };
      return sendAnswer(request, reply, { rows, columns: Object.keys(row.shape), meta });
    },
  );
}
