import { type ClickHouse, defineStatement } from '@michinori/clickhouse';
import type { UnitScope } from '../derive/scope.ts';
import { deriveSettings } from '../derive/settings.ts';
import { scopeSql } from '../derive/sql-scope.ts';
import { createParameters, type Parameters } from '../funnel/parameters.ts';
import { identityState } from './merges.ts';
import { ownersSql } from './sql-owners.ts';
import { aliasTouchpoint, unaliasTouchpoint } from './touchpoints.ts';

const columns = 'customer_key, customer, content_hash, received_at, occurred_at, sequence, event_id';

/**
 * A row per stored event of the scope's customers and other id that it names: an anonymous id beside the customer, or the previous id
 * of an alias, which may be an anonymous id or a customer and therefore counts as both.
 */
function namingRows(scope: UnitScope, parameters: Parameters): string {
  const anonymousKey = (text: string) => `cityHash64(concat('\\0', ${text}))`;
  const inScope = scopeSql('customer_key', scope, parameters);
  const previous = `properties['previous']`;
  const touchpoints = parameters.bind([aliasTouchpoint, unaliasTouchpoint], 'Array(String)');
  const unalias = parameters.bind(unaliasTouchpoint, 'String');
  const carried = `SELECT ${columns}, 'claim' AS because, toUInt8(1) AS is_anonymous, ${anonymousKey('anonymous')} AS member_key, anonymous AS member, toUInt8(0) AS undone
FROM events WHERE ${inScope} AND customer != '' AND anonymous != ''`;
  const aliased = `SELECT ${columns}, 'alias' AS because, toUInt8(target.1) AS is_anonymous, target.2 AS member_key, member, toUInt8(touchpoint = ${unalias}) AS undone
FROM (SELECT ${columns}, touchpoint, ${previous} AS member FROM events WHERE ${inScope} AND touchpoint IN ${touchpoints} AND customer != '' AND ${previous} NOT IN ('', customer))
ARRAY JOIN [(1, ${anonymousKey('member')}), (0, cityHash64(member))] AS target`;
  return `${carried}\nUNION ALL\n${aliased}`;
}

/** The first change and every one that differs from the one before, of sorted (at, sequence, event, undone). */
const changes = 'arrayFilter((change, before) -> change.4 != before, sorted, arrayShiftRight(sorted.4, 1, toUInt8(1)))';

function claimsSql(scope: UnitScope, parameters: Parameters): string {
  const superseded = `(content_hash IN (SELECT content_hash FROM superseded_events WHERE ${scopeSql('customer_key', scope, parameters)}))`;
  const contents = `SELECT is_anonymous, member_key, customer_key, because, content_hash, any(member) AS name, any(customer) AS own_name,
  any((toUnixTimestamp64Micro(occurred_at), sequence, event_id, undone)) AS change, toUInt128(4503599627370496) - min(toUnixTimestamp64Micro(received_at)) AS weight,
  toUInt8(${superseded}) AS is_loser
FROM (\n${namingRows(scope, parameters)}\n)
GROUP BY is_anonymous, member_key, customer_key, because, content_hash`;
  const grouped = `SELECT is_anonymous, member_key, customer_key, because, sum(weight) * 4294967296 + toUInt128(sum(is_loser)) AS rank,
  any(name) AS member, any(own_name) AS customer, countIf(NOT is_loser) AS events,
  if(because = 'claim', if(events = 0, [], [minIf(change, NOT is_loser)]), arraySort(groupArrayIf(change, NOT is_loser AND because = 'alias'))) AS sorted
FROM (\n${contents}\n)
GROUP BY is_anonymous, member_key, customer_key, because`;
  return `INSERT INTO identity_claims (is_anonymous, member_key, customer_key, because, rank, member, customer, events, change_at, change_sequence, change_event, change_undone)
SETTINGS ${deriveSettings}
SELECT is_anonymous, member_key, customer_key, because, rank, member, customer, events, changes.1, changes.2, changes.3, changes.4
FROM (SELECT *, ${changes} AS changes FROM (\n${grouped}\n))`;
}

function linksSql(scope: UnitScope, parameters: Parameters): string {
  return `INSERT INTO identity_links (customer_key, member_key, is_anonymous)
SELECT DISTINCT customer_key, member_key, is_anonymous FROM (\n${namingRows(scope, parameters)}\n)
WHERE (customer_key, member_key) GLOBAL NOT IN (SELECT customer_key, member_key FROM identity_links WHERE ${scopeSql('customer_key', scope, parameters)})`;
}

/** Condition on `member_key`: an anonymous id of the scope, or one that the events of the scope's customers ever named. */
export function namedAnonymousSql(scope: UnitScope, parameters: Parameters): string {
  return `(${scopeSql('member_key', scope, parameters, 'GLOBAL IN')} OR member_key GLOBAL IN (SELECT member_key FROM identity_links WHERE is_anonymous AND ${scopeSql('customer_key', scope, parameters, 'GLOBAL IN')}))`;
}

function ownersNoteSql(scope: UnitScope, parameters: Parameters): string {
  const named = () => namedAnonymousSql(scope, parameters);
  return `INSERT INTO identity_owners (member_key, customer_key)
SELECT member_key, owner FROM (\n${ownersSql({ where: named() }, parameters)}\n)
WHERE owner != 0 AND (member_key, owner) GLOBAL NOT IN (SELECT member_key, customer_key FROM identity_owners WHERE ${named()})`;
}

function membersNoteSql(scope: UnitScope, parameters: Parameters): string {
  const named = () => namedAnonymousSql(scope, parameters);
  return `INSERT INTO identity_members (member_key, customer_key, customer, changed_at, evidence)
SELECT member_key, owner, owner_name, changed_at, evidence FROM (\n${ownersSql({ where: named() }, parameters)}\n)
WHERE (member_key, evidence) GLOBAL NOT IN (SELECT member_key, evidence FROM identity_members WHERE ${named()})`;
}

async function write(
  clickhouse: ClickHouse,
  name: string,
  sqlOf: (scope: UnitScope, parameters: Parameters) => string,
  scope: UnitScope,
): Promise<void> {
  const parameters = createParameters();
  const sql = sqlOf(scope, parameters);
  await clickhouse.insertSelect(defineStatement({ name, sql }), parameters.values());
}

/**
 * Notes what the events of the scope's customers say about who is who (the scope's keys are those of `events`): the ids that they name, the
 * claims and aliases as a whole, and whom the anonymous ids concerned belong to now. Safe to repeat and to interleave. Where no event ever named two ids,
 * it ends with the first of these.
 */
export async function noteIdentities(clickhouse: ClickHouse, scope: UnitScope): Promise<void> {
  await write(clickhouse, 'note-identity-links', linksSql, scope);
  const [state] = await clickhouse.queryOnWriter(identityState, {});
  if (state === undefined || state.links === 0) return;
  await write(clickhouse, 'note-identity-claims', claimsSql, scope);
  await write(clickhouse, 'note-identity-owners', ownersNoteSql, scope);
  await write(clickhouse, 'note-identity-members', membersNoteSql, scope);
}
