import { type ClickHouse, isoFromMicroseconds } from '@michinori/clickhouse';
import { funnelRequest, listTouchpoints, runFunnel } from '@michinori/queries';
import { assertPatterns, readQuestion } from '@michinori/query-api';
import type { FunnelBarRow } from '../terminal/funnel-bars.ts';
import { httpApi, jsonBody } from './api.ts';

const latestUs = 4_102_444_800_000_000;
const touchpointsMax = 5_000;

/** The answer to a funnel question, wherever it came from. */
export interface FunnelAnswer {
  rows: readonly FunnelBarRow[];
  meta: Readonly<Record<string, unknown>>;
}

/** A touchpoint that has been seen; times ISO 8601. */
export interface Seen {
  touchpoint: string;
  first: string;
  last: string;
}

/** Someone who answers: the tables of this process, or a query API. */
export interface Oracle {
  /** @throws QuestionError when the question is not valid, wherever that is found out */
  funnel(body: unknown): Promise<FunnelAnswer>;
  touchpoints(): Promise<Seen[]>;
}

/** Asks the tables that this process has open. */
export async function askEmbedded(clickhouse: ClickHouse, body: unknown, nowUs: number): Promise<FunnelAnswer> {
  const question = readQuestion(funnelRequest, body);
  await assertPatterns(clickhouse, question, {});
  const { rows, meta } = await runFunnel(clickhouse, question, { now: nowUs });
  const { asOfUs, ...rest } = meta;
  const shown = rows.map((row) => ({
    ...row,
    bucket: row.bucket === null ? null : isoFromMicroseconds(row.bucket),
  }));
  return { rows: shown, meta: { asOf: isoFromMicroseconds(asOfUs), ...rest } };
}

export function embeddedOracle(clickhouse: ClickHouse, nowUs: number): Oracle {
  return {
    funnel: (body) => askEmbedded(clickhouse, body, nowUs),
    async touchpoints() {
      const seen = await listTouchpoints(clickhouse, { fromUs: 0, toUs: latestUs, limit: touchpointsMax });
      return seen.map(({ touchpoint, firstAtUs, lastAtUs }) => ({
        touchpoint,
        first: isoFromMicroseconds(firstAtUs),
        last: isoFromMicroseconds(lastAtUs),
      }));
    },
  };
}

/** Asks a query API. */
export function httpOracle(url: string, key: string | undefined): Oracle {
  const api = httpApi(url, key);
  return {
    funnel: (body) => api.post<FunnelAnswer>('/v1/funnels/query', jsonBody(body), 'query'),
    touchpoints: async () => (await api.get<{ rows: Seen[] }>(`/v1/touchpoints?limit=${touchpointsMax}`)).rows,
  };
}
