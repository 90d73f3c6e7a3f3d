import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { runBound } from '../funnel/bound-query.ts';
import { trendBuckets } from '../funnel/trend-buckets.ts';
import type { JourneyScope } from './scope.ts';

/** A segment and a bucket as rows show them: null where the question doesn't split by it. Bucket in µs. */
export interface Cell {
  readonly segment: string | null;
  readonly bucket: number | null;
}

/** Most rows of an answer; segments beyond it are left out, the smallest first. */
const rowsMax = 100_000;
const segmentsMax = 500;

/** Starts of all buckets of the scope's range in µs, also of those with nothing in them; `[null]` without interval. */
export async function bucketsOf(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  options?: QueryOptions,
): Promise<(number | null)[]> {
  if (scope.interval === null) return [null];
  const rows = await runBound(clickhouse, trendBuckets(scope), options);
  return rows.map(({ bucketUs }) => bucketUs);
}

/** What decides which segments are shown: rows of the store, as `visitRows` names their columns. */
export interface CountedCell {
  readonly segment: string;
  readonly bucket: number;
  readonly n: number;
}

/**
 * The cells to show: the largest segments first (ties by the bytes of the name), each with every bucket. `rowsPerCell` is how
 * many rows a cell will have; `isTruncated` when segments had to be left out.
 */
export function cellsOf(
  scope: JourneyScope,
  counted: readonly CountedCell[],
  buckets: readonly (number | null)[],
  rowsPerCell: number,
): { cells: Cell[]; isTruncated: boolean } {
  const segments = scope.by === null ? [null] : segmentsBySize(counted);
  const roomFor = Math.max(1, Math.floor(rowsMax / (Math.max(1, rowsPerCell) * Math.max(1, buckets.length))));
  const shown = segments.slice(0, Math.min(segmentsMax, roomFor));
  return {
    cells: shown.flatMap((segment) => buckets.map((bucket) => ({ segment, bucket }))),
    isTruncated: shown.length < segments.length,
  };
}

function segmentsBySize(counted: readonly CountedCell[]): string[] {
  const sizes = new Map<string, number>();
  for (const { segment, n } of counted) sizes.set(segment, (sizes.get(segment) ?? 0) + n);
  return [...sizes]
    .sort(([a, sizeA], [b, sizeB]) => sizeB - sizeA || Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([segment]) => segment);
}

/** Key of a cell among rows of the store; `more` are further columns that tell rows of one cell apart. */
export function cellKey(cell: Cell | CountedCell, ...more: readonly (string | number)[]): string {
  return JSON.stringify([cell.segment ?? '', cell.bucket ?? 0, ...more]);
}
