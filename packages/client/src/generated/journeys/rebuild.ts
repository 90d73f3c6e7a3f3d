// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneyRebuildRow = {
  journey: string;
  requestedAt: string;
};

export type JourneyRebuildMeta = Record<string, unknown>;

/**
 * Derive a journey anew
 *
 * Durable in the log when it is answered. Answers come from the former derivation until the new one is complete; `GET /v1/journeys` shows how far it is.
 *
 * `POST /v1/journeys/{journey}/rebuild`
 */
export const rebuild = (journey: string): Question<JourneyRebuildRow, JourneyRebuildMeta> => ({
  method: 'POST',
  path: `/v1/journeys/${encodeURIComponent(journey)}/rebuild`,
});
