// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type TouchpointListQuery = {
  /** occurred at or after this time (ISO 8601) */
  from?: string | undefined;
  /** occurred before this time (ISO 8601) */
  to?: string | undefined;
  /** rows at most: 1 to 5000 */
  limit?: number | undefined;
};

export type TouchpointListRow = {
  touchpoint: string;
  events: number;
  customers: number;
  first: string;
  last: string;
};

export type TouchpointListMeta = {
  watermark: string | null;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * Touchpoints that have been seen, the most frequent first
 *
 * `GET /v1/touchpoints`
 */
export const list = (query?: TouchpointListQuery): Question<TouchpointListRow, TouchpointListMeta> => ({
  method: 'GET',
  path: '/v1/touchpoints',
  query,
});
