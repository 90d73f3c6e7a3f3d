import { isoFromMicroseconds } from '@michinori/clickhouse';
import { runHealthCustomers, runHealthStages, stageNumber } from '@michinori/queries';
import { z } from 'zod';
import { limitParameter } from '../route-schema.ts';
import { figure, language } from './columns.ts';
import { defineJourneyEndpoint } from './endpoint.ts';
import { unitColumns, unitNames } from './health-units.ts';

const evaluatedAt = z.string().nullable().describe('as of when health was last evaluated up to asOf; null: it was not');
const iso = (us: number | null): string | null => (us === null ? null : isoFromMicroseconds(us));

/** `GET /v1/journeys/{journey}/health` */
export const healthEndpoint = defineJourneyEndpoint({
  path: 'health',
  name: 'journey-health',
  summary: 'Scores of the customers in each stage, and how many are at risk, as of the last evaluation',
  description: '`from`, `to`, `interval` and `count` mean nothing here: everybody who stands in a stage is counted.',
  parameters: { language },
  row: z.object({
    ...{ stage: z.string(), title: z.string(), position: z.int() },
    segment: z.string().nullable().describe('value of the segment of `by`; null without'),
    customers: z.int(),
    score: figure.describe('mean, 0 to 100'),
    ...{ scoreLo: figure, scoreHi: figure },
    k: z.int().describe('whose score is below the threshold of churn'),
    ...{ n: z.int(), rate: figure, lo: figure, hi: figure },
    from0: z.int().describe('how many have a score from 0 to 19'),
    ...{ from20: z.int(), from40: z.int(), from60: z.int(), from80: z.int() },
  }),
  meta: { evaluatedAt },
  async run({ clickhouse, scope, extra, options }) {
    const found = await runHealthStages(clickhouse, scope, { ...options, language: extra.language });
    return { rows: found.rows, meta: { evaluatedAt: iso(found.evaluatedUs) } };
  },
});

/** `GET /v1/journeys/{journey}/health/customers` */
export const healthCustomersEndpoint = defineJourneyEndpoint({
  path: 'health/customers',
  name: 'journey-health',
  summary: 'The customers behind `/health`, by score, with the ledger that each score is the sum of',
  parameters: {
    stage: z.string().max(256).optional().describe('only this stage; default all'),
    order: z.enum(['lowest', 'highest']).default('lowest').describe('which scores come first'),
    limit: limitParameter(5000, 100),
    cursor: z.string().max(2048).optional().describe('`meta.cursor` of the page before'),
  },
  row: z.object({
    ...unitColumns,
    ...{ stage: z.string(), enteredAt: z.string(), score: z.int() },
    ledger: z.string().describe('JSON: the lines whose points add up to the score, with their evidence'),
    segment: z.string().describe('`plan:pro region:jp`, at the begin of the visit'),
  }),
  meta: { evaluatedAt, cursor: z.string().nullable().describe('for the next page; null on the last one') },
  async run({ clickhouse, scope, extra, options }) {
    const { stage = null, order, limit, cursor = null } = extra;
    if (stage !== null) stageNumber(scope.journey, stage, '/stage');
    const found = await runHealthCustomers(clickhouse, scope, { stage, order, limit, cursor }, options);
    const rows = found.rows.map(({ unit, anonymous, enteredUs, ...row }) => ({
      ...unitNames(scope, { unit, anonymous }),
      ...row,
      enteredAt: isoFromMicroseconds(enteredUs),
    }));
    const meta = { evaluatedAt: iso(found.evaluatedUs), cursor: found.cursor };
    return { rows, meta, truncated: found.cursor !== null };
  },
});
