// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneyRebuildAllRow = {
  journey: string;
  requestedAt: string;
};

export type JourneyRebuildAllMeta = Record<string, unknown>;

/**
 * Derive every journey anew
 *
 * Durable in the log when it is answered. Answers come from the former derivation until the new one is complete; `GET /v1/journeys` shows how far it is.
 *
 * `POST /v1/rebuild`
 */
export const rebuildAll = (): Question<JourneyRebuildAllRow, JourneyRebuildAllMeta> => ({
  method: 'POST',
  path: '/v1/rebuild',
});
