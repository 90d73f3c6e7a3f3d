import { type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { type AccountedVisit, withAccounts } from './customer-accounts.ts';
import { readEmotionCells } from './emotion.ts';
import { withTouches } from './last-touches.ts';
import { cutTo } from './path-visits.ts';
import type { JourneyScope } from './scope.ts';
import type { RowsAnswer } from './stages.ts';
import { visitDetail, visitDetailRows } from './visit-details.ts';

export interface GoldenQuestion {
  /** From 1; null: of all stages. */
  readonly stage: number | null;
  /** The touchpoint of value. */
  readonly milestone: string;
  /** How long ago it may have been, µs. */
  readonly withinUs: number;
  readonly limit: number;
}

/** Somebody to make an offer to now. Sentiments −1…1. */
export type GoldenCustomer = AccountedVisit & {
  /** Mean of the last 30 days. */
  readonly sentiment: number;
  /** Responses in it. */
  readonly responses: number;
  readonly stageMean: number;
  /** The latest one, µs. */
  readonly milestoneAtUs: number;
};

const recentUs = 30 * 86_400_000_000;

const goldenRow = visitDetail.extend({
  sentiment: z.number(),
  responses: integerColumn,
  milestoneAtUs: integerColumn,
});

function goldenQuery(scope: JourneyScope, question: GoldenQuestion, means: ReadonlyMap<number, number>) {
  const { milestone, withinUs, limit } = question;
  const parameters = createParameters();
  const bind = (us: number) => parameters.bind(us, 'Int64');
  const known = [...means].filter(([stage]) => question.stage === null || stage === question.stage);
  const stages = parameters.bind(
    known.map(([stage]) => stage),
    'Array(Int64)',
  );
  const stageMeans = parameters.bind(
    known.map(([, mean]) => String(mean)),
    'Array(String)',
  );
  const asOf = bind(scope.asOfUs);
  const moods = `arrayFilter((mood, at) -> mood <= 1 AND at > ${bind(scope.asOfUs - recentUs)} AND at <= ${asOf}, response_sentiment, response_at)`;
  const reached = `arrayMax(arrayMap((at, name) -> if(name = ${parameters.bind(milestone, 'String')} AND at > ${bind(scope.asOfUs - withinUs)} AND at <= ${asOf}, at, toInt64(0)), path_at, path_touchpoint))`;
  const units = `SELECT unit_key AS unitKey, length(moods) AS responses, arraySum(moods) / responses AS sentiment, ${reached} AS milestoneAtUs, ${moods} AS moods
FROM unit_journeys FINAL
WHERE derivation = ${parameters.bind(scope.derivation, 'UInt32')} AND notEmpty(moods) AND has(path_touchpoint, ${parameters.bind(milestone, 'String')}) AND milestoneAtUs > 0`;
  const visits = visitDetailRows({ ...scope, count: 'visits' }, parameters, { cohort: 'all' });
  const sql = `SELECT *
FROM (
SELECT * FROM (${visits}) WHERE ending = 'open' AND stage IN ${stages}
) AS visits
INNER JOIN (
${units}
) AS units USING (unitKey)
WHERE sentiment > toFloat64(${stageMeans}[indexOf(${stages}, stage)])
ORDER BY milestoneAtUs DESC, unitKey
LIMIT ${parameters.bind(limit + 1, 'UInt32')}`;
  const query = defineQuery({ name: 'journey-golden-customers', sql, params: anyParameters, row: goldenRow });
  return { query, values: parameters.values() };
}

/**
 * Golden time: units with a visit open at asOf whose mean sentiment of the last 30 days is above the mean of their stage (that of the emotion
 * curve: responses in the range of the scope, customer means first), and who had the milestone inside a visit not longer ago than `withinUs`;
 * those with the latest milestone first.
 */
export async function runGoldenCustomers(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  question: GoldenQuestion,
  options?: QueryOptions,
): Promise<RowsAnswer<GoldenCustomer>> {
  const whole = { ...scope, by: null, interval: null };
  const cells = await readEmotionCells(clickhouse, whole, options);
  const means = new Map(cells.filter(({ level }) => level === 1).map(({ stage, mean }) => [stage, mean]));
  const found = cutTo(await runBound(clickhouse, goldenQuery(whole, question, means), options), question.limit);
  const named = await withAccounts(
    clickhouse,
    scope.journey.unit,
    await withTouches(clickhouse, scope, found.rows, options),
    options,
  );
  const rows = named.map((visit, i): GoldenCustomer => {
    const row = found.rows[i];
    const stageMean = means.get(row?.stage ?? 0) ?? 0;
    const { sentiment = 0, responses = 0, milestoneAtUs = 0 } = row ?? {};
    return { ...visit, sentiment, responses, stageMean, milestoneAtUs };
  });
  return { rows, isTruncated: found.isTruncated };
}
