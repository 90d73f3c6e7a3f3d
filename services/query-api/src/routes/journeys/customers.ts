import { isoFromMicroseconds } from '@michinori/clickhouse';
import {
  type AccountedVisit,
  customerOutcomes,
  durationParameter,
  runGoldenCustomers,
  runJourneyCustomers,
  stageNumber,
} from '@michinori/queries';
import { z } from 'zod';
import { limitParameter } from '../route-schema.ts';
import { figure } from './columns.ts';
import { defineJourneyEndpoint, type JourneyAnswer, type JourneyQuestionContext } from './endpoint.ts';
import { refuse } from './refuse.ts';
import { visitColumns, visitRow } from './visit-columns.ts';

const thirtyDaysUs = 30 * 86_400_000_000;
const truth = z.enum(['true', 'false']);

const parameters = {
  stage: z.string().max(256).optional().describe('only visits to this stage; default all'),
  outcome: z.enum(customerOutcomes).optional().describe('only visits that came to this; dropped is lost or silent'),
  touchpoint: z.string().max(512).optional().describe('only visits that this touchpoint touched'),
  touched: truth.optional().describe('false: only visits that the touchpoint did not touch'),
  golden: truth.optional().describe('true: who is in good spirits and has just reached a milestone'),
  milestone: z.string().max(512).optional().describe('golden: the touchpoint'),
  within: durationParameter.optional().describe('golden: how long ago the milestone may be, default 30d'),
  limit: limitParameter(5000, 100),
  cursor: z.string().max(2048).optional().describe('`meta.cursor` of the page before'),
};
type Extra = z.output<z.ZodObject<typeof parameters>>;

const row = z.object({
  customer: z.string().nullable().describe('null in journeys of accounts, and for anonymous customers'),
  account: z.string().nullable(),
  anonymous: z.string().nullable(),
  ...visitColumns,
  sentiment: figure.optional().describe('golden: mean of the last 30 days'),
  stageMean: figure.optional().describe('golden: mean sentiment of the stage'),
  milestoneAt: z.string().optional().describe('golden: the latest one'),
});
const goldenColumns = Object.keys(row.shape);
const columns = goldenColumns.slice(0, -3);

/** `GET /v1/journeys/{journey}/customers` */
export const customersEndpoint = defineJourneyEndpoint({
  path: 'customers',
  name: 'journey-customers',
  summary: 'The customers behind the numbers of stages and touchpoints, page by page; or those to make an offer to',
  description:
    'Every visit that `/stages` counts with the same parameters. With `golden=true` those with an open visit whose sentiment is above the mean of their stage and who had the milestone lately.',
  parameters,
  row,
  meta: { cursor: z.string().nullable().describe('for the next page; null on the last one') },
  run: (context) => (context.extra.golden === 'true' ? answerGolden(context) : answerCustomers(context)),
});

const named = (visit: AccountedVisit) => ({
  customer: visit.customer,
  account: visit.account,
  anonymous: visit.anonymous,
  ...visitRow(visit),
});

async function answerCustomers(context: JourneyQuestionContext<Extra>): Promise<JourneyAnswer> {
  const { clickhouse, scope, extra, options } = context;
  const { stage, outcome = null, touchpoint, touched = 'true', limit, cursor = null } = extra;
  if (extra.milestone !== undefined) refuse('/milestone', 'is taken with golden=true only');
  if (extra.within !== undefined) refuse('/within', 'is taken with golden=true only');
  if (extra.touched !== undefined && touchpoint === undefined) refuse('/touched', 'needs a touchpoint');
  const question = {
    stage: stage === undefined ? null : stageNumber(scope.journey, stage, '/stage'),
    outcome,
    touchpoint: touchpoint === undefined ? null : { name: touchpoint, isTouched: touched === 'true' },
    limit,
    cursor,
  };
  const answer = await runJourneyCustomers(clickhouse, scope, question, options);
  const meta = { asOf: isoFromMicroseconds(answer.asOfUs), cursor: answer.cursor };
  return { rows: answer.rows.map(named), columns, meta, truncated: answer.cursor !== null };
}

async function answerGolden(context: JourneyQuestionContext<Extra>): Promise<JourneyAnswer> {
  const { clickhouse, scope, extra, options } = context;
  const { milestone, within = thirtyDaysUs, stage, limit } = extra;
  for (const name of ['outcome', 'touchpoint', 'touched', 'cursor'] as const) {
    if (extra[name] !== undefined) refuse(`/${name}`, 'is not taken with golden=true');
  }
  if (milestone === undefined)
    return refuse('/milestone', 'is missing; it is the touchpoint that golden=true looks for');
  const question = {
    stage: stage === undefined ? null : stageNumber(scope.journey, stage, '/stage'),
    milestone,
    withinUs: within,
    limit,
  };
  const { rows, isTruncated } = await runGoldenCustomers(clickhouse, scope, question, options);
  const shown = rows.map((golden) => ({
    ...named(golden),
    sentiment: golden.sentiment,
    stageMean: golden.stageMean,
    milestoneAt: isoFromMicroseconds(golden.milestoneAtUs),
  }));
  return { rows: shown, columns: goldenColumns, meta: { cursor: null }, truncated: isTruncated };
}
