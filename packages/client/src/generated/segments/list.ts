// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type SegmentListQuery = {
  /** id of a journey; default all */
  journey?: string | undefined;
  /** rows of each journey at most: 1 to 5000 */
  limit?: number | undefined;
};

export type SegmentListRow = {
  journey: string;
  segment: string;
  /** empty: missing */
  value: string;
  visits: number;
  customers: number;
  last: string;
};

export type SegmentListMeta = {
  watermark: string | null;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * Values that the segments of journeys had at visits of the last 365 days, the most frequent first
 *
 * `GET /v1/segments`
 */
export const list = (query?: SegmentListQuery): Question<SegmentListRow, SegmentListMeta> => ({
  method: 'GET',
  path: '/v1/segments',
  query,
});
