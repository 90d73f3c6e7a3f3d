import {
  aroundChange,
  type Change,
  changeOfImprovement,
  durationParameter,
  findImprovement,
  instantParameter,
  JourneyQuestionError,
  type JourneyScope,
  runCycleTime,
  runCycleTimeCurve,
  stageNumber,
  wayOfImprovement,
} from '@michinori/queries';
import { z } from 'zod';
import { defineJourneyEndpoint, type JourneyQuestionContext } from './endpoint.ts';

const seconds = z.number().nullable();
const verdict = z.enum(['shorter', 'longer', 'no evidence', 'too early']).nullable();

const parameters = {
  fromStage: z.string().optional().describe('stage that the way begins with; default the first one'),
  toStage: z.string().optional().describe('stage that it leads to; default the one after fromStage, or the last one'),
  compareAt: instantParameter.optional().describe('compare those who set out before and after this time (ISO 8601)'),
  improvement: z.string().max(256).optional().describe('compare before and after an improvement, by its id'),
  horizon: durationParameter
    .optional()
    .describe('horizon of shares and restricted means, e.g. 30d; default that of the stages'),
  detail: z.enum(['summary', 'curve']).default('summary').describe('a row per cohort, or the points of its curve'),
};
type Extra = z.output<z.ZodObject<typeof parameters>>;

/** `GET /v1/journeys/{journey}/cycle-time` */
export const cycleTimeEndpoint = defineJourneyEndpoint({
  path: 'cycle-time',
  name: 'journey-cycle-time',
  summary: 'Time between two stages, and what a change did to it',
  description:
    'Correct although many are still on their way (Aalen–Johansen). `shorter` or `longer` is said only if the interval of the difference excludes 0 and the later cohort is mature.',
  parameters,
  row: z.object({
    period: z.enum(['all', 'before', 'after']),
    segment: z.string().nullable(),
    n: z.int(),
    advanced: z.int(),
    lost: z.int(),
    open: z.int(),
    matureShare: seconds,
    state: z.enum(['insufficient', 'immature', 'ok']),
    horizonSeconds: z.number(),
    secondsP25: seconds,
    secondsP50: seconds,
    secondsP50Lo: seconds,
    secondsP50Hi: seconds,
    secondsP75: seconds,
    secondsP90: seconds,
    restrictedMeanSeconds: seconds,
    restrictedMeanLo: seconds,
    restrictedMeanHi: seconds,
    advancedShare: seconds,
    advancedShareLo: seconds,
    advancedShareHi: seconds,
    naiveMeanSeconds: seconds,
    naiveP50Seconds: seconds,
    naiveShare: seconds,
    differenceSeconds: seconds,
    differenceLo: seconds,
    differenceHi: seconds,
    advancedShareDifference: seconds,
    advancedShareDifferenceLo: seconds,
    advancedShareDifferenceHi: seconds,
    logRankP: seconds,
    verdict,
    reason: z.string().nullable(),
    didSeconds: seconds,
    didLo: seconds,
    didHi: seconds,
    didVerdict: verdict,
  }),
  meta: { fromStage: z.string(), toStage: z.string(), changeAt: z.string().nullable() },
  async run({ clickhouse, scope, extra, options }) {
    const { way, change } = await readQuestion({ clickhouse, scope, extra, options });
    const around = change === null ? scope : aroundChange(scope, change.atUs);
    const question = { way, change, horizonUs: extra.horizon ?? null };
    const id = (stage: number) => scope.journey.stages[stage - 1]?.id ?? '';
    const meta = {
      fromStage: id(way.fromStage),
      toStage: id(way.toStage),
      changeAt: change === null ? null : new Date(change.atUs / 1000).toISOString(),
    };
    if (extra.detail === 'curve') {
      const { rows } = await runCycleTimeCurve(clickhouse, around, question, options);
      const columns = ['period', 'segment', 'seconds', 'share', 'lo', 'hi', 'atRisk'];
      return { rows: rows, columns, meta };
    }
    const { rows } = await runCycleTime(clickhouse, around, question, options);
    return { rows: rows, meta };
  },
});

async function readQuestion({ clickhouse, scope, extra, options }: JourneyQuestionContext<Extra>) {
  if (extra.improvement === undefined) {
    const change: Change | null = extra.compareAt === undefined ? null : { atUs: extra.compareAt, treated: null };
    return { way: readWay(scope, extra), change };
  }
  if (extra.compareAt !== undefined) fail('/compareAt', 'is not taken together with improvement');
  const improvement = await findImprovement(clickhouse, extra.improvement, options);
  if (improvement === null || improvement.journey !== scope.journey.id) {
    return fail(
      '/improvement',
      `no improvement "${extra.improvement.slice(0, 60)}" of the journey ${scope.journey.id}`,
    );
  }
  const isNamed = extra.fromStage !== undefined || extra.toStage !== undefined;
  return {
    way: isNamed ? readWay(scope, extra) : wayOfImprovement(scope, improvement),
    change: changeOfImprovement(scope, improvement),
  };
}

function readWay({ journey }: JourneyScope, { fromStage, toStage }: Extra) {
  const from = fromStage === undefined ? 1 : stageNumber(journey, fromStage, '/fromStage');
  const next = fromStage === undefined ? journey.stages.length : from + 1;
  const to = toStage === undefined ? next : stageNumber(journey, toStage, '/toStage');
  if (toStage === undefined && from === journey.stages.length)
    fail('/fromStage', 'is the last stage: nothing follows it');
  if (to <= from) fail('/toStage', 'must be a later stage than fromStage');
  return { fromStage: from, toStage: to };
}

function fail(pointer: string, message: string): never {
  throw new JourneyQuestionError([{ pointer, message }]);
}
