// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type DeadLetterListQuery = {
  /** received at or after this time (ISO 8601) */
  from?: string | undefined;
  /** received before this time (ISO 8601) */
  to?: string | undefined;
  /** only this code */
  code?: string | undefined;
  /** rows at most: 1 to 1000 */
  limit?: number | undefined;
  /** `meta.cursor` of the page before */
  cursor?: string | undefined;
};

export type DeadLetterListRow = {
  receivedAt: string;
  /** who refused it */
  source: 'ingest' | 'sink';
  dialect: string;
  code: string;
  /** JSON pointer into the event */
  path: string;
  message: string;
  eventId: string;
  /** what was sent, cut to 64 KiB */
  raw: string;
  log: string;
  partition: number;
  offset: number;
};

export type DeadLetterListMeta = {
  watermark: string | null;
  /** for the next page; null on the last one */
  cursor: string | null;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * Dead letters: what was refused, and why; newest first
 *
 * `GET /v1/dead-letters`
 */
export const list = (query?: DeadLetterListQuery): Question<DeadLetterListRow, DeadLetterListMeta> => ({
  method: 'GET',
  path: '/v1/dead-letters',
  query,
});
