import { isoFromMicroseconds } from '@michinori/clickhouse';
import { listAlertRules } from '@michinori/queries';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sendAnswer } from '../../../answer/send.ts';
import { decideRemoval, decideRules, type RulesOfFiles } from '../../../definitions/decide-rules.ts';
import type { DefinitionDesk } from '../../../definitions/definition-desk.ts';
import { newestJourneys, readRuleText } from '../../../definitions/read-rules.ts';
import { goneSignal } from '../../../gone.ts';
import type { QuestionDesk } from '../../../question-desk.ts';
import { formatQuery, problemSchema, writeAnswers } from '../../route-schema.ts';
import { addYamlParser, yamlTypes } from '../yaml-body.ts';

const row = z.object({
  alert: z.string(),
  state: z
    .enum(['accepted', 'unchanged', 'valid', 'removed'])
    .describe('unchanged: it stood there with this very text; valid: dryRun, it would be accepted'),
});
const meta = z.object({ at: z.string() });
const columns = Object.keys(row.shape);
const config = { keyScope: 'admin' as const };

const body = z
  .strictObject({
    source: z.string().optional().describe('YAML text of one or several rules'),
    rule: z
      .looseObject({ alert: z.string(), journey: z.string() })
      .optional()
      .describe('one rule as an object, with the keys of the YAML text'),
  })
  .refine(({ source, rule }) => (source === undefined) !== (rule === undefined), {
    message: 'give either source or rule',
  });

/** `POST /v1/alerts/rules` and `DELETE /v1/alerts/rules/{alert}`: rules come into the log, and are taken away by it. */
export function addWriteRulesRoutes(app: FastifyInstance, desk: QuestionDesk, definitions: DefinitionDesk): void {
  async function rulesOfFiles(reply: FastifyReply): Promise<RulesOfFiles> {
    const { result } = await desk.ask('alert-rules', goneSignal(reply), (options) =>
      listAlertRules(desk.clickhouse, {}, options),
    );
    return new Map(result.flatMap(({ alert, origin, changedBy }) => (origin === 'file' ? [[alert, changedBy]] : [])));
  }

  app.register(async (scope) => {
    addYamlParser(
      scope,
      'invalid_rule',
      'Send rules as text/yaml, or as application/json {"source": "…"} or {"rule": {…}}.',
    );
    scope.withTypeProvider<ZodTypeProvider>().post(
      '/v1/alerts/rules',
      {
        config,
        schema: {
          summary:
            'Apply rules of alerts: new ones, or others in place of those with the same ids. All of the text, or nothing',
          description:
            'Durable in the log when it is answered; the alerter takes it up within a minute or two. Journeys, stages and segments must exist in the ' +
            'newest version of their journey that was applied. Whether channels exist is known to the alerter alone: its log names those that do not. ' +
            'With `dryRun=true` nothing is stored.',
          tags: ['alerts'],
          consumes: ['application/json', ...yamlTypes],
          querystring: z.strictObject({
            ...formatQuery.shape,
            dryRun: z.enum(['true', 'false']).optional().describe('true: only check'),
          }),
          body,
          response: { ...writeAnswers(row, meta), 409: problemSchema.describe('the rule stands in a file') },
        },
      },
      async (request, reply) => {
        const { source, rule } = request.body;
        const text = source ?? JSON.stringify(rule, null, 2);
        readRuleText(text);
        const isDry = request.query.dryRun === 'true';
        const ofFiles = await rulesOfFiles(reply);
        const atUs = desk.nowUs();
        const applied = await definitions.write((known) => {
          const wanted = readRuleText(text, newestJourneys(known));
          const decided = decideRules(wanted, known, { ofFiles, nowUs: atUs, by: request.keyPrefix });
          return { records: isDry ? [] : decided.records, answer: decided.applied };
        });
        const rows = applied.map(({ alert, state }) => ({
          alert,
          state: isDry && state === 'accepted' ? ('valid' as const) : state,
        }));
        if (rows.some(({ state }) => state === 'accepted')) reply.code(202);
        return sendAnswer(request, reply, { rows, columns, meta: { at: isoFromMicroseconds(atUs) } });
      },
    );
  });

  app.withTypeProvider<ZodTypeProvider>().delete(
    '/v1/alerts/rules/:alert',
    {
      config,
      schema: {
        summary: 'Take a rule of alerts away; its alarms end',
        description: 'Durable in the log when it is answered. A rule of a file is taken out of its file.',
        tags: ['alerts'],
        params: z.object({ alert: z.string().max(128).describe('id of the rule') }),
        querystring: formatQuery,
        response: {
          ...writeAnswers(row, meta),
          404: problemSchema.describe('there is no such rule'),
          409: problemSchema.describe('the rule stands in a file'),
        },
      },
    },
    async (request, reply) => {
      const { alert } = request.params;
      const ofFiles = await rulesOfFiles(reply);
      const atUs = desk.nowUs();
      await definitions.write((known) => {
        const record = decideRemoval(alert, known, { ofFiles, nowUs: atUs, by: request.keyPrefix });
        return { records: [record], answer: null };
      });
      const rows = [{ alert, state: 'removed' as const }];
      return sendAnswer(request, reply.code(202), { rows, columns, meta: { at: isoFromMicroseconds(atUs) } });
    },
  );
}
