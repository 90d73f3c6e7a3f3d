import { benjaminiHochberg, quantileR7, twoProportionOrFisher, wilson } from '@michinori/statistics';
import type { Attempt } from './funnel-attempt.ts';
import { linkOf } from './funnel-chain.ts';

/** One group of the funnel (a unit, in one bucket, in one segment) with its chosen attempt. */
export interface Traveller {
  readonly unit: string;
  readonly segment: string | null;
  readonly bucket: number | null;
  readonly attempt: Attempt;
  readonly finished: boolean;
  readonly open: boolean;
}

export type Outcome = 'converted' | 'dropped' | 'open';

export interface FunnelRow {
  readonly segment: string | null;
  /** Start of the entry bucket in microseconds. */
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

/** Whether a traveller is counted at a step with an outcome: the customers behind a number. */
export function isCounted({ attempt, finished, open }: Traveller, step: number, outcome: Outcome): boolean {
  if (outcome === 'converted') return linkOf(attempt.chain, step) !== undefined;
  return attempt.chain.last.step === step && !finished && open === (outcome === 'open');
}

export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function secondsToStep({ attempt }: Traveller, step: number): number[] {
  const index = attempt.chain.links.findIndex((link) => link.step === step);
  const [previous, reached] = [attempt.chain.links[index - 1], attempt.chain.links[index]];
  if (previous === undefined || reached === undefined) return [];
  return [(reached.moment.occurredAtUs - previous.moment.occurredAtUs) / 1e6];
}

export interface StepLabel {
  readonly touchpoint: string;
  readonly optional: boolean;
}

/** The rows of one segment and bucket; the comparison of segments is added by `withComparison`. */
export function cellRows(
  segment: string | null,
  bucket: number | null,
  travellers: readonly Traveller[],
  steps: readonly StepLabel[],
): FunnelRow[] {
  const count = (step: number, outcome: Outcome) => travellers.filter((t) => isCounted(t, step, outcome)).length;
  const n = count(1, 'converted');
  const matureShare = n === 0 ? null : 1 - travellers.filter(({ open }) => open).length / n;
  return steps.map(({ touchpoint }, index) => {
    const step = index + 1;
    const k = count(step, 'converted');
    const interval = n === 0 ? null : wilson(k, n);
    const seconds = travellers.flatMap((traveller) => secondsToStep(traveller, step));
    const previous = steps.slice(0, index).findLastIndex(({ optional }) => !optional) + 1;
    const before = previous === 0 ? 0 : count(previous, 'converted');
    return {
      segment,
      bucket,
      step,
      touchpoint,
      customers: k,
      dropped: count(step, 'dropped'),
      open: count(step, 'open'),
      k,
      n,
      rate: n === 0 ? null : k / n,
      lo: interval?.lo ?? null,
      hi: interval?.hi ?? null,
      state: n < 30 ? 'insufficient' : (matureShare ?? 1) < 0.8 ? 'immature' : 'ok',
      fromPreviousRate: before === 0 ? null : k / before,
      matureShare,
      secondsMean: mean(seconds),
      secondsP50: quantileR7(seconds, 0.5),
      secondsP90: quantileR7(seconds, 0.9),
      pValue: null,
      qValue: null,
    };
  });
}

/** What it takes for a row to be compared with those of other segments. */
interface ComparedRow {
  readonly segment: string | null;
  readonly bucket: number | null;
  readonly step: number;
  readonly k: number;
  readonly n: number;
  readonly pValue: number | null;
}

/**
 * Adds p- and q-values to the rows of the segments shown, each against all other segments of its bucket and step. Steps
 * before `firstStep` aren't compared: the first step of a funnel is all of its customers.
 */
export function withComparison<R extends ComparedRow>(shown: readonly R[], all: readonly R[], firstStep = 2): R[] {
  const compared = shown.map((row) => {
    const peers = all.filter(({ step, bucket }) => step === row.step && bucket === row.bucket);
    const others = peers.filter(({ segment }) => segment !== row.segment);
    const rest = {
      k: others.reduce((sum, { k }) => sum + k, 0),
      n: others.reduce((sum, { n }) => sum + n, 0),
    };
    const comparable = row.step >= firstStep && row.n > 0 && rest.n > 0;
    return { ...row, pValue: comparable ? twoProportionOrFisher(row, rest).pValue : null };
  });
  return compared.map((row) => {
    if (row.pValue === null) return row;
    const family = compared.filter(
      ({ step, bucket, pValue }) => step === row.step && bucket === row.bucket && pValue !== null,
    );
    const qValues = benjaminiHochberg(family.map(({ pValue }) => pValue ?? 1));
    return { ...row, qValue: qValues[family.indexOf(row)] ?? null };
  });
}
