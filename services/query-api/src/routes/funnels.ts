import { isoFromMicroseconds } from '@michinori/clickhouse';
import {
  funnelCustomersRequest,
  funnelRequest,
  runFunnel,
  runFunnelCustomers,
  runTimeToConvert,
  timeToConvertRequest,
} from '@michinori/queries';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { sendAnswer } from '../answer/send.ts';
import type { AnswerRow } from '../answer/serialise.ts';
import { goneSignal } from '../gone.ts';
import { assertPatterns } from '../question/patterns.ts';
import type { QuestionDesk } from '../question-desk.ts';
import {
  funnelCustomerRow,
  funnelCustomersMeta,
  funnelMeta,
  funnelRow,
  timeToConvertMeta,
  timeToConvertRow,
} from './funnel-schemas.ts';
import { answers, formatQuery } from './route-schema.ts';

const example = {
  steps: [{ touchpoint: 'trial.started' }, { touchpoint: ['contract.signed', 'contract.renewed'] }],
  window: { value: 30, unit: 'day' },
  from: '2026-01-01T00:00:00Z',
  to: '2026-07-01T00:00:00Z',
};

/** `POST /v1/funnels/query`, `/time-to-convert` and `/customers`; what they mean stands in packages/queries/docs/funnels.md. */
export function addFunnelRoutes(app: FastifyInstance, desk: QuestionDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const { clickhouse } = desk;
  const tags = ['funnels'];

  routes.post(
    '/v1/funnels/query',
    {
      schema: {
        summary: 'A funnel: how many customers reached each step, dropped, or are still on the way',
        tags,
        querystring: formatQuery,
        body: funnelRequest.meta({ examples: [example] }),
        response: answers(funnelRow, funnelMeta),
      },
    },
    async (request, reply) => {
      const now = desk.nowUs();
      const { result, watermark, generatedInMs } = await desk.ask('funnel', goneSignal(reply), async (options) => {
        await assertPatterns(clickhouse, request.body, options);
        return runFunnel(clickhouse, request.body, { ...options, now });
      });
      const { asOfUs, ...meta } = result.meta;
      return sendAnswer(request, reply, {
        rows: result.rows.map((row) => ({ ...row, bucket: isoOrNull(row.bucket) })),
        columns: Object.keys(funnelRow.shape),
        meta: {
          asOf: isoFromMicroseconds(asOfUs),
          watermark,
          ...meta,
          generatedInMs,
          truncated: meta.otherSegmentsCount > 0,
        },
      });
    },
  );

  routes.post(
    '/v1/funnels/time-to-convert',
    {
      schema: {
        summary: 'How long converting took: a histogram between two steps',
        tags,
        querystring: formatQuery,
        body: timeToConvertRequest.meta({ examples: [{ ...example, fromStep: 1, toStep: 2 }] }),
        response: answers(timeToConvertRow, timeToConvertMeta),
      },
    },
    async (request, reply) => {
      const now = desk.nowUs();
      const { result, watermark, generatedInMs } = await desk.ask(
        'time-to-convert',
        goneSignal(reply),
        async (options) => {
          await assertPatterns(clickhouse, request.body, options);
          return runTimeToConvert(clickhouse, request.body, { ...options, now });
        },
      );
      const { asOfUs, ...meta } = result.meta;
      const { timezone } = request.body;
      return sendAnswer(request, reply, {
        rows: result.rows.map((row) => ({ ...row })),
        columns: Object.keys(timeToConvertRow.shape),
        meta: { asOf: isoFromMicroseconds(asOfUs), watermark, timezone, ...meta, generatedInMs, truncated: false },
      });
    },
  );

  routes.post(
    '/v1/funnels/customers',
    {
      schema: {
        summary: 'The customers behind one number of a funnel, page by page',
        tags,
        querystring: formatQuery,
        body: funnelCustomersRequest.meta({ examples: [{ ...example, step: 2, outcome: 'converted' }] }),
        response: answers(funnelCustomerRow, funnelCustomersMeta),
      },
    },
    async (request, reply) => {
      const now = desk.nowUs();
      const { result, watermark, generatedInMs } = await desk.ask(
        'funnel-customers',
        goneSignal(reply),
        async (options) => {
          await assertPatterns(clickhouse, request.body, options);
          return runFunnelCustomers(clickhouse, request.body, { ...options, now });
        },
      );
      const { asOfUs, cursor } = result.meta;
      const { timezone, steps } = request.body;
      const stepColumns = steps.map((_, index) => `step${index + 1}At`);
      return sendAnswer(request, reply, {
        rows: result.rows.map(
          ({ unit, anonymous, furthest, open, enteredAtUs, stepsAtUs }): AnswerRow => ({
            customer: unit,
            anonymous,
            furthest,
            open,
            enteredAt: isoFromMicroseconds(enteredAtUs),
            ...Object.fromEntries(stepColumns.map((column, index) => [column, isoOrNull(stepsAtUs[index])])),
          }),
        ),
        columns: [...Object.keys(funnelCustomerRow.shape), ...stepColumns],
        meta: {
          asOf: isoFromMicroseconds(asOfUs),
          watermark,
          timezone,
          cursor,
          generatedInMs,
          truncated: cursor !== null,
        },
      });
    },
  );
}

/** Absent, when the chosen attempt did not match that step. */
function isoOrNull(us: number | null | undefined): string | null {
  return us === null || us === undefined ? null : isoFromMicroseconds(us);
}
