// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type AnnotationListQuery = {
  /** at or after this time (ISO 8601) */
  from?: string | undefined;
  /** before this time (ISO 8601) */
  to?: string | undefined;
  /** only those of this journey */
  journey?: string | undefined;
  /** rows at most: 1 to 10000 */
  limit?: number | undefined;
};

export type AnnotationListRow = {
  time: string;
  /** null: a moment, not a span */
  timeEnd: string | null;
  title: string;
  text: string;
  /** with commas: improvement or version, the journey, the stage */
  tags: string;
};

export type AnnotationListMeta = {
  watermark: string | null;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * Improvements and applied versions of journeys as marks on a time axis, the newest first
 *
 * `GET /v1/annotations`
 */
export const list = (query?: AnnotationListQuery): Question<AnnotationListRow, AnnotationListMeta> => ({
  method: 'GET',
  path: '/v1/annotations',
  query,
});
