import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { assembleFunnel, type FunnelRow, type OtherSegment } from './assemble.ts';
import { runBound } from './bound-query.ts';
import { judgingPatterns } from './errors.ts';
import { funnelSteps } from './funnel-steps.ts';
import { planFunnel } from './plan.ts';
import type { FunnelRequest } from './request.ts';
import { trendBuckets } from './trend-buckets.ts';
import { withPeople } from './with-people.ts';

/** What a question needs beside the request. */
export interface FunnelOptions extends QueryOptions {
  /** Microseconds since 1970; stands in for `asOf: null`. */
  readonly now: number;
}

export interface FunnelMeta {
  /** Microseconds since 1970 up to which events were used. */
  readonly asOfUs: number;
  readonly timezone: string;
  readonly otherSegments: readonly OtherSegment[];
  /** Number of segments beyond the limit, also those that `otherSegments` has no room for. */
  readonly otherSegmentsCount: number;
}

export interface FunnelAnswer {
  readonly rows: readonly FunnelRow[];
  readonly meta: FunnelMeta;
}

/**
 * Answers a funnel; the meaning of every number stands in `docs/funnels.md`. Throws FunnelRequestError for a pattern that
 * RE2 refuses, ClickHouseError otherwise.
 */
export async function runFunnel(
  clickhouse: ClickHouse,
  request: FunnelRequest,
  { now, ...options }: FunnelOptions,
): Promise<FunnelAnswer> {
  const plan = await withPeople(clickhouse, planFunnel(request, now), options);
  const [counted, buckets] = await judgingPatterns(() =>
    Promise.all([
      runBound(clickhouse, funnelSteps(plan), options),
      plan.interval === null ? [{ bucketUs: 0 }] : runBound(clickhouse, trendBuckets(plan), options),
    ]),
  );
  const { rows, ...others } = assembleFunnel(
    plan,
    counted,
    buckets.map(({ bucketUs }) => bucketUs),
  );
  return { rows, meta: { asOfUs: plan.asOfUs, timezone: plan.timezone, ...others } };
}
