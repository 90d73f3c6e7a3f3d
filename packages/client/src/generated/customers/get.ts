// Generated from services/query-api/openapi.json by packages/client/generator; changes by hand are lost.
import type { FlatRow, Question } from '../../question.ts';

export type CustomerGetQuery = {
  /** true: the id is an anonymous id; default false */
  anonymous?: boolean | undefined;
  /** events, or visits in all journeys; newest first; default timeline */
  detail?: 'timeline' | 'visits' | undefined;
  /** timeline: show the stage of this journey */
  journey?: string | undefined;
  /** use events that occurred up to this time (ISO 8601); default now */
  asOf?: string | undefined;
  /** rows at most: 1 to 1000 */
  limit?: number | undefined;
  /** timeline: `meta.cursor` of the page before */
  cursor?: string | undefined;
};

export type CustomerGetRow = {
  at: string;
  touchpoint: string;
  channel: string | null;
  team: string | null;
  direction: string | null;
  topic: string | null;
  /** in force at the event */
  account: string | null;
  sentiment: number | null;
  nps: number | null;
  /** exact decimal number */
  amount: string | null;
  currency: string | null;
  /** in the journey that was asked for */
  stage: string | null;
  id: string;
};

export type CustomerGetMeta = {
  /** the id that the person goes by; null for an anonymous one */
  customer: string | null;
  /** the other ids, the earliest first; at most 1000 */
  identities: {
    kind: 'customer' | 'anonymous';
    id: string;
    /** claim: events carry both ids; alias: an event said so */
    because: 'claim' | 'alias';
    /** the customer whose event says so */
    claimedBy: string;
    since: string;
    eventId: string;
    /** when an alias was undone; null while it is in force */
    undone: string | null;
    /** of an anonymous id: other customers who claim it as well */
    contestedBy: number;
    /** of an anonymous id that somebody else claimed first: that customer */
    belongsTo: string | null;
  }[];
  /** at most 1000 */
  anonymousIds: string[];
  account: string | null;
  firstSeen: string;
  lastSeen: string;
  events: number;
  /** the last value of each */
  traits: Record<string, string>;
  firstTraits: Record<string, string>;
  journeys: {
    journey: string;
    version: number;
    stage: string;
    state: 'open' | 'advanced' | 'returned' | 'lost' | 'silent' | 'completed';
    since: string;
    cycle: number;
    visits: number;
    nextStep: {
      touchpoint: string;
      share: number;
      n: number;
    } | null;
    /** of an open visit: what is likely to become of it */
    outlook: {
      horizonSeconds: number;
      spentSeconds: number;
      /** NAME:VALUE, by the first segment of the journey */
      segment: string | null;
      /** insufficient: too few visits were watched for as long as the horizon */
      state: 'ok' | 'insufficient';
      advanced: number | null;
      advancedLo: number | null;
      advancedHi: number | null;
      lost: number | null;
      lostLo: number | null;
      lostHi: number | null;
      staying: number | null;
      stayingLo: number | null;
      stayingHi: number | null;
      /** to an earlier stage */
      returned: number | null;
      /** time in the stage of those it was learnt from */
      landmarkSeconds: number | null;
      /** visits (of the segment) that were left then */
      atRisk: number;
      /** share of the segment in the forecast, 0…1; null without segments */
      weight: number | null;
      lastTouchpoint: string | null;
      /** the likeliest first */
      nextTouchpoints: {
        touchpoint: string;
        probability: number;
        lo: number;
        hi: number;
        /** how often it followed the last touchpoint */
        count: number;
      }[];
    } | null;
    /** null: there is no score of this customer up to asOf */
    health: {
      score: number;
      /** as of when it was evaluated: the newest evaluation with a score */
      at: string;
      /** where the customer stood then */
      stage: string;
      /** the points add up to the score */
      ledger: {
        line: 'start' | 'rule' | 'clamp';
        rule: string | null;
        points: number;
        /** the fact behind a rule, by its `kind`; times in µs */
        evidence: Record<string, string | number | null> | null;
      }[];
      /** the newest 60, the oldest first */
      history: {
        at: string;
        score: number;
      }[];
    } | null;
  }[];
  asOf: string;
  watermark: string | null;
  /** for the next page; null on the last one */
  cursor: string | null;
  generatedInMs: number;
  truncated: boolean;
};

/**
 * One customer: timeline, traits, present stages, the likely next step
 *
 * The rows described are those of the timeline; `detail=visits` has a row per visit in every journey.
 *
 * `GET /v1/customers/{customer}`
 */
export function get(
  customer: string,
  query: CustomerGetQuery & { detail: 'visits' },
): Question<FlatRow, CustomerGetMeta>;
export function get(
  customer: string,
  query?: CustomerGetQuery & { detail?: Exclude<CustomerGetQuery['detail'], 'visits'> },
): Question<CustomerGetRow, CustomerGetMeta>;
export function get(customer: string, query?: CustomerGetQuery): Question<CustomerGetRow | FlatRow, CustomerGetMeta>;
export function get(customer: string, query?: CustomerGetQuery): Question<CustomerGetRow | FlatRow, CustomerGetMeta> {
  return { method: 'GET', path: `/v1/customers/${encodeURIComponent(customer)}`, query };
}
