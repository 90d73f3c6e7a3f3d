import type { FunnelQueryRow } from '@michinori/client';
import type { TrendLine } from '../../charts/trend-option.ts';

interface Names {
  segment: (segment: string | null) => string;
  bucket: (bucket: string) => string;
}

/** The last step of every bucket as a line per segment. Empty buckets have no point. */
export function trendLines(rows: readonly FunnelQueryRow[], names: Names): TrendLine[] {
  const last = Math.max(...rows.map(({ step }) => step));
  const ends = rows.filter(({ step, bucket }) => step === last && bucket !== null);
  return [...new Set(ends.map(({ segment }) => segment))].map((segment) => ({
    name: names.segment(segment),
    points: ends
      .filter((row) => row.segment === segment)
      .map(({ bucket, rate, lo, hi, n, state }) => ({
        period: names.bucket(bucket ?? ''),
        ...{ y: rate, lo, hi, n, isWeak: state !== 'ok' },
      })),
  }));
}
