import type { FunnelRequest } from '@michinori/queries';
import { quantileR7 } from '@michinori/statistics';
import {
  cellRows,
  type FunnelRow,
  isCounted,
  mean,
  type Outcome,
  type Traveller,
  withComparison,
} from './funnel-answer.ts';
import { type Attempt, cleanAttempts, compareAttempts, lastRequiredStep } from './funnel-attempt.ts';
import { bucketStart, bucketStarts } from './funnel-buckets.ts';
import { linkOf } from './funnel-chain.ts';
import { subjectOf, valueAt } from './funnel-match.ts';
import { attemptRulesOf, labelAt } from './funnel-plan.ts';
import { compareBytes, type EventCopy, timelinesOf } from './funnel-timeline.ts';

function bucketOf({ chain }: Attempt, { trend, timezone }: FunnelRequest): number | null {
  return trend ? bucketStart(chain.entry.occurredAtUs, trend.interval, timezone) : null;
}

/** The segment of a chosen attempt; undefined when it is left out of the breakdown. */
function segmentOf({ chain }: Attempt, request: FunnelRequest): string | null | undefined {
  if (!request.breakdown) return null;
  const { attribution, by } = request.breakdown;
  if (attribution === 'entry' || attribution === 'all') return labelAt(chain.entry, request);
  if (attribution === 'first' || attribution === 'last') {
    const having = chain.links.filter(({ moment }) => valueAt(moment, subjectOf(by)).present);
    const link = attribution === 'first' ? having.at(0) : having.at(-1);
    return link === undefined ? '' : labelAt(link.moment, request);
  }
  const link = linkOf(chain, Number(attribution.slice('step:'.length)));
  return link && labelAt(link.moment, request);
}

function travellersOf(copies: readonly EventCopy[], request: FunnelRequest, asOfUs: number): Traveller[] {
  const rules = attemptRulesOf(request, asOfUs);
  return timelinesOf(copies, request.unit, asOfUs).flatMap((timeline) => {
    const groups = new Map<string, Attempt[]>();
    for (const attempt of cleanAttempts(timeline, rules)) {
      const value = request.breakdown?.attribution === 'all' ? labelAt(attempt.chain.entry, request) : '';
      const key = JSON.stringify([bucketOf(attempt, request), value]);
      groups.set(key, [...(groups.get(key) ?? []), attempt]);
    }
    return [...groups.values()].flatMap((attempts) => {
      const [chosen] = attempts.sort(compareAttempts);
      const segment = chosen && segmentOf(chosen, request);
      if (chosen === undefined || segment === undefined) return [];
      const finished = chosen.chain.last.step >= lastRequiredStep(rules);
      const open = !finished && attempts.some(({ alive }) => alive);
      return [{ unit: timeline.unit, segment, bucket: bucketOf(chosen, request), attempt: chosen, finished, open }];
    });
  });
}

export interface SegmentSize {
  readonly segment: string;
  readonly customers: number;
}

function segmentsBySize(travellers: readonly Traveller[]): SegmentSize[] {
  const sizes = new Map<string, number>();
  for (const { segment } of travellers) if (segment !== null) sizes.set(segment, (sizes.get(segment) ?? 0) + 1);
  return [...sizes]
    .map(([segment, customers]) => ({ segment, customers }))
    .sort((a, b) => b.customers - a.customers || compareBytes(a.segment, b.segment));
}

export interface FunnelAnswer {
  readonly rows: FunnelRow[];
  readonly otherSegments: SegmentSize[];
}

/** The funnel of a request over deliveries in any order: the reference that the SQL is compared with. Slow. */
export function referenceFunnel(copies: readonly EventCopy[], request: FunnelRequest, asOfUs: number): FunnelAnswer {
  const travellers = travellersOf(copies, request, asOfUs);
  const sizes = segmentsBySize(travellers);
  const { fromUs, toUs } = attemptRulesOf(request, asOfUs);
  const buckets = request.trend ? bucketStarts(fromUs, toUs, request.trend.interval, request.timezone) : [null];
  const labels = request.steps.map(({ touchpoint, optional }) => ({
    touchpoint: [touchpoint].flat().join(' | '),
    optional,
  }));
  const rowsOf = (segment: string | null) =>
    buckets.flatMap((bucket) =>
      cellRows(
        segment,
        bucket,
        travellers.filter((t) => t.segment === segment && t.bucket === bucket),
        labels,
      ),
    );
  if (!request.breakdown) return { rows: rowsOf(null), otherSegments: [] };
  const { limit } = request.breakdown;
  const all = sizes.map(({ segment }) => rowsOf(segment));
  return { rows: withComparison(all.slice(0, limit).flat(), all.flat()), otherSegments: sizes.slice(limit) };
}

export interface HistogramRow {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly customers: number;
}

export interface TimeToConvertAnswer {
  readonly rows: HistogramRow[];
  readonly customers: number;
  readonly mean: number | null;
  readonly median: number | null;
  readonly p90: number | null;
}

function histogram(seconds: readonly number[], bins: number): HistogramRow[] {
  const [low, high] = [Math.min(...seconds), Math.max(...seconds)];
  if (seconds.length === 0) return [];
  if (low === high) return [{ fromSeconds: low, toSeconds: high, customers: seconds.length }];
  const width = (high - low) / bins;
  const binOf = (value: number) => Math.min(bins - 1, Math.floor((value - low) / width));
  return Array.from({ length: bins }, (_, bin) => ({
    fromSeconds: low + bin * width,
    toSeconds: bin === bins - 1 ? high : low + (bin + 1) * width,
    customers: seconds.filter((value) => binOf(value) === bin).length,
  }));
}

export interface TimeToConvertQuestion {
  readonly fromStep: number;
  readonly toStep: number;
  readonly bins?: number | undefined;
  readonly segment?: string | undefined;
}

/** Seconds from one step to a later one over the chosen attempts that filled both. */
export function referenceTimeToConvert(
  copies: readonly EventCopy[],
  request: FunnelRequest,
  { fromStep, toStep, bins, segment }: TimeToConvertQuestion,
  asOfUs: number,
): TimeToConvertAnswer {
  const seconds = travellersOf(copies, request, asOfUs)
    .filter((traveller) => segment === undefined || traveller.segment === segment)
    .flatMap(({ attempt: { chain } }) => {
      const [start, end] = [linkOf(chain, fromStep), linkOf(chain, toStep)];
      return start && end ? [(end.moment.occurredAtUs - start.moment.occurredAtUs) / 1e6] : [];
    });
  const size = bins ?? Math.min(60, Math.max(1, Math.ceil(Math.cbrt(seconds.length))));
  return {
    rows: histogram(seconds, size),
    customers: seconds.length,
    mean: mean(seconds),
    median: quantileR7(seconds, 0.5),
    p90: quantileR7(seconds, 0.9),
  };
}

export interface CustomersQuestion {
  readonly step: number;
  readonly outcome: Outcome;
  readonly segment?: string | null | undefined;
  readonly bucket?: number | null | undefined;
}

export interface CountedCustomer {
  readonly unit: string;
  readonly furthest: number;
  readonly open: boolean;
  readonly enteredAtUs: number;
  /** When each step was filled; null where it wasn't. */
  readonly stepsAtUs: readonly (number | null)[];
}

/** The units behind a number, by entry time and then unit. */
export function referenceCustomers(
  copies: readonly EventCopy[],
  request: FunnelRequest,
  { step, outcome, segment, bucket }: CustomersQuestion,
  asOfUs: number,
): CountedCustomer[] {
  return travellersOf(copies, request, asOfUs)
    .filter((traveller) => traveller.segment === (segment ?? null) && traveller.bucket === (bucket ?? null))
    .filter((traveller) => isCounted(traveller, step, outcome))
    .map(({ unit, open, attempt: { chain } }) => ({
      unit,
      furthest: chain.last.step,
      open,
      enteredAtUs: chain.entry.occurredAtUs,
      stepsAtUs: request.steps.map((_, index) => linkOf(chain, index + 1)?.moment.occurredAtUs ?? null),
    }))
    .sort((a, b) => a.enteredAtUs - b.enteredAtUs || compareBytes(a.unit, b.unit));
}
