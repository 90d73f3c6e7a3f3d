import { programmingError } from './error.ts';
import { checkIdentifier } from './insert-format.ts';
import { withoutComments } from './split-statements.ts';

const createTable =
  /^CREATE TABLE IF NOT EXISTS (\w+)\s*(\([\s\S]*\))\s*ENGINE = (\w*MergeTree)(?:\(([^)]*)\))?([\s\S]*)$/i;
const alterTable = /^ALTER TABLE (\w+)\s+([\s\S]+)$/i;
const dropTable = /^DROP TABLE IF EXISTS (\w+)$/i;
const createOther = /^(CREATE (?:VIEW|DICTIONARY|FUNCTION) IF NOT EXISTS \w+)([\s\S]*)$/i;
const dropOther = /^(DROP (?:VIEW|DICTIONARY|FUNCTION) IF EXISTS \w+)$/i;
const shardBy = /--\s*shard by (.+)\s*$/m;
// What an ALTER may say to a Distributed table, which has columns but no indices, settings or codecs.
const columnAlter = /^(?:ADD COLUMN|DROP COLUMN|MODIFY COLUMN|RENAME COLUMN|MODIFY COMMENT|COMMENT COLUMN)\b/i;

/** Name of the table that holds a shard's rows behind a Distributed table. */
export function localTable(table: string): string {
  return `${table}_local`;
}

/**
 * A migration statement as what a cluster needs: `Replicated…` tables ON CLUSTER that hold the rows, named `…_local`,
 * and a `Distributed` table of the plain name over them, sharded by the key of the comment `-- shard by …` above the
 * statement. Throws `BAD_MIGRATION` for what can't be translated.
 */
export function clusterStatements(statement: string, cluster: string, database: string): readonly string[] {
  const on = `ON CLUSTER ${checkIdentifier(cluster)}`;
  const sql = withoutComments(statement).replace(/\s*\n\s*\n\s*/g, '\n');

  const create = createTable.exec(sql);
  if (create !== null) {
    const [, table = '', columns = '', engine = '', parameters = '', rest = ''] = create;
    const key = shardBy.exec(statement)?.[1]?.trim();
    if (key === undefined) throw programmingError('BAD_MIGRATION', `table ${table}: no "-- shard by" comment`);
    const replicated = [
      `'/clickhouse/tables/{shard}/${database}/${localTable(table)}'`,
      `'{replica}'`,
      parameters.trim(),
    ];
    return [
      `CREATE TABLE IF NOT EXISTS ${localTable(table)} ${on}\n${columns}\n` +
        `ENGINE = Replicated${engine}(${replicated.filter((part) => part !== '').join(', ')})${rest.trimEnd()}`,
      `CREATE TABLE IF NOT EXISTS ${table} ${on} AS ${localTable(table)}\n` +
        `ENGINE = Distributed(${cluster}, ${database}, ${localTable(table)}, ${key})`,
    ];
  }

  const alter = alterTable.exec(sql);
  if (alter !== null) {
    const [, table = '', change = ''] = alter;
    const local = `ALTER TABLE ${localTable(table)} ${on} ${change}`;
    return columnAlter.test(change)
      ? [local, `ALTER TABLE ${table} ${on} ${change.replace(/\s+CODEC\([\s\S]*\)\s*$/i, '')}`]
      : [local];
  }

  const drop = dropTable.exec(sql);
  if (drop !== null) {
    const [, table = ''] = drop;
    return [`DROP TABLE IF EXISTS ${table} ${on}`, `DROP TABLE IF EXISTS ${localTable(table)} ${on} SYNC`];
  }

  const other = createOther.exec(sql) ?? dropOther.exec(sql);
  if (other !== null) return [`${other[1]} ${on}${other[2] ?? ''}`];
  throw programmingError('BAD_MIGRATION', `no form for a cluster: ${sql.slice(0, 80)}`);
}
