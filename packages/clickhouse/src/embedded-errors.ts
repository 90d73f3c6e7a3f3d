import { type ClickHouseError, clientError, serverError } from './error.ts';

/** Any error of chDB as a ClickHouseError. */
export function classifyEmbeddedError(what: string, error: unknown): ClickHouseError {
  const message = error instanceof Error ? error.message : String(error);
  const facts = error as { clickhouseCode?: unknown; code?: unknown };
  if (typeof facts.clickhouseCode === 'number') return serverError(facts.clickhouseCode, message, what, error);
  if (facts.code === 'CHDB_CLOSED') return clientError('CLOSED', `${what}: ${message}`, error);
  if (facts.code === 'CHDB_CONNECTION') return clientError('FOLDER_NOT_USABLE', `${what}: ${message}`, error);
  return clientError('ENGINE_FAILED', `${what}: ${message}`, error);
}
