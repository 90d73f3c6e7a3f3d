import { runOutlookTrackRecord } from '@michinori/queries';
import { z } from 'zod';
import { figure, horizon, language } from './columns.ts';
import { defineJourneyEndpoint } from './endpoint.ts';

/** `GET /v1/journeys/{journey}/outlook/track-record` */
export const outlookTrackRecordEndpoint = defineJourneyEndpoint({
  path: 'outlook/track-record',
  name: 'journey-outlook-track-record',
  summary: 'Whether the outlook was any good: forecasts at past moments against what happened since',
  description:
    'A row per stage. `detail=calibration`: a row per stage, outcome and bin of forecasts (stage, position, outcome, from, to, n, k, forecast, rate, lo, hi). `interval` plays no part. See packages/queries/docs/outlook.md.',
  parameters: {
    detail: z.enum(['summary', 'calibration']).default('summary').describe('how good; or what was said, bin by bin'),
    horizon,
    language,
  },
  row: z.object({
    stage: z.string(),
    title: z.string(),
    position: z.int(),
    horizonSeconds: z.number(),
    cuts: z.int().describe('past moments'),
    visits: z.int().describe('visits that were forecast'),
    forecasts: z.int(),
    unknown: z.int().describe('open visits for which too little was known then'),
    sampledShare: figure.describe('share of the visits of the range that was looked at'),
    brier: figure.describe('mean squared error over advanced, lost, staying: 0…2'),
    brierBase: figure.describe('of who always says the shares with which the outcomes came in the end'),
    skill: figure.describe('1 − brier/brierBase, with its interval lo…hi'),
    lo: figure,
    hi: figure,
    verdict: z.enum(['skill', 'no_skill', 'insufficient']),
    advancedAuc: figure,
    advancedAucLo: z.number(),
    advancedAucHi: z.number(),
    advancedCalibrationP: z.number().describe('small: forecasts of advancing were not calibrated'),
    lostAuc: figure,
    lostAucLo: z.number(),
    lostAucHi: z.number(),
    lostCalibrationP: z.number(),
  }),
  async run({ clickhouse, scope, extra, options }) {
    const asked = { ...options, horizonUs: extra.horizon, language: extra.language };
    const { rows, calibration } = await runOutlookTrackRecord(clickhouse, scope, asked);
    return extra.detail === 'calibration' ? { rows: calibration, columns: calibrationColumns } : { rows };
  },
});

const calibrationColumns = [
  ...['stage', 'position', 'outcome', 'from', 'to', 'n', 'k', 'forecast', 'rate', 'lo', 'hi'],
];
