import { type ClickHouse, defineQuery, defineStatement, integerColumn } from '@michinori/clickhouse';
import { z } from 'zod';
import type { UnitScope } from '../derive/scope.ts';
import { createParameters } from '../funnel/parameters.ts';
import { identityState } from './merges.ts';
import { namedAnonymousSql } from './note-identities.ts';

const roundParams = z.object({ round: z.string().min(1) });
const inRound = '(SELECT unit_key FROM dirty_units WHERE round = {round:String})';

/** Customers whom an alias, done or undone, connects with those of the round and who aren't in it. Ids without events connect nobody. */
const neighbours = `SELECT DISTINCT key FROM (
SELECT member_key AS key FROM identity_links
WHERE is_anonymous = 0 AND customer_key GLOBAL IN ${inRound} AND member_key GLOBAL IN (
  SELECT customer_key FROM events WHERE customer_key GLOBAL IN (SELECT member_key FROM identity_links WHERE is_anonymous = 0 AND customer_key GLOBAL IN ${inRound}))
UNION ALL
SELECT customer_key AS key FROM identity_claims WHERE is_anonymous = 0 AND member_key GLOBAL IN ${inRound}
)
WHERE key GLOBAL NOT IN ${inRound}`;

const neighbourCount = defineQuery({
  name: 'identity-neighbours',
  sql: `SELECT count() AS units FROM (\n${neighbours}\n)`,
  params: roundParams,
  row: z.object({ units: integerColumn }),
});

const addNeighbours = defineStatement({
  name: 'spread-round-aliases',
  sql: `INSERT INTO dirty_units (round, unit_key)\nSELECT {round:String} AS round, key AS unit_key FROM (\n${neighbours}\n)`,
});

/** Anonymous ids that the round's customers ever named, and whoever they or the round's own anonymous ids were ever taken to belong to. */
function claimedSql(round: string) {
  const parameters = createParameters();
  const scope: UnitScope = { kind: 'round', round };
  const name = parameters.bind(round, 'String');
  const dirty = `(SELECT unit_key FROM dirty_units WHERE round = ${name})`;
  const sql = `INSERT INTO dirty_units (round, unit_key)
SELECT DISTINCT ${name} AS round, key AS unit_key FROM (
SELECT member_key AS key FROM identity_links WHERE is_anonymous AND customer_key GLOBAL IN ${dirty}
UNION ALL
SELECT customer_key AS key FROM identity_owners WHERE ${namedAnonymousSql(scope, parameters)}
)
WHERE key GLOBAL NOT IN ${dirty}`;
  return { statement: defineStatement({ name: 'spread-round-claims', sql }), values: parameters.values() };
}

/**
 * Adds to a round of `dirty_units` everybody whose journey may change with what changed: the anonymous ids that its customers named, those who
 * owned them, and all who are or were one person with any of them. Comes after {@link noteIdentities}.
 */
export async function spreadRound(clickhouse: ClickHouse, round: string): Promise<void> {
  const [state] = await clickhouse.queryOnWriter(identityState, {});
  if (state === undefined || state.links === 0) return;
  const claimed = claimedSql(round);
  await clickhouse.insertSelect(claimed.statement, claimed.values);
  if (state.aliases === 0) return;
  for (;;) {
    const [found] = await clickhouse.queryOnWriter(neighbourCount, { round });
    if (found === undefined || found.units === 0) return;
    await clickhouse.insertSelect(addNeighbours, { round });
  }
}
