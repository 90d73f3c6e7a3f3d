import type { ClickHouse } from '@michinori/clickhouse';
import { runBound } from './bound-query.ts';
import { judgingPatterns } from './errors.ts';
import { funnelTimeToConvert, type TimeToConvertRow } from './funnel-time-to-convert.ts';
import { planFunnel } from './plan.ts';
import type { TimeToConvertRequest } from './request.ts';
import type { FunnelOptions } from './run-funnel.ts';
import { withPeople } from './with-people.ts';

/** A bin: `fromSeconds <= time < toSeconds`; the last one includes its end. */
export interface TimeToConvertBin {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly customers: number;
}

export interface TimeToConvertAnswer {
  readonly rows: readonly TimeToConvertBin[];
  readonly meta: {
    readonly asOfUs: number;
    readonly customers: number;
    /** Seconds; null when nobody matched both steps. */
    readonly mean: number | null;
    readonly median: number | null;
    readonly p90: number | null;
  };
}

/** Distribution of the time between two steps. Errors as in `runFunnel`. */
export async function runTimeToConvert(
  clickhouse: ClickHouse,
  request: TimeToConvertRequest,
  { now, ...options }: FunnelOptions,
): Promise<TimeToConvertAnswer> {
  const plan = await withPeople(clickhouse, planFunnel(request, now), options);
  const { fromStep, toStep, bins = null, segment = null } = request;
  const asked = funnelTimeToConvert(plan, { fromStep, toStep, bins, segment });
  const [row] = await judgingPatterns(() => runBound(clickhouse, asked, options));
  const some = row !== undefined && row.customers > 0 ? row : null;
  return {
    rows: some === null ? [] : binsOf(some),
    meta: {
      asOfUs: plan.asOfUs,
      customers: some?.customers ?? 0,
      mean: some?.mean ?? null,
      median: some?.quantiles[0] ?? null,
      p90: some?.quantiles[1] ?? null,
    },
  };
}

/** The bins of a distribution, equally wide between its smallest and largest value. Pure. */
export function binsOf({ low, high, binCount, counts }: TimeToConvertRow): TimeToConvertBin[] {
  const from = low ?? 0;
  const to = high ?? 0;
  const width = (to - from) / binCount;
  return counts.map((customers, i) => ({
    fromSeconds: from + i * width,
    toSeconds: i === binCount - 1 ? to : from + (i + 1) * width,
    customers,
  }));
}
