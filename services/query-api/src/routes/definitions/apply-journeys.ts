import { isoFromMicroseconds } from '@michinori/clickhouse';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sendAnswer } from '../../answer/send.ts';
import { decideJourneys } from '../../definitions/decide-journeys.ts';
import type { DefinitionDesk } from '../../definitions/definition-desk.ts';
import { readJourneyText } from '../../definitions/read-source.ts';
import { formatQuery, writeAnswers } from '../route-schema.ts';
import { addYamlParser, yamlTypes } from './yaml-body.ts';

const row = z.object({
  journey: z.string(),
  version: z.int(),
  state: z.enum(['accepted', 'unchanged']).describe('unchanged: this version with this meaning was applied before'),
});

/** `POST /v1/journeys`: applies the journeys of a YAML text. */
export function addApplyJourneysRoute(app: FastifyInstance, desk: DefinitionDesk, nowUs: () => number): void {
  app.register(async (scope) => {
    const hint = 'Send the journeys as text/yaml, or as application/json {"source": "…"}.';
    addYamlParser(scope, 'invalid_journey', hint);
    scope.withTypeProvider<ZodTypeProvider>().post(
      '/v1/journeys',
      {
        config: { keyScope: 'admin' },
        schema: {
          summary: 'Apply journeys: new ones, or new versions. All of the text, or nothing',
          description:
            'Durable in the log when it is answered; the derivation follows, and `GET /v1/journeys` shows how far it is. The version before ' +
            'answers until then. The version must be higher than the newest one; the same version with the same meaning changes nothing (200).',
          tags: ['journeys'],
          consumes: ['application/json', ...yamlTypes],
          querystring: formatQuery,
          body: z.strictObject({ source: z.string().describe('YAML text of one or several journeys') }),
          response: writeAnswers(row, z.object({ at: z.string() })),
        },
      },
      async (request, reply) => {
        const wanted = readJourneyText(request.body.source);
        const atUs = nowUs();
        const rows = await desk.write((known) => {
          const { applied, records } = decideJourneys(wanted, known, { nowUs: atUs, by: request.keyPrefix });
          return { records, answer: applied };
        });
        if (rows.some(({ state }) => state === 'accepted')) reply.code(202);
        const meta = { at: isoFromMicroseconds(atUs) };
        return sendAnswer(request, reply, {
          rows: rows.map((each) => ({ ...each })),
          columns: Object.keys(row.shape),
          meta,
        });
      },
    );
  });
}
