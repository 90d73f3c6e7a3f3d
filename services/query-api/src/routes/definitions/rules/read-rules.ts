import { type ListedRule, listAlertRules } from '@michinori/queries';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { formatOf } from '../../../answer/format.ts';
import { sendAnswer } from '../../../answer/send.ts';
import { unknownRule } from '../../../definitions/decide-rules.ts';
import { goneSignal } from '../../../gone.ts';
import type { QuestionDesk } from '../../../question-desk.ts';
import { answers, formatQuery, problemSchema } from '../../route-schema.ts';
import { describeRule, journeysOf, ruleProblem, ruleRow } from './rule-row.ts';

const language = z.string().max(20).optional().describe('of the titles, e.g. ja; default en');
const shared = { watermark: z.string().nullable(), generatedInMs: z.int() };
const columns = Object.keys(ruleRow.shape);

/** `GET /v1/alerts/rules` and `GET /v1/alerts/rules/{alert}`: the rules that there are, and what is wrong with them. */
export function addReadRulesRoutes(app: FastifyInstance, desk: QuestionDesk): void {
  const typed = app.withTypeProvider<ZodTypeProvider>();

  typed.get(
    '/v1/alerts/rules',
    {
      schema: {
        summary: 'Rules of alerts: one row per rule, those of files and those that were applied',
        tags: ['alerts'],
        querystring: z.strictObject({
          ...formatQuery.shape,
          journey: z.string().min(1).max(128).optional().describe('only rules about this journey'),
          language,
        }),
        response: answers(ruleRow, z.object(shared)),
      },
    },
    async (request, reply) => {
      const { journey, language: wanted = 'en' } = request.query;
      const { result, ...about } = await desk.ask('alert-rules', goneSignal(reply), async (options) => {
        const journeys = await journeysOf(desk, options);
        const rules = await listAlertRules(desk.clickhouse, {}, options);
        return rules.map((rule) => describeRule(rule, journeys, wanted).row);
      });
      const rows = result.filter((row) => journey === undefined || row.journey === journey);
      return sendAnswer(request, reply, { rows, columns, meta: about });
    },
  );

  typed.get(
    '/v1/alerts/rules/:alert',
    {
      schema: {
        summary: 'A rule of alerts; as JSON also everything that is wrong with it now',
        tags: ['alerts'],
        params: z.object({ alert: z.string().max(128).describe('id of the rule') }),
        querystring: z.strictObject({ ...formatQuery.shape, language }),
        response: {
          ...answers(ruleRow, z.object({ ...shared, problems: z.array(ruleProblem).optional().describe('JSON only') })),
          404: problemSchema.describe('there is no such rule'),
        },
      },
    },
    async (request, reply) => {
      const { alert } = request.params;
      const { language: wanted = 'en' } = request.query;
      const { result, ...about } = await desk.ask('alert-rules', goneSignal(reply), async (options) => {
        const rules: readonly ListedRule[] = await listAlertRules(desk.clickhouse, {}, options);
        const rule = rules.find((each) => each.alert === alert);
        if (rule === undefined) {
          const known = rules.map((each) => each.alert);
          throw unknownRule(alert, known);
        }
        return describeRule(rule, await journeysOf(desk, options), wanted);
      });
      const { row, problems } = result;
      const meta = { ...about, ...(formatOf(request) === 'json' ? { problems } : {}) };
      return sendAnswer(request, reply, { rows: [row], columns, meta });
    },
  );
}
