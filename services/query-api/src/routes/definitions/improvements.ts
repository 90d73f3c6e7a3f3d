import { isoFromMicroseconds } from '@michinori/clickhouse';
import { type Improvement, listImprovements } from '@michinori/queries';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sendAnswer } from '../../answer/send.ts';
import { decideImprovement, improvementBody } from '../../definitions/decide-improvement.ts';
import type { DefinitionDesk } from '../../definitions/definition-desk.ts';
import { goneSignal } from '../../gone.ts';
import type { QuestionDesk } from '../../question-desk.ts';
import { answers, formatQuery, limitParameter, writeAnswers } from '../route-schema.ts';

const row = z.object({
  id: z.string(),
  journey: z.string(),
  stage: z.string().nullable().describe('null: all stages'),
  title: z.string(),
  at: z.string(),
  segment: z.string().nullable().describe('name of the trait that it was tried on; null: everybody'),
  segmentValues: z.string().nullable().describe('values of the segment, as a JSON list'),
  owner: z.string(),
  hypothesis: z.string(),
  due: z.string().nullable(),
  recordedAt: z.string(),
  recordedBy: z.string().describe('visible part of the key that was used'),
});

const written = z.object({ id: z.string(), journey: z.string(), state: z.enum(['accepted', 'unchanged']) });

const example = {
  id: 'guide-2',
  journey: 'customer-success',
  stage: 'onboarding',
  title: 'New set-up guide',
  at: '2026-04-06T00:00:00+09:00',
  segment: 'plan:pro',
  owner: 'cs',
  hypothesis: 'Fewer questions until the first login',
};

/** `GET` and `POST /v1/improvements`: what was changed, where and when, so that its effect can be measured. */
export function addImprovementRoutes(app: FastifyInstance, desk: QuestionDesk, definitions: DefinitionDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['improvements'];

  routes.post(
    '/v1/improvements',
    {
      config: { keyScope: 'admin' },
      schema: {
        summary: 'Record an improvement; the same id again replaces it',
        tags,
        querystring: formatQuery,
        body: improvementBody.meta({ examples: [example] }),
        response: writeAnswers(written, z.object({})),
      },
    },
    async (request, reply) => {
      const decided = await definitions.write((known) => {
        const decision = decideImprovement(request.body, known, { nowUs: desk.nowUs(), by: request.keyPrefix });
        return { records: decision.state === 'accepted' ? [decision.improvement] : [], answer: decision };
      });
      const { id, journey } = decided.improvement;
      if (decided.state === 'accepted') reply.code(202);
      const rows = [{ id, journey, state: decided.state }];
      return sendAnswer(request, reply, { rows, columns: Object.keys(written.shape), meta: {} });
    },
  );

  routes.get(
    '/v1/improvements',
    {
      schema: {
        summary: 'Improvements that were recorded, the newest first',
        tags,
        querystring: z.strictObject({
          ...formatQuery.shape,
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
      const { journey, limit } = request.query;
      const { result, watermark, generatedInMs } = await desk.ask('improvements', goneSignal(reply), (options) =>
        listImprovements(desk.clickhouse, { journey, limit: limit + 1 }, options),
      );
      const meta = { watermark, generatedInMs, truncated: result.length > limit };
      const rows = result.slice(0, limit).map(rowOf);
      return sendAnswer(request, reply, { rows, columns: Object.keys(row.shape), meta });
    },
  );
}

function rowOf({ segment, ...improvement }: Improvement): z.output<typeof row> {
  return {
    id: improvement.id,
    journey: improvement.journey,
    stage: improvement.stage === '' ? null : improvement.stage,
    title: improvement.title,
    at: isoFromMicroseconds(improvement.atUs),
    segment: segment?.name ?? null,
    segmentValues: segment === null ? null : JSON.stringify(segment.values),
    owner: improvement.owner,
    hypothesis: improvement.hypothesis,
    due: improvement.dueUs === null ? null : isoFromMicroseconds(improvement.dueUs),
    recordedAt: isoFromMicroseconds(improvement.recordedAtUs),
    recordedBy: improvement.recordedBy,
  };
}
