// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { Question } from '../../question.ts';

export type ExportEventsQuery = {
  /** occurred at or after this time (ISO 8601) */
  from?: string | undefined;
  /** occurred before this time (ISO 8601) */
  to?: string | undefined;
  /** rows at most: 1 to 10000 */
  limit?: number | undefined;
  /** `meta.cursor` of the page before */
  cursor?: string | undefined;
};

export type ExportEventsRow = {
  id: string;
  customer: string | null;
  anonymous: string | null;
  account: string | null;
  touchpoint: string;
  channel: string | null;
  team: string | null;
  direction: string | null;
  topic: string | null;
  occurredAt: string;
  /** a whole number; null when not given, or 0 */
  sequence: string | null;
  sentiment: number | null;
  nps: number | null;
  /** exact decimal number */
  amount: string | null;
  currency: string | null;
  /** JSON object; all values are text */
  properties: string;
  /** JSON object; all values are text */
  traits: string;
};

export type ExportEventsMeta = {
  watermark: string | null;
  /** for the next page; null on the last one */
  cursor: string | null;
  /** about how much of the whole is done with this page, 0…1 */
  progress: number;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * All events as they were sent, page by page
 *
 * Each event once, by customer, and of each customer in the order of its timeline. `michinori export events` turns them into a file.
 *
 * `GET /v1/export/events`
 */
export const events = (query?: ExportEventsQuery): Question<ExportEventsRow, ExportEventsMeta> => ({
  method: 'GET',
  path: '/v1/export/events',
  query,
});
