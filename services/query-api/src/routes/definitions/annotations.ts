import { isoFromMicroseconds } from '@michinori/clickhouse';
import { listAnnotations } from '@michinori/queries';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sendAnswer } from '../../answer/send.ts';
import { goneSignal } from '../../gone.ts';
import type { QuestionDesk } from '../../question-desk.ts';
import { readRange } from '../read-instant.ts';
import { answers, formatQuery, limitParameter } from '../route-schema.ts';

const row = z.object({
  time: z.string(),
  timeEnd: z.string().nullable().describe('null: a moment, not a span'),
  title: z.string(),
  text: z.string(),
  tags: z.string().describe('with commas: improvement or version, the journey, the stage'),
});

/** `GET /v1/annotations`: what a chart over time should mark, in the form that Grafana takes. */
export function addAnnotationRoutes(app: FastifyInstance, desk: QuestionDesk): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/annotations',
    {
      schema: {
        summary: 'Improvements and applied versions of journeys as marks on a time axis, the newest first',
        tags: ['improvements'],
        querystring: z.strictObject({
          ...formatQuery.shape,
          from: z.string().optional().describe('at or after this time (ISO 8601)'),
          to: z.string().optional().describe('before this time (ISO 8601)'),
          journey: z.string().max(128).optional().describe('only those of this journey'),
          limit: limitParameter(10_000, 1_000),
        }),
        response: answers(
          row,
          z.object({ watermark: z.string().nullable(), generatedInMs: z.int(), truncated: z.boolean() }),
        ),
      },
    },
    async (request, reply) => {
      const { journey, limit, ...range } = request.query;
      const wanted = { ...readRange(range), journey, limit: limit + 1 };
      const { result, watermark, generatedInMs } = await desk.ask('annotations', goneSignal(reply), (options) =>
        listAnnotations(desk.clickhouse, wanted, options),
      );
      const rows = result.slice(0, limit).map(({ atUs, title, text, tags }) => ({
        time: isoFromMicroseconds(atUs),
        timeEnd: null,
        title,
        text,
        tags: tags.join(','),
      }));
      const meta = { watermark, generatedInMs, truncated: result.length > limit };
      return sendAnswer(request, reply, { rows, columns: Object.keys(row.shape), meta });
    },
  );
}
