import { isoFromMicroseconds } from '@michinori/clickhouse';
import { type ListedAlert, type ListedTransition, listAlerts, listAlertTransitions } from '@michinori/queries';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sendAnswer } from '../answer/send.ts';
import { goneSignal } from '../gone.ts';
import type { QuestionDesk } from '../question-desk.ts';
import { readRange } from './read-instant.ts';
import { answers, formatQuery, limitParameter } from './route-schema.ts';

const number = z.number().nullable();
const time = z.string().nullable();

const filter = z.strictObject({
  ...formatQuery.shape,
  alert: z.string().min(1).max(64).optional().describe('only this rule'),
  journey: z.string().min(1).max(64).optional().describe('only rules about this journey'),
});

const series = {
  stage: z.string(),
  segment: z.string().describe('`plan:pro`; empty: everybody'),
  touchpoint: z.string().nullable(),
};
const rates = { k: number, n: number, rate: number, lo: number, hi: number, usual: number, lift: number };

const alertRow = z.object({
  ...{ alert: z.string(), journey: z.string(), kind: z.string(), severity: z.string(), ...series },
  state: z
    .string()
    .describe('ok, pending, firing; or why it was not judged: insufficient, no-data, late-data, query-failed'),
  firing: z.boolean().describe('has fired and is not resolved, also while it can not be judged'),
  ...{ episode: z.string().nullable(), startedAt: time, firedAt: time, evaluatedAt: z.string() },
  ...{ windowFrom: time, windowTo: time, ...rates, usualLo: number, usualHi: number, p: number, q: number },
});

const historyRow = z.object({
  at: z.string(),
  ...{ alert: z.string(), journey: z.string(), ...series },
  transition: z.enum(['started', 'fired', 'dropped', 'resolved']),
  reason: z.string().nullable().describe('of an end: calm, insufficient or retired'),
  ...{ episode: z.string(), startedAt: z.string(), windowFrom: time, windowTo: time, ...rates, q: number },
});

const meta = z.object({ watermark: z.string().nullable(), generatedInMs: z.int(), truncated: z.boolean() });
const iso = (us: number | null): string | null => (us === null ? null : isoFromMicroseconds(us));

/** `GET /v1/alerts`, a row per series as of the last evaluation of each rule, and `GET /v1/alerts/history`, a row per thing that happened. */
export function addAlertRoutes(app: FastifyInstance, desk: QuestionDesk): void {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.get(
    '/v1/alerts',
    {
      schema: {
        summary: 'What alerts watch, as of the last evaluation of each rule: one row per series',
        tags: ['alerts'],
        querystring: filter,
        response: answers(alertRow, meta),
      },
    },
    async (request, reply) => {
      const { alert = '', journey = '' } = request.query;
      const { result, watermark, generatedInMs } = await desk.ask('alerts', goneSignal(reply), (options) =>
        listAlerts(desk.clickhouse, { alert, journey }, options),
      );
      const answer = { rows: result.map(shownAlert), columns: Object.keys(alertRow.shape) };
      return sendAnswer(request, reply, { ...answer, meta: { watermark, generatedInMs, truncated: false } });
    },
  );
  typed.get(
    '/v1/alerts/history',
    {
      schema: {
        summary: 'What happened to alerts, the newest first: one row per beginning, alarm and end of an episode',
        tags: ['alerts'],
        querystring: filter.extend({
          from: z.string().optional().describe('at or after this time (ISO 8601)'),
          to: z.string().optional().describe('before this time (ISO 8601)'),
          limit: limitParameter(5_000, 1_000),
        }),
        response: answers(historyRow, meta),
      },
    },
    async (request, reply) => {
      const { alert = '', journey = '', limit, from, to } = request.query;
      const asked = { ...readRange({ from, to }), alert, journey, limit: limit + 1 };
      const { result, watermark, generatedInMs } = await desk.ask('alerts', goneSignal(reply), (options) =>
        listAlertTransitions(desk.clickhouse, asked, options),
      );
      const rows = result.slice(0, limit).map(shownTransition);
      const answer = { rows, columns: Object.keys(historyRow.shape) };
      return sendAnswer(request, reply, {
        ...answer,
        meta: { watermark, generatedInMs, truncated: result.length > limit },
      });
    },
  );
}

function shownAlert(row: ListedAlert): z.output<typeof alertRow> {
  const { startedUs, firedUs, evaluatedUs, windowFromUs, windowToUs, ...rest } = row;
  const times = { startedAt: iso(startedUs), firedAt: iso(firedUs), evaluatedAt: isoFromMicroseconds(evaluatedUs) };
  return { ...rest, ...times, windowFrom: iso(windowFromUs), windowTo: iso(windowToUs) };
}

function shownTransition(row: ListedTransition): z.output<typeof historyRow> {
  const { atUs, alert, journey, key, kind, reason, episode, verdict } = row;
  const { window, ...judged } = verdict?.figures ?? { window: null, ...nothing };
  return {
    ...{ at: isoFromMicroseconds(atUs), alert, journey, ...key, transition: kind, reason },
    ...{ episode: episode.id, startedAt: isoFromMicroseconds(episode.startedUs) },
    ...{ windowFrom: iso(window?.fromUs ?? null), windowTo: iso(window?.toUs ?? null) },
    ...{ ...judged, q: verdict?.q ?? null },
  };
}

const nothing = { k: null, n: null, rate: null, lo: null, hi: null, usual: null, lift: null };
