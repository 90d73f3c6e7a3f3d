import { listDeadLetters } from '@michinori/queries';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sendAnswer } from '../answer/send.ts';
import type { QuestionDesk } from '../question-desk.ts';
import { earliestUs, latestUs, readInstant } from './read-instant.ts';
import { answers, formatQuery } from './route-schema.ts';

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
  limit: z.coerce.number().int().min(1).max(1000).default(100),
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
        response: answers(row, z.object({ generatedInMs: z.int(), truncated: z.boolean() })),
      },
    },
    async (request, reply) => {
      const { from, to, code = '', limit } = request.query;
      const fromUs = from === undefined ? earliestUs : readInstant('from', from);
      const toUs = to === undefined ? latestUs : readInstant('to', to);
      const { result, generatedInMs } = await desk.ask('dead-letters', () =>
        listDeadLetters(desk.clickhouse, { fromUs, toUs, code, limit: limit + 1, before: null }, desk.limits),
      );
      const rows = result.slice(0, limit).map((letter) => ({ ...letter }));
      return sendAnswer(request, reply, { rows, columns, meta: { generatedInMs, truncated: result.length > limit } });
    },
  );
}
