import { connectServer, defineQuery, integerColumn, migrate } from '@michinori/clickhouse';
import { insertDeliveries, insertUnitJourneys, referenceHealthScores, referenceUnitJourneys } from '@michinori/testing';
import { startNativeCluster } from '@michinori/testing/native-clickhouse';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { copies, dayUs, hourUs, journey, minuteUs, nowUs, type Told, termOver, todayUs } from './world.ts';

it('is the same on two shards', { timeout: 300_000 }, async (context) => {
  const cluster = await startNativeCluster(context);
  const clickhouse = await connectServer({ url: cluster.url, cluster: cluster.name });
  context.onTestFinished(() => clickhouse.close());
  await migrate(clickhouse);
  await insertDeliveries(clickhouse, [copies]);
  await insertUnitJourneys(clickhouse, 1, referenceUnitJourneys(journey, copies));
  const told: Told[] = [];
  const term = () => termOver(clickhouse, told, { backfill: false });
  const first = term();
  await first.round(nowUs - minuteUs);
  await first.round(nowUs);
  await term().round(nowUs + 3 * dayUs);
  await term().round(nowUs + 3 * dayUs);
  const sql = `SELECT as_of AS asOf, unit, score FROM health_scores
WHERE (as_of, evaluated_at) GLOBAL IN (SELECT as_of, evaluated_at FROM health_evaluations) ORDER BY as_of, unit`;
  const row = z.object({ asOf: integerColumn, unit: z.string(), score: z.number() });
  const rows = await clickhouse.queryOnWriter(defineQuery({ name: 'test', sql, params: z.object({}), row }), {});
  const expected = [0, 1, 2, 3].flatMap((day) => {
    const asOf = todayUs + day * dayUs + 3 * hourUs;
    const scores = referenceHealthScores(journey, copies, asOf).map(({ customer, score }) => ({
      asOf,
      unit: customer,
      score,
    }));
    return scores.sort((a, b) => (a.unit < b.unit ? -1 : 1));
  });
  expect(rows).toEqual(expected);
  expect(told.map(({ title, to }) => `${title} ${to}`).sort()).toEqual([
    'At risk of churn (over): back crm',
    'At risk of churn (over): back signals',
    'At risk of churn: going crm',
    'At risk of churn: going signals',
    'Ready for expansion: back signals',
  ]);
});
