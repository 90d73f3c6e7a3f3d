import { benjaminiHochberg, twoProportionOrFisher, wilson } from '@michinori/statistics';
import type { FunnelStepsRow } from './funnel-steps.ts';
import type { Plan } from './plan.ts';

/** Fewest entries for a rate that is more than an anecdote. */
const customersMin = 30;
/** Smallest mature share of a rate that isn't still moving. */
const matureShareMin = 0.8;

/** One step of one segment and bucket; see `docs/funnels.md` §8. Times in seconds, rates 0…1. */
export interface FunnelRow {
  /** null without breakdown. */
  readonly segment: string | null;
  /** Start of the bucket in microseconds since 1970; null without trend. */
  readonly bucket: number | null;
  readonly step: number;
  readonly touchpoint: string;
  readonly customers: number;
  readonly dropped: number;
  readonly open: number;
  readonly k: number;
  readonly n: number;
  readonly rate: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly state: 'insufficient' | 'immature' | 'ok';
  readonly fromPreviousRate: number | null;
  readonly matureShare: number | null;
  readonly secondsMean: number | null;
  readonly secondsP50: number | null;
  readonly secondsP90: number | null;
  readonly pValue: number | null;
  readonly qValue: number | null;
}

/** A segment beyond the breakdown's limit. */
export interface OtherSegment {
  readonly segment: string;
  readonly customers: number;
}

export interface AssembledFunnel {
  readonly rows: FunnelRow[];
  readonly otherSegments: OtherSegment[];
  readonly otherSegmentsCount: number;
}

/**
 * Rows of the answer from the counts of the SQL. `bucketsUs` are all buckets of the trend, or `[0]` without one.
 * Pure.
 */
export function assembleFunnel(
  plan: Plan,
  counted: readonly FunnelStepsRow[],
  bucketsUs: readonly number[],
): AssembledFunnel {
  const shown = counted.filter((row) => row.shown === 1);
  const segments = plan.breakdown === null ? [''] : [...new Set(shown.map(({ segment }) => segment))];
  const cells = new Map(shown.map((row) => [cellKey(row.segment, row.bucketUs), row]));
  const totals = new Map(counted.map((row) => [row.bucketUs, row.bucketCustomers]));
  const rows = segments.flatMap((segment) =>
    bucketsUs.flatMap((bucketUs) =>
      cellRows(plan, segment, bucketUs, cells.get(cellKey(segment, bucketUs)), totals.get(bucketUs)),
    ),
  );
  const others = new Map(
    counted.filter((row) => row.shown === 0).map((row) => [row.segment, row.segmentCustomers] as const),
  );
  return {
    rows: withFalseDiscoveryRates(rows),
    otherSegments: plan.breakdown === null ? [] : [...others].map(([segment, customers]) => ({ segment, customers })),
    otherSegmentsCount: Math.max(0, (counted[0]?.segmentCount ?? 0) - segments.length),
  };
}

const cellKey = (segment: string, bucketUs: number) => `${bucketUs} ${segment}`;

function cellRows(
  plan: Plan,
  segment: string,
  bucketUs: number,
  cell: FunnelStepsRow | undefined,
  totals: readonly number[] | undefined,
): FunnelRow[] {
  const at = (values: readonly number[] | undefined, i: number) => values?.[i] ?? 0;
  const n = at(cell?.customers, 0);
  const open = (cell?.open ?? []).reduce((sum, count) => sum + count, 0);
  const matureShare = n === 0 ? null : 1 - open / n;
  return plan.steps.map(({ patterns }, i) => {
    const k = at(cell?.customers, i);
    const interval = n === 0 ? null : wilson(k, n);
    const previous = plan.steps.slice(0, i).findLastIndex((step) => !step.optional);
    const before = i === 0 ? 0 : at(cell?.customers, previous);
    const others = { k: at(totals, i) - k, n: at(totals, 0) - n };
    const comparable = plan.breakdown !== null && i > 0 && n > 0 && others.n > 0;
    const quantile = (q: number) => (i === 0 || k === 0 ? null : (cell?.secondsQuantiles[i]?.[q] ?? null));
    return {
      segment: plan.breakdown === null ? null : segment,
      bucket: plan.interval === null ? null : bucketUs,
      step: i + 1,
      touchpoint: patterns.join(' | '),
      customers: k,
      dropped: at(cell?.dropped, i),
      open: at(cell?.open, i),
      k,
      n,
      rate: n === 0 ? null : k / n,
      lo: interval?.lo ?? null,
      hi: interval?.hi ?? null,
      state: stateOf(n, matureShare),
      fromPreviousRate: before === 0 ? null : k / before,
      matureShare,
      secondsMean: i === 0 ? null : (cell?.secondsMean[i] ?? null),
      secondsP50: quantile(0),
      secondsP90: quantile(1),
      pValue: comparable ? twoProportionOrFisher({ k, n }, others).pValue : null,
      qValue: null,
    };
  });
}

function stateOf(n: number, matureShare: number | null): FunnelRow['state'] {
  if (n < customersMin) return 'insufficient';
  return matureShare !== null && matureShare < matureShareMin ? 'immature' : 'ok';
}

/** q-values over the shown segments of each step and bucket (Benjamini & Hochberg, 1995). */
function withFalseDiscoveryRates(rows: readonly FunnelRow[]): FunnelRow[] {
  const families = new Map<string, number[]>();
  for (const [i, row] of rows.entries()) {
    if (row.pValue === null) continue;
    const key = `${row.step} ${row.bucket}`;
    families.set(key, [...(families.get(key) ?? []), i]);
  }
  const qValues = new Map<number, number>();
  for (const family of families.values()) {
    const adjusted = benjaminiHochberg(family.map((i) => rows[i]?.pValue ?? 1));
    for (const [position, i] of family.entries()) qValues.set(i, adjusted[position] ?? 1);
  }
  return rows.map((row, i) => ({ ...row, qValue: qValues.get(i) ?? null }));
}
