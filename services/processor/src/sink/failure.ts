import { ClickHouseError } from '@michinori/clickhouse';

/** How a failed batch is counted: `infrastructure` passes by itself, `limit` and `programming` need a person. */
export type BatchFailure = 'infrastructure' | 'limit' | 'programming' | 'verification';

const verificationCodes = new Set<unknown>([
  'rows_not_visible',
  'announcements_not_visible',
  'round_not_visible',
  'signals_not_visible',
]);

/**
 * What kind of failure ended an attempt at a batch. An unknown error is a bug (`programming`); an error of the data that
 * comes this far wasn't about a row and is trouble of the table.
 */
export function batchFailureOf(error: unknown): BatchFailure {
  if (error instanceof ClickHouseError) return error.kind === 'data' ? 'infrastructure' : error.kind;
  const { code, canRetry } = error instanceof Error ? (error as { code?: unknown; canRetry?: unknown }) : {};
  if (verificationCodes.has(code)) return 'verification';
  return canRetry === true ? 'infrastructure' : 'programming';
}
