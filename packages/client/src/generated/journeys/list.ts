// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneyListQuery = {
  /** of the titles, e.g. ja; default en */
  language?: string | undefined;
};

export type JourneyListRow = {
  journey: string;
  /** the newest one that was applied */
  version: number;
  /** the one that answers come from; null until the first derivation is complete */
  activeVersion: number | null;
  title: string;
  unit: 'customer' | 'account' | null;
  /** ids in order, with commas */
  stages: string;
  /** waiting: applied, its derivation has not begun; rebuilding: answers come from the former derivation meanwhile */
  state: 'active' | 'building' | 'rebuilding' | 'waiting';
  /** share of the units that are derived; 0 to 1 */
  progress: number;
  appliedAt: string;
  /** visible part of the key that was used */
  appliedBy: string;
  /** number of the derivation that answers come from */
  derivation: number | null;
};

export type JourneyListMeta = {
  watermark: string | null;
  generatedInMs: number;
};

/**
 * Journeys that were applied, and how far their derivation is
 *
 * `GET /v1/journeys`
 */
export const list = (query?: JourneyListQuery): Question<JourneyListRow, JourneyListMeta> => ({
  method: 'GET',
  path: '/v1/journeys',
  query,
});
