import { isoFromMicroseconds } from '@michinori/clickhouse';
import { type HealthBandRow, type HealthRecordRow, runHealthBands, runHealthRecord } from '@michinori/queries';
import { z } from 'zod';
import { figure, language } from './columns.ts';
import { defineJourneyEndpoint } from './endpoint.ts';

/** `GET /v1/journeys/{journey}/health/track-record` */
export const healthTrackRecordEndpoint = defineJourneyEndpoint({
  path: 'health/track-record',
  name: 'journey-health-track-record',
  summary: 'Whether health scores were any good: those of one horizon ago against what happened since',
  description:
    'As it was judged in the night before asOf: a row for the journey (stage null) and one per stage; no rows before the first night. `detail=history`: of all nights in [from, to), the newest first. `detail=bands`: a row per band of scores (asOf, stage, title, position, from, to, n, lost, rate, lo, hi). Segments and intervals play no part. See packages/queries/docs/track-record.md.',
  parameters: {
    detail: z
      .enum(['latest', 'history', 'bands'])
      .default('latest')
      .describe('the newest record; all; what scores meant'),
    language,
  },
  row: z.object({
    asOf: z.string().describe('the night of the record'),
    stage: z.string().nullable().describe('null: the journey'),
    title: z.string(),
    position: z.int().describe('0: the journey'),
    horizonSeconds: z.number(),
    scoresAsOf: z.string().nullable().describe('the evaluation that was judged'),
    state: z.enum(['ok', 'insufficient', 'no_scores']),
    n: z.int().describe('customers, or accounts, that were scored'),
    lost: z.int().describe('of these, within the horizon'),
    auc: figure.describe('chance that of one lost and one who stayed the lost one had the lower score; 0.5 is chance'),
    aucLo: z.number(),
    aucHi: z.number(),
    brier: figure.describe('mean squared error of the scores as probabilities, as the evaluation before taught: 0…1'),
    brierBase: figure.describe('of who always says the share that was lost'),
    skill: figure.describe('1 − brier/brierBase, with its interval skillLo…skillHi'),
    skillLo: figure,
    skillHi: figure,
    losses: z.int().describe('from the evaluation to the end of the horizon, also of those who came later'),
    neverFlagged: z.int().describe('of the losses, without a churn signal'),
    neverFlaggedShare: figure,
    neverFlaggedLo: z.number(),
    neverFlaggedHi: z.number(),
    leadSecondsP25: figure.describe('from the churn signal to the loss'),
    leadSecondsP50: figure,
    leadSecondsP50Lo: figure,
    leadSecondsP50Hi: figure,
    leadSecondsP75: figure,
  }),
  async run({ clickhouse, scope, extra: { detail, language: wanted }, options }) {
    const asked = { ...options, language: wanted };
    if (detail === 'bands') {
      return { rows: (await runHealthBands(clickhouse, scope, asked)).map(shownBand), columns: bandColumns };
    }
    const rows = await runHealthRecord(clickhouse, scope, { ...asked, isHistory: detail === 'history' });
    return { rows: rows.map(shownRecord) };
  },
});

const bandColumns = ['asOf', 'stage', 'title', 'position', 'from', 'to', 'n', 'lost', 'rate', 'lo', 'hi'];

function shownBand({ asOfUs, stage, title, position, from, to, n, lost, rate, lo, hi }: HealthBandRow) {
  return { asOf: isoFromMicroseconds(asOfUs), stage, title, position, from, to, n, lost, rate, lo, hi };
}

function shownRecord({ asOfUs, scoresAsOfUs, stage, title, position, horizonSeconds, ...rest }: HealthRecordRow) {
  const scoresAsOf = scoresAsOfUs === null ? null : isoFromMicroseconds(scoresAsOfUs);
  return { asOf: isoFromMicroseconds(asOfUs), stage, title, position, horizonSeconds, scoresAsOf, ...rest };
}
