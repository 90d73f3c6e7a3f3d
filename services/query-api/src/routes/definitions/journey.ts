import { isoFromMicroseconds } from '@michinori/clickhouse';
import { type Journey, titleOf } from '@michinori/journey';
import { listAppliedVersions } from '@michinori/queries';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { formatOf } from '../../answer/format.ts';
import { sendAnswer } from '../../answer/send.ts';
import { readStored } from '../../definitions/read-source.ts';
import { goneSignal } from '../../gone.ts';
import { invalidQuestion } from '../../question/validator.ts';
import type { QuestionDesk } from '../../question-desk.ts';
import { answers, formatQuery, problemSchema } from '../route-schema.ts';
import { unknownJourney } from './rebuild.ts';

const row = z.object({
  stage: z.int().describe('from 1'),
  id: z.string(),
  title: z.string(),
  terminal: z.boolean(),
  touchpoints: z.string().describe('those that the map always shows, with commas'),
  expectedSeconds: z.number().nullable(),
  lostAfterSeconds: z.number().nullable(),
  horizonSeconds: z.number(),
  effort: z.int(),
});

const meta = z.object({
  journey: z.string(),
  version: z.int(),
  versions: z.array(z.object({ version: z.int(), appliedAt: z.string(), appliedBy: z.string() })),
  title: z.string(),
  unit: z.string().nullable(),
  timezone: z.string().nullable(),
  segments: z.array(z.string()),
  definition: z
    .unknown()
    .describe('JSON only: the checked definition, durations in microseconds; null if this program cannot read it'),
  source: z.string().optional().describe('JSON only: the YAML text'),
  generatedInMs: z.int(),
});

/** `GET /v1/journeys/{journey}`: the definition. */
export function addJourneyRoute(app: FastifyInstance, desk: QuestionDesk): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/journeys/:journey',
    {
      schema: {
        summary: 'The definition of a journey: a row per stage; as JSON also the whole definition and its YAML text',
        tags: ['journeys'],
        params: z.object({ journey: z.string().max(128).describe('id of the journey') }),
        querystring: z.strictObject({
          ...formatQuery.shape,
          version: z
            .string()
            .regex(/^[1-9][0-9]{0,9}$/, { message: 'must be a whole number' })
            .transform(Number)
            .optional()
            .describe('default: the newest one that was applied'),
          language: z.string().max(20).optional().describe('of the titles, e.g. ja; default en'),
        }),
        response: { ...answers(row, meta), 404: problemSchema.describe('there is no such journey') },
      },
    },
    async (request, reply) => {
      const { journey: id } = request.params;
      const { version, language = 'en' } = request.query;
      const { result, generatedInMs } = await desk.ask('journeys', goneSignal(reply), async (options) => {
        const versions = id === '' ? [] : await listAppliedVersions(desk.clickhouse, { journey: id }, options);
        if (versions.length > 0) return versions;
        const known = await listAppliedVersions(desk.clickhouse, {}, options);
        throw unknownJourney(id, [...new Set(known.map(({ journey }) => journey))]);
      });
      const chosen = version === undefined ? result[0] : result.find((each) => each.version === version);
      if (chosen === undefined)
        throw unknownVersion(
          id,
          version,
          result.map((each) => each.version),
        );
      const definition = readStored(chosen.source)[0]?.journey ?? null;
      const isJson = formatOf(request) === 'json';
      return sendAnswer(request, reply, {
        rows: definition === null ? [] : stagesOf(definition, language),
        columns: Object.keys(row.shape),
        meta: {
          journey: id,
          version: chosen.version,
          versions: result.map((each) => ({
            version: each.version,
            appliedAt: isoFromMicroseconds(each.appliedAtUs),
            appliedBy: each.appliedBy,
          })),
          title: definition === null ? id : titleOf(definition.title, id, language),
          unit: definition?.unit ?? null,
          timezone: definition?.timezone ?? null,
          segments: definition?.segments ?? [],
          ...(isJson ? { definition, source: chosen.source } : {}),
          generatedInMs,
        },
      });
    },
  );
}

function unknownVersion(id: string, version: number | undefined, known: readonly number[]) {
  const message = `Version ${version} of the journey ${id} was never applied. Known: ${known.slice(0, 20).join(', ')}.`;
  return invalidQuestion([{ pointer: '/version', message }]);
}

function stagesOf({ stages }: Journey, language: string): z.output<typeof row>[] {
  const seconds = (us: number | null): number | null => (us === null ? null : us / 1_000_000);
  return stages.map((stage, index) => ({
    stage: index + 1,
    id: stage.id,
    title: titleOf(stage.title, stage.id, language),
    terminal: stage.terminal,
    touchpoints: stage.touchpoints.join(','),
    expectedSeconds: seconds(stage.expectedUs),
    lostAfterSeconds: seconds(stage.lostAfterUs),
    horizonSeconds: stage.horizonUs / 1_000_000,
    effort: stage.effort,
  }));
}
