import { listDeadLetters } from '@michinori/queries';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sendAnswer } from '../answer/send.ts';
import { goneSignal } from '../gone.ts';
import type { QuestionDesk } from '../question-desk.ts';
import { decodePlace, encodePlace } from './dead-letter-cursor.ts';
import { readRange } from './read-instant.ts';
import { answers, formatQuery, limitParameter } from './route-schema.ts';

const columns = [
  'receivedAt',
  'source',
  'dialect',
  'code',
  'path',
  'message',
  'eventId',
  'raw',
  'log',
  'partition',
  'offset',
] as const;

const query = z.strictObject({
  ...formatQuery.shape,
  from: z.string().optional().describe('received at or after this time (ISO 8601)'),
  to: z.string().optional().describe('received before this time (ISO 8601)'),
  code: z.string().optional().describe('only this code'),
  limit: limitParameter(1_000, 100),
  cursor: z.string().max(2_048).optional().describe('`meta.cursor` of the page before'),
});

const row = z.object({
  receivedAt: z.string(),
  source: z.enum(['ingest', 'sink']).describe('who refused it'),
  dialect: z.string(),
  code: z.string(),
  path: z.string().describe('JSON pointer into the event'),
  message: z.string(),
  eventId: z.string(),
  raw: z.string().describe('what was sent, cut to 64 KiB'),
  log: z.string(),
  partition: z.int(),
  offset: z.int(),
});

/** `GET /v1/dead-letters`: what could not become an event, newest first. */
export function addDeadLetterRoutes(app: FastifyInstance, desk: QuestionDesk): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/dead-letters',
    {
      schema: {
        summary: 'Dead letters: what was refused, and why; newest first',
        tags: ['data'],
        querystring: query,
        response: answers(
          row,
          z.object({
            watermark: z.string().nullable(),
            cursor: z.string().nullable().describe('for the next page; null on the last one'),
            generatedInMs: z.int(),
            truncated: z.boolean(),
          }),
        ),
      },
    },
    async (request, reply) => {
      const { code = '', limit, cursor, ...range } = request.query;
      const before = cursor === undefined ? null : decodePlace(cursor);
      const { result, watermark, generatedInMs } = await desk.ask('dead-letters', goneSignal(reply), ({ limits }) =>
        listDeadLetters(desk.clickhouse, { ...readRange(range), code, limit: limit + 1, before }, limits),
      );
      const rows = result.slice(0, limit).map((letter) => ({ ...letter }));
      const last = result.length > limit ? rows.at(-1) : undefined;
      const meta = {
        watermark,
        cursor: last === undefined ? null : encodePlace(last),
        generatedInMs,
        truncated: last !== undefined,
      };
      return sendAnswer(request, reply, { rows, columns, meta });
    },
  );
}
