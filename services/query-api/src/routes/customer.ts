import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sendAnswer } from '../answer/send.ts';
import { goneSignal } from '../gone.ts';
import type { QuestionDesk } from '../question-desk.ts';
import { answerAboutCustomer } from './customer-answer.ts';
import { customerAnswers, customerQuery } from './customer-schema.ts';

const params = z.object({ customer: z.string().min(1).max(256).describe('id of the customer') });

/** `GET /v1/customers/{customer}`: who it is, what happened, where in the journeys. */
export function addCustomerRoutes(app: FastifyInstance, desk: QuestionDesk): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/customers/:customer',
    {
      schema: {
        summary: 'One customer: timeline, traits, present stages, the likely next step',
        description:
          'The rows described are those of the timeline; `detail=visits` has a row per visit in every journey.',
        tags: ['data'],
        params,
        querystring: customerQuery,
        response: customerAnswers,
      },
    },
    async (request, reply) => {
      const name = { id: request.params.customer, isAnonymous: request.query.anonymous === 'true' };
      const { result, watermark, generatedInMs } = await desk.ask('customer', goneSignal(reply), (options) =>
        answerAboutCustomer(desk.clickhouse, name, request.query, desk.nowUs(), options),
      );
      const { rows, columns, cursor, truncated } = result;
      const meta = { ...result.meta, watermark, cursor, generatedInMs, truncated };
      return sendAnswer(request, reply, { rows, columns, meta });
    },
  );
}
