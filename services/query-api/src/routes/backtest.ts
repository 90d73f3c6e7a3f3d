import { readEventExtent } from '@michinori/queries';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { createAdmission } from '../admission.ts';
import { sendAnswer } from '../answer/send.ts';
import { backtestMeta, backtestMetaOf, backtestRow, backtestRows } from '../backtest/answer.ts';
import { backtestBody } from '../backtest/body.ts';
import { findRule } from '../backtest/find-rule.ts';
import { planBacktest } from '../backtest/plan.ts';
import { noHistory, readHistory } from '../backtest/read-history.ts';
import { runBacktest } from '../backtest/run-backtest.ts';
import { goneSignal } from '../gone.ts';
import type { QuestionDesk } from '../question-desk.ts';
import { QuestionError } from '../question-error.ts';
import { answers, formatQuery, problemSchema } from './route-schema.ts';

/** Replays take turns: one at a time, and others wait for it. */
const turns = { runningMax: 1, waitingMax: 8 };

const example = {
  rule: 'alert: considering\njourney: buying\nstages: [consideration]\nhorizon: 14d\nwindow: 7d\n',
  from: '2026-01-01T00:00:00Z',
  incidents: [{ from: '2026-09-07T00:00:00+09:00', to: '2026-09-12T00:00:00+09:00', stage: 'consideration' }],
};

/** `POST /v1/alerts/backtest`: the alarms that a rule would have given; packages/alerts/docs/backtest.md. */
export function addBacktestRoute(app: FastifyInstance, desk: QuestionDesk): void {
  const admission = createAdmission(turns);
  const overloaded = () =>
    new QuestionError('overloaded', `${turns.waitingMax} back-tests are waiting already; ask again soon.`);
  app.withTypeProvider<ZodTypeProvider>().post(
    '/v1/alerts/backtest',
    {
      schema: {
        summary: 'Replay a rule over the past: one row per alarm that it would have given',
        description:
          'Every evaluation of the past is decided with what was known then. With the incidents that are known, alarms are told apart into detected and false ones; ' +
          'their rate stands beside the budget of the rule.',
        tags: ['alerts'],
        querystring: formatQuery,
        body: backtestBody.meta({ examples: [example] }),
        response: {
          ...answers(backtestRow, backtestMeta),
          404: problemSchema.describe('there is no such rule, or no such journey'),
        },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const signal = goneSignal(reply);
      const startedMs = performance.now();
      const { clickhouse } = desk;
      const { plan, read, result, watermark } = await admission.run(async () => {
        const asked = await desk.ask('alert-backtest', signal, async (options) => {
          const found = await findRule(clickhouse, body, options);
          const planned = planBacktest(body, found, await readEventExtent(clickhouse, options), desk.nowUs());
          const isEmpty = planned.evaluationsUs.length === 0;
          const history = isEmpty ? noHistory : await readHistory(clickhouse, planned, body.knownBy, options);
          return { planned, history };
        });
        const { planned, history } = asked.result;
        const replayed = await runBacktest(planned, history, signal);
        return { plan: planned, read: history, result: replayed, watermark: asked.watermark };
      }, overloaded);
      const generatedInMs = Math.round(performance.now() - startedMs);
      return sendAnswer(request, reply, {
        rows: backtestRows(plan, result, body.locale),
        columns: Object.keys(backtestRow.shape),
        meta: { ...backtestMetaOf(plan, read, result), watermark, generatedInMs, truncated: false },
      });
    },
  );
}
