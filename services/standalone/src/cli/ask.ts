import { type ClickHouse, isoFromMicroseconds } from '@michinori/clickhouse';
import { funnelRequest, listTouchpoints, runFunnel } from '@michinori/queries';
import { MichinoriError } from '@michinori/runtime';
import type { FunnelBarRow } from '../terminal/funnel-bars.ts';

const latestUs = 4_102_444_800_000_000;

/** The answer to a funnel question, wherever it came from. */
export interface FunnelAnswer {
  rows: readonly FunnelBarRow[];
  meta: Readonly<Record<string, unknown>>;
}

/** First and last instant of the data, as the default range of a question; `to` is exclusive. */
export interface DataRange {
  from: string;
  to: string;
}

/** Asks the tables that this process has open. */
export async function askEmbedded(clickhouse: ClickHouse, body: unknown, nowUs: number): Promise<FunnelAnswer> {
  const { rows, meta } = await runFunnel(clickhouse, funnelRequest.parse(body), { now: nowUs });
  const shown = rows.map(({ bucket, ...row }) => ({
    ...row,
    bucket: bucket === null ? null : isoFromMicroseconds(bucket),
  }));
  return { rows: shown, meta: { ...meta, asOf: isoFromMicroseconds(meta.asOfUs) } };
}

/** Asks a running query API. */
export async function askOverHttp(url: string, key: string | undefined, body: unknown): Promise<FunnelAnswer> {
  return fetchJson<FunnelAnswer>(url, '/v1/funnels/query', key, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

export async function rangeEmbedded(clickhouse: ClickHouse): Promise<DataRange> {
  const seen = await listTouchpoints(clickhouse, { fromUs: 0, toUs: latestUs, limit: 10_000 });
  return rangeOf(
    seen.map(({ firstAtUs, lastAtUs }) => ({
      first: isoFromMicroseconds(firstAtUs),
      last: isoFromMicroseconds(lastAtUs),
    })),
  );
}

export async function rangeOverHttp(url: string, key: string | undefined): Promise<DataRange> {
  const { rows } = await fetchJson<{ rows: { first: string; last: string }[] }>(url, '/v1/touchpoints', key, {});
  return rangeOf(rows);
}

function rangeOf(rows: readonly { first: string; last: string }[]): DataRange {
  if (rows.length === 0) throw new MichinoriError('no_events', 'There are no events yet; send or import some first.');
  const firsts = rows.map(({ first }) => first).sort();
  const lasts = rows.map(({ last }) => last).sort();
  const endMs = Date.parse(lasts.at(-1) ?? '') + 1_000;
  return { from: firsts[0] ?? '', to: new Date(endMs).toISOString() };
}

async function fetchJson<T>(url: string, path: string, key: string | undefined, init: RequestInit): Promise<T> {
  const headers = {
    ...(init.headers as Record<string, string>),
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
  let answer: Response;
  try {
    answer = await fetch(new URL(path, url), { ...init, headers, redirect: 'error' });
  } catch (error) {
    throw new MichinoriError(
      'api_unreachable',
      `${url} does not answer: ${error instanceof Error ? error.message : String(error)}`,
      {
        canRetry: true,
      },
    );
  }
  const body = (await answer.json()) as T & { detail?: string };
  if (!answer.ok) throw new MichinoriError('api_refused', `${url} answered ${answer.status}: ${body.detail ?? ''}`);
  return body;
}
