import { localTable } from './cluster-ddl.ts';
import { programmingError } from './error.ts';

// What is said to a table about the rows that it stores. A Distributed table stores none.
const aboutRows = /^\s*(ALTER TABLE|DELETE FROM|TRUNCATE TABLE|OPTIMIZE TABLE) (\w+)\b([\s\S]*)$/i;
const aboutMerges = /^\s*(SYSTEM (?:STOP|START) MERGES) (\w+)\s*$/i;

/**
 * A statement about the stored rows of a table (partitions, deletion, merges) as a cluster needs it: about the tables behind
 * the Distributed one, on every node. Everything else, and what names its cluster itself, stays as it is.
 */
export function clusterCommand(sql: string, cluster: string): string {
  const rows = aboutRows.exec(sql);
  if (rows !== null) {
    const [, verb = '', table = '', rest = ''] = rows;
    return / ON CLUSTER /i.test(rest) ? sql : `${verb} ${localTable(table)} ON CLUSTER ${cluster}${rest}`;
  }
  const merges = aboutMerges.exec(sql);
  return merges === null ? sql : `${merges[1]} ON CLUSTER ${cluster} ${localTable(merges[2] ?? '')}`;
}

const insertSelect = /^(INSERT INTO \w+ \([^)]*\))\s*(?:SETTINGS ([^\n]*)\n)?\s*(SELECT[\s\S]*)$/;
const readTable = /\b(FROM|JOIN) (\w+)\b(?!\()/g;

/**
 * An INSERT … SELECT whose rows follow from rows of one shard and belong there, as a cluster runs it fastest: each shard reads and writes its
 * own tables, nothing travels. Throws `BAD_STATEMENT` for another form of statement.
 */
export function shardLocalInsert(sql: string, cluster: string, database: string): string {
  const match = insertSelect.exec(sql);
  if (match === null) throw programmingError('BAD_STATEMENT', `not an INSERT … SELECT: ${sql.slice(0, 80)}`);
  const [, insert = '', settings, select = ''] = match;
  const own = select.replace(readTable, (_, word: string, table: string) => `${word} ${database}.${localTable(table)}`);
  const all = [...(settings === undefined ? [] : [settings.trim()]), 'parallel_distributed_insert_select = 2'];
  return `${insert}\nSETTINGS ${all.join(', ')}\nSELECT * FROM cluster(${cluster}, view(${own}))`;
}
