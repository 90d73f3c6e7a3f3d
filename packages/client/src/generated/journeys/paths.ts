// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { FlatRow, Question } from '../../question.ts';

export type JourneyPathsQuery = {
  /** visits that began at or after this time (ISO 8601); default 90 days before to */
  from?: string | undefined;
  /** visits that began before this time (ISO 8601); default asOf */
  to?: string | undefined;
  /** use events that occurred up to this time (ISO 8601); default now */
  asOf?: string | undefined;
  /** NAME:VALUE; repeat it: values of one name are alternatives, different names hold together */
  segment?: `${string}:${string}` | readonly `${string}:${string}`[] | undefined;
  /** a segment of the journey: one set of rows for each of its values */
  by?: string | undefined;
  /** IANA time zone of the buckets; default the journey's */
  timezone?: string | undefined;
  /** bucket by the beginning of the visit */
  interval?: 'hour' | 'day' | 'week' | 'month' | undefined;
  /** customers (default): each unit once per cohort; or visits */
  count?: 'customers' | 'visits' | undefined;
  /** from touchpoint to touchpoint; whole ways; touchpoints that visits come back to; default transitions */
  detail?: 'transitions' | 'variants' | 'loops' | undefined;
  /** only visits to this stage; default all */
  stage?: string | undefined;
  /** rows at most: 1 to 5000 */
  limit?: number | undefined;
};

export type JourneyPathsRow = {
  segment: string | null;
  stage: string;
  /** null: the visit began */
  from: string | null;
  /** null: nothing followed; see outcome */
  to: string | null;
  outcome: string | null;
  transitions: number;
  customers: number;
  n: number;
  share: number | null;
  lo: number | null;
  hi: number | null;
  secondsP50: number | null;
};

export type JourneyPathsMeta = {
  asOf: string;
  watermark: string | null;
  timezone: string;
  journeyVersion: number;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * The ways through the stages: transitions between touchpoints, variants, loops
 *
 * The rows described are those of `detail=transitions`; those of variants and loops are described in packages/queries/docs/contacts-and-customers.md. `interval` plays no part.
 *
 * `GET /v1/journeys/{journey}/paths`
 */
export function paths(
  journey: string,
  query: JourneyPathsQuery & { detail: 'variants' | 'loops' },
): Question<FlatRow, JourneyPathsMeta>;
export function paths(
  journey: string,
  query?: JourneyPathsQuery & { detail?: Exclude<JourneyPathsQuery['detail'], 'variants' | 'loops'> },
): Question<JourneyPathsRow, JourneyPathsMeta>;
export function paths(
  journey: string,
  query?: JourneyPathsQuery,
): Question<JourneyPathsRow | FlatRow, JourneyPathsMeta>;
export function paths(
  journey: string,
  query?: JourneyPathsQuery,
): Question<JourneyPathsRow | FlatRow, JourneyPathsMeta> {
  return { method: 'GET', path: `/v1/journeys/${encodeURIComponent(journey)}/paths`, query };
}
