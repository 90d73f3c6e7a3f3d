import { isoFromMicroseconds } from '@michinori/clickhouse';
import { titleOf } from '@michinori/journey';
import { type JourneyState, readJourneys } from '@michinori/queries';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sendAnswer } from '../../answer/send.ts';
import { goneSignal } from '../../gone.ts';
import type { QuestionDesk } from '../../question-desk.ts';
import { answers, formatQuery } from '../route-schema.ts';

const row = z.object({
  journey: z.string(),
  version: z.int().describe('the newest one that was applied'),
  activeVersion: z
    .int()
    .nullable()
    .describe('the one that answers come from; null until the first derivation is complete'),
  title: z.string(),
  unit: z.enum(['customer', 'account']).nullable(),
  stages: z.string().describe('ids in order, with commas'),
  state: z
    .enum(['active', 'building', 'rebuilding', 'waiting'])
    .describe(
      'waiting: applied, its derivation has not begun; rebuilding: answers come from the former derivation meanwhile',
    ),
  progress: z.number().min(0).max(1).describe('share of the units that are derived'),
  appliedAt: z.string(),
  appliedBy: z.string().describe('visible part of the key that was used'),
  derivation: z.int().nullable().describe('number of the derivation that answers come from'),
});

/** `GET /v1/journeys`: which journeys there are, and how far their derivation is. */
export function addJourneyListRoute(app: FastifyInstance, desk: QuestionDesk): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/journeys',
    {
      schema: {
        summary: 'Journeys that were applied, and how far their derivation is',
        tags: ['journeys'],
        querystring: z.strictObject({
          ...formatQuery.shape,
          language: z.string().max(20).optional().describe('of the titles, e.g. ja; default en'),
        }),
        response: answers(row, z.object({ watermark: z.string().nullable(), generatedInMs: z.int() })),
      },
    },
    async (request, reply) => {
      const { language = 'en' } = request.query;
      const { result, watermark, generatedInMs } = await desk.ask('journeys', goneSignal(reply), (options) =>
        readJourneys(desk.clickhouse, options),
      );
      const rows = result.map((state) => rowOf(state, language));
      return sendAnswer(request, reply, { rows, columns: Object.keys(row.shape), meta: { watermark, generatedInMs } });
    },
  );
}

/** How far a journey is, in the words of the list. Pure. */
export function standingOf({
  state,
  progress,
  newestVersion,
}: Pick<JourneyState, 'state' | 'progress' | 'newestVersion'>): {
  state: z.output<typeof row>['state'];
  progress: number;
} {
  const isReady = state === 'ready';
  if (progress === null || (!isReady && progress.version !== newestVersion))
    return { state: isReady ? 'active' : 'waiting', progress: isReady ? 1 : 0 };
  const share = progress.unitsTotal === 0 ? 0 : Math.min(1, progress.unitsDone / progress.unitsTotal);
  return { state: isReady ? 'rebuilding' : 'building', progress: share };
}

function rowOf(journey: JourneyState, language: string): z.output<typeof row> {
  const { id, definition, version, newestVersion, derivation, appliedAtUs, appliedBy } = journey;
  return {
    journey: id,
    version: newestVersion,
    activeVersion: version,
    title: definition === null ? id : titleOf(definition.title, id, language),
    unit: definition?.unit ?? null,
    stages: definition?.stages.map((stage) => stage.id).join(',') ?? '',
    ...standingOf(journey),
    appliedAt: isoFromMicroseconds(appliedAtUs),
    appliedBy,
    derivation,
  };
}
