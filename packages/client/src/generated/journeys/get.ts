// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneyGetQuery = {
  /** default: the newest one that was applied */
  version?: number | undefined;
  /** of the titles, e.g. ja; default en */
  language?: string | undefined;
};

export type JourneyGetRow = {
  /** from 1 */
  stage: number;
  id: string;
  title: string;
  terminal: boolean;
  /** those that the map always shows, with commas */
  touchpoints: string;
  expectedSeconds: number | null;
  lostAfterSeconds: number | null;
  horizonSeconds: number;
  effort: number;
};

export type JourneyGetMeta = {
  journey: string;
  version: number;
  versions: {
    version: number;
    appliedAt: string;
    appliedBy: string;
  }[];
  title: string;
  unit: string | null;
  timezone: string | null;
  segments: string[];
  /** JSON only: the checked definition, durations in microseconds; null if this program cannot read it */
  definition: unknown;
  /** JSON only: the YAML text */
  source?: string;
  generatedInMs: number;
};

/**
 * The definition of a journey: a row per stage; as JSON also the whole definition and its YAML text
 *
 * `GET /v1/journeys/{journey}`
 */
export const get = (journey: string, query?: JourneyGetQuery): Question<JourneyGetRow, JourneyGetMeta> => ({
  method: 'GET',
  path: `/v1/journeys/${encodeURIComponent(journey)}`,
  query,
});
