// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type ImprovementListQuery = {
  /** only those of this journey */
  journey?: string | undefined;
  /** rows at most: 1 to 10000 */
  limit?: number | undefined;
};

export type ImprovementListRow = {
  id: string;
  journey: string;
  /** null: all stages */
  stage: string | null;
  title: string;
  at: string;
  /** name of the trait that it was tried on; null: everybody */
  segment: string | null;
  /** values of the segment, as a JSON list */
  segmentValues: string | null;
  owner: string;
  hypothesis: string;
  due: string | null;
  recordedAt: string;
  /** visible part of the key that was used */
  recordedBy: string;
};

export type ImprovementListMeta = {
  watermark: string | null;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * Improvements that were recorded, the newest first
 *
 * `GET /v1/improvements`
 */
export const list = (query?: ImprovementListQuery): Question<ImprovementListRow, ImprovementListMeta> => ({
  method: 'GET',
  path: '/v1/improvements',
  query,
});
