import { type ClickHouse, isoFromMicroseconds } from '@michinori/clickhouse';
import { funnelRequest, listTouchpoints, runFunnel } from '@michinori/queries';
import { assertPatterns, QuestionError, readQuestion } from '@michinori/query-api';
import { MichinoriError } from '@michinori/runtime';
import type { FunnelBarRow } from '../terminal/funnel-bars.ts';

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

/** Asks a running query API. */
export function httpOracle(url: string, key: string | undefined): Oracle {
  return {
    funnel: (body) =>
      fetchJson<FunnelAnswer>(url, '/v1/funnels/query', key, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    touchpoints: async () =>
      (await fetchJson<{ rows: Seen[] }>(url, `/v1/touchpoints?limit=${touchpointsMax}`, key, {})).rows,
  };
}

interface ProblemBody {
  detail?: string;
  errors?: { pointer: string; message: string }[];
}

async function fetchJson<T>(url: string, path: string, key: string | undefined, init: RequestInit): Promise<T> {
  const headers = {
    ...(init.headers as Record<string, string>),
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
  let answer: Response;
  let body: T & ProblemBody;
  try {
    answer = await fetch(new URL(path, url), { ...init, headers, redirect: 'error' });
    body = (await answer.json()) as T & ProblemBody;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MichinoriError('api_unreachable', `${url} does not answer as a query API: ${reason}`, { canRetry: true });
  }
  if (answer.ok) return body;
  if (answer.status === 400) throw new QuestionError('invalid_request', body.detail ?? 'Bad request', body.errors);
  const hint = answer.status === 401 || answer.status === 403 ? ' Give a key with the scope query: --key KEY.' : '';
  throw new MichinoriError('api_refused', `${url} answered ${answer.status}: ${body.detail ?? ''}${hint}`);
}
