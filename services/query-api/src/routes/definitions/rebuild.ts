import { isoFromMicroseconds } from '@michinori/clickhouse';
import type { RebuildDefinition } from '@michinori/events';
import { didYouMean } from '@michinori/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { sendAnswer } from '../../answer/send.ts';
import type { DefinitionDesk } from '../../definitions/definition-desk.ts';
import { QuestionError } from '../../question-error.ts';
import { formatQuery, writeAnswers } from '../route-schema.ts';

const row = z.object({ journey: z.string(), requestedAt: z.string() });

/** `POST /v1/journeys/{journey}/rebuild` and `POST /v1/rebuild`: derive a journey, or every journey, anew. */
export function addRebuildRoutes(app: FastifyInstance, desk: DefinitionDesk, nowUs: () => number): void {
  const shared = {
    description:
      'Durable in the log when it is answered. Answers come from the former derivation until the new one is complete; ' +
      '`GET /v1/journeys` shows how far it is.',
    tags: ['journeys'],
    querystring: formatQuery,
    response: writeAnswers(row, z.object({})),
  };
  const config = { keyScope: 'admin' as const };

  async function request(journey: string | null, from: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const requestedAtUs = nowUs();
    const journeys = await desk.write((known) => {
      const ids = [...known.journeys.keys()].sort();
      if (journey !== null && !ids.includes(journey)) throw unknownJourney(journey, ids);
      const record: RebuildDefinition = { kind: 'rebuild', journey, requestedAtUs, requestedBy: from.keyPrefix };
      return { records: [record], answer: journey === null ? ids : [journey] };
    });
    const requestedAt = isoFromMicroseconds(requestedAtUs);
    const rows = journeys.map((each) => ({ journey: each, requestedAt }));
    return sendAnswer(from, reply.code(202), { rows, columns: Object.keys(row.shape), meta: {} });
  }

  app.post<{ Params: { journey: string } }>(
    '/v1/journeys/:journey/rebuild',
    {
      config,
      schema: { summary: 'Derive a journey anew', ...shared, params: z.object({ journey: z.string().max(128) }) },
    },
    (from, reply) => request(from.params.journey, from, reply),
  );
  app.post('/v1/rebuild', { config, schema: { summary: 'Derive every journey anew', ...shared } }, (from, reply) =>
    request(null, from, reply),
  );
}

/** A journey that was never applied, with the nearest one. */
export function unknownJourney(id: string, known: readonly string[]): QuestionError {
  const all = known.length === 0 ? ' None has been applied yet.' : ` Known: ${known.slice(0, 20).join(', ')}.`;
  const hint = didYouMean(id, known) || all;
  return new QuestionError('unknown_journey', `There is no journey "${id.slice(0, 64)}".${hint}`);
}
