import { type ClickHouse, isoFromMicroseconds, type QueryOptions } from '@michinori/clickhouse';
import {
  activeDerivation,
  type JourneyQuestion,
  type JourneyScope,
  journeyQuestion,
  planJourney,
  readJourneys,
} from '@michinori/queries';
import { didYouMean } from '@michinori/runtime';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { sendAnswer } from '../../answer/send.ts';
import type { AnswerRow } from '../../answer/serialise.ts';
import { goneSignal } from '../../gone.ts';
import type { QuestionDesk, QuestionName } from '../../question-desk.ts';
import { QuestionError } from '../../question-error.ts';
import { answers, formatQuery } from '../route-schema.ts';

/** What an endpoint is given to answer with. `extra` are its own parameters, parsed. */
export interface JourneyQuestionContext<E> {
  clickhouse: ClickHouse;
  scope: JourneyScope;
  extra: E;
  options: QueryOptions;
}

export interface JourneyAnswer {
  /** Flat: every member is a text, a number, a truth value or null. */
  rows: readonly object[];
  /** Columns of CSV where they aren't those of the endpoint's row. */
  columns?: readonly string[];
  /** Beside asOf, watermark, timezone, journeyVersion, generatedInMs. */
  meta?: Readonly<Record<string, unknown>>;
  truncated?: boolean;
}

/** One question about a journey: `GET /v1/journeys/{journey}/{path}`. */
export interface JourneyEndpoint<E extends z.ZodRawShape, R extends z.ZodObject> {
  path: string;
  /** Label of the metrics. */
  name: QuestionName;
  summary: string;
  description?: string;
  /** Parameters beside those of every question about a journey. */
  parameters: E;
  row: R;
  /** Members of `meta` beside the usual ones. */
  meta?: z.ZodRawShape;
  run(context: JourneyQuestionContext<z.output<z.ZodObject<E>>>): Promise<JourneyAnswer>;
}

/** An endpoint whose parameters have lost their types: what a list of endpoints holds. */
export type AnyJourneyEndpoint = JourneyEndpoint<z.ZodRawShape, z.ZodObject>;

/** Makes an endpoint; only here do the types of its parameters meet its `run`. */
export function defineJourneyEndpoint<E extends z.ZodRawShape, R extends z.ZodObject>(
  endpoint: JourneyEndpoint<E, R>,
): AnyJourneyEndpoint {
  return {
    ...endpoint,
    // The route has parsed `extra` with `parameters`.
    run: ({ extra, ...context }) => endpoint.run({ ...context, extra: extra as z.output<z.ZodObject<E>> }),
  };
}

const usualMeta = {
  asOf: z.string(),
  watermark: z.string().nullable(),
  timezone: z.string(),
  journeyVersion: z.int(),
  generatedInMs: z.int(),
  truncated: z.boolean(),
};

const commonNames: readonly string[] = Object.keys(journeyQuestion.shape);

/** Adds an endpoint: finds the journey's active derivation, decides the question, asks, and sends the rows as they are asked for. */
export function addJourneyEndpoint(app: FastifyInstance, desk: QuestionDesk, endpoint: AnyJourneyEndpoint): void {
  const querystring = z.strictObject({ ...formatQuery.shape, ...journeyQuestion.shape, ...endpoint.parameters });
  app.get<{ Params: { journey: string }; Querystring: Record<string, unknown> }>(
    `/v1/journeys/:journey/${endpoint.path}`,
    {
      schema: {
        summary: endpoint.summary,
        ...(endpoint.description === undefined ? {} : { description: endpoint.description }),
        tags: ['journeys'],
        params: z.object({ journey: z.string().max(64).describe('id of the journey') }),
        querystring,
        response: answers(endpoint.row, z.object({ ...usualMeta, ...endpoint.meta })),
      },
    },
    async (request, reply) => {
      const { format: _, ...given } = request.query;
      const pick = (isCommon: boolean) =>
        Object.fromEntries(Object.entries(given).filter(([name]) => commonNames.includes(name) === isCommon));
      const nowUs = desk.nowUs();
      const { result, watermark, generatedInMs } = await desk.ask(endpoint.name, goneSignal(reply), async (options) => {
        const active = await findJourney(desk.clickhouse, request.params.journey, options);
        // The validator has parsed both with the schemas of these types.
        const scope = planJourney(pick(true) as JourneyQuestion, active, nowUs);
        const { clickhouse } = desk;
        return { scope, answer: await endpoint.run({ clickhouse, scope, extra: pick(false), options }) };
      });
      const { scope, answer } = result;
      return sendAnswer(request, reply, {
        rows: answer.rows.map((row): AnswerRow => ({ ...row })),
        columns: answer.columns ?? Object.keys(endpoint.row.shape),
        meta: {
          asOf: isoFromMicroseconds(scope.asOfUs),
          watermark,
          timezone: scope.timezone,
          journeyVersion: scope.journey.version,
          ...answer.meta,
          generatedInMs,
          truncated: answer.truncated ?? false,
        },
      });
    },
  );
}

/** The derivation that answers for a journey. @throws QuestionError `unknown_journey`, which names the nearest one */
export async function findJourney(clickhouse: ClickHouse, id: string, options: QueryOptions) {
  const active = await activeDerivation(clickhouse, id, options);
  if (active !== null) return active;
  const known = (await readJourneys(clickhouse, options)).map((journey) => journey.id);
  const hint = didYouMean(id, known);
  if (known.includes(id)) {
    throw new QuestionError(
      'journey_not_ready',
      `The journey ${id} is being derived for the first time; ask again soon.`,
    );
  }
  const all = known.length === 0 ? 'None has been applied yet.' : `Known: ${known.join(', ')}.`;
  throw new QuestionError(
    'unknown_journey',
    `There is no journey "${id.slice(0, 64)}".${hint === '' ? ` ${all}` : hint}`,
  );
}
