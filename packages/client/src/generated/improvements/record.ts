// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type ImprovementRecordBody = {
  /** the same id again replaces what was recorded; random if it is missing */
  id?: string | undefined;
  journey: string;
  /** all stages if it is missing */
  stage?: string | undefined;
  title: string;
  /** since when it is in effect (ISO 8601) */
  at: string;
  /** whom it was tried on: "plan:pro", or name and values; everybody if missing */
  segment?:
    | `${string}:${string}`
    | {
        name: string;
        /** at most 100 */
        values: readonly ('' | string)[];
      }
    | null
    | undefined;
  owner?: string | undefined;
  hypothesis?: string | undefined;
  /** until when an effect is expected (ISO 8601) */
  due?: string | null | undefined;
};

export type ImprovementRecordRow = {
  id: string;
  journey: string;
  state: 'accepted' | 'unchanged';
};

export type ImprovementRecordMeta = Record<string, unknown>;

/**
 * Record an improvement; the same id again replaces it
 *
 * `POST /v1/improvements`
 */
export const record = (body: ImprovementRecordBody): Question<ImprovementRecordRow, ImprovementRecordMeta> => ({
  method: 'POST',
  path: '/v1/improvements',
  body,
});
