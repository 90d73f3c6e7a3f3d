// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type JourneyApplyBody = {
  /** YAML text of one or several journeys */
  source: string;
};

export type JourneyApplyRow = {
  journey: string;
  version: number;
  /** unchanged: this version with this meaning was applied before */
  state: 'accepted' | 'unchanged';
};

export type JourneyApplyMeta = {
  at: string;
};

/**
 * Apply journeys: new ones, or new versions. All of the text, or nothing
 *
 * Durable in the log when it is answered; the derivation follows, and `GET /v1/journeys` shows how far it is. The version before answers until then. The version must be higher than the newest one; the same version with the same meaning changes nothing (200).
 *
 * `POST /v1/journeys`
 */
export const apply = (body: string | JourneyApplyBody): Question<JourneyApplyRow, JourneyApplyMeta> => ({
  method: 'POST',
  path: '/v1/journeys',
  body,
  textType: 'text/yaml',
});
