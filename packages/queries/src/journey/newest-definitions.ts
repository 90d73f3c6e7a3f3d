import { type ClickHouse, defineQuery, integerTextColumn, microsecondsColumn } from '@michinori/clickhouse';
import type { Journey } from '@michinori/journey';
import { z } from 'zod';
import { readJourneySource } from './journey-source.ts';
import { type RegistryOptions, readFrom } from './registry-reading.ts';

/** What identifies one definition: two texts of one version are two definitions. */
export interface DefinitionKey {
  readonly journey: string;
  readonly version: number;
  /** cityHash64 of the source, as decimal text. */
  readonly hash: string;
}

/** The definition of a journey that holds: of its highest version the one that was applied first. */
export interface NewestDefinition extends DefinitionKey {
  readonly appliedAtUs: number;
  readonly appliedBy: string;
}

const newestQuery = defineQuery({
  name: 'newest_definitions',
  sql: `
    SELECT journey, newest.1 AS version, toString(newest.2) AS hash, newest.3 AS appliedAtUs, newest.4 AS appliedBy
    FROM (
      SELECT journey, argMin(
          tuple(version, cityHash64(source), applied_at, applied_by),
          tuple(-toInt64(version), applied_at, log, log_partition, log_offset)) AS newest
      FROM journey_definitions
      GROUP BY journey)
    ORDER BY journey`,
  params: z.object({}),
  row: z.object({
    journey: z.string(),
    version: z.number(),
    hash: integerTextColumn,
    appliedAtUs: microsecondsColumn,
    appliedBy: z.string(),
  }),
});

const sourceQuery = defineQuery({
  name: 'definition_source',
  sql: `
    SELECT source
    FROM journey_definitions
    WHERE journey = {journey:String} AND version = {version:UInt32} AND cityHash64(source) = {hash:UInt64}
    LIMIT 1`,
  params: z.object({ journey: z.string(), version: z.int(), hash: integerTextColumn }),
  row: z.object({ source: z.string() }),
});

/** The definition that holds of every journey, ordered by id. */
export async function readNewestDefinitions(
  clickhouse: ClickHouse,
  options?: RegistryOptions,
): Promise<NewestDefinition[]> {
  return readFrom(clickhouse, newestQuery, {}, options);
}

const parsed = new Map<string, Journey>();
const parsedMax = 256;

/**
 * The checked journey of a definition; null if its text isn't stored, or isn't a journey as this program reads them. What was
 * read once is kept: the key names the text.
 */
export async function readDefinition(
  clickhouse: ClickHouse,
  { journey, version, hash }: DefinitionKey,
  options?: RegistryOptions,
): Promise<Journey | null> {
  const key = `${hash}/${version}/${journey}`;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const [row] = await readFrom(clickhouse, sourceQuery, { journey, version, hash }, options);
  if (row === undefined) return null;
  const read = readJourneySource(row.source);
  if (!read.ok) return null;
  const [oldest] = parsed.keys();
  if (parsed.size >= parsedMax && oldest !== undefined) parsed.delete(oldest);
  parsed.set(key, read.journey);
  return read.journey;
}
