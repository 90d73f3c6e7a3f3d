import { betaQuantile } from '../beta.ts';
import { pauleMandel } from '../between-variance.ts';
import type { Interval } from '../proportion.ts';
import type { RiskRow, RiskTable } from '../survival/risk-table.ts';
import { type IncidenceTable, incidenceTable, landmarkFor, type StepShares, sharesAfter } from './incidence-table.ts';
import { assertHorizon, noOutlook, type Outlook } from './outlook.ts';

/** What the journey counts for where segments are too few to learn how much they differ, in visits. */
const STRENGTH_OF_FEW = 30;
const SEGMENTS_MIN = 4;

export interface SegmentOutlook extends Outlook {
  /** Share of the segment's own visits in the forecast, 0 … 1. */
  readonly weight: number;
}

export interface SegmentOutlooks {
  /** Forecast of a visit of a segment (one that was never seen: that of the journey), without intervals. */
  shares(segment: string, spentSeconds: number): StepShares | null;
  /** The same with intervals. */
  of(segment: string, spentSeconds: number): SegmentOutlook;
}

export interface SegmentOutlookOptions {
  readonly horizonSeconds: number;
  readonly level?: number;
  readonly atRiskMin?: number;
}

type Strength = Pick<Drawn, 'strength' | 'segments'>;

interface Drawn {
  readonly landmark: number;
  readonly common: StepShares;
  readonly own: StepShares | null;
  /** Visits of the segment, and of all, whose state at the horizon is known. */
  readonly known: number;
  readonly knownOfAll: number;
  /** What the journey counts for, in visits. */
  readonly strength: number;
  /** Segments that this was learnt from. */
  readonly segments: number;
}

/**
 * Forecasts for the segments of a stage, each drawn towards that of all: a Dirichlet prior with the journey's shares as its mean, and
 * a strength from how much the segments differ beyond chance (moments as in Paule & Mandel, 1982, over both outcomes; with fewer than
 * four segments 30 visits). A segment counts with the visits that are left at the landmark and whose state at the horizon is known.
 * Intervals are those of the beta distributions of the result; they take into account that the strength is itself an estimate.
 */
export function segmentOutlooks(
  segments: ReadonlyMap<string, RiskTable>,
  options: SegmentOutlookOptions,
): SegmentOutlooks {
  const { horizonSeconds, level = 0.95, atRiskMin = 30 } = options;
  assertHorizon(0, horizonSeconds);
  const own = new Map([...segments].map(([name, table]) => [name, incidenceTable(table)]));
  const all = incidenceTable(merged([...segments.values()]));
  const strengths = new Map<number, Strength>();

  function strengthAt(landmark: number, common: StepShares): Strength {
    const cached = strengths.get(landmark);
    if (cached !== undefined) return cached;
    const strength = strengthOf([...own.values()], landmark, horizonSeconds, common);
    strengths.set(landmark, strength);
    return strength;
  }

  function draw(segment: string, spentSeconds: number): Drawn | null {
    assertHorizon(spentSeconds, horizonSeconds);
    const landmark = landmarkFor(all, spentSeconds, horizonSeconds, atRiskMin);
    if (landmark === null) return null;
    const common = sharesAfter(all, landmark, horizonSeconds);
    const incidence = own.get(segment);
    const known = incidence === undefined ? 0 : knownAt(incidence, landmark, horizonSeconds);
    return {
      landmark,
      common,
      own: incidence === undefined || known === 0 ? null : sharesAfter(incidence, landmark, horizonSeconds),
      known,
      knownOfAll: all.known(landmark, landmark + horizonSeconds),
      ...strengthAt(landmark, common),
    };
  }

  return {
    shares(segment, spentSeconds) {
      const drawn = draw(segment, spentSeconds);
      return drawn === null ? null : mixed(drawn);
    },
    of(segment, spentSeconds) {
      const drawn = draw(segment, spentSeconds);
      if (drawn === null) return { ...noOutlook, weight: 0 };
      const shares = mixed(drawn);
      const interval = (outcome: keyof StepShares): Interval =>
        betaInterval(shares[outcome], worthOf(drawn, shares[outcome], outcome), level);
      return {
        state: 'ok',
        shares,
        advanced: interval('advanced'),
        lost: interval('lost'),
        staying: interval('staying'),
        landmarkSeconds: drawn.landmark,
        atRisk: own.get(segment)?.beyond(drawn.landmark) ?? 0,
        weight: weightOf(drawn),
      };
    },
  };
}

function merged(tables: readonly RiskTable[]): RiskRow[] {
  const rows = new Map<number, RiskRow>();
  for (const { seconds, advanced, lost, censored } of tables.flat()) {
    const row = rows.get(seconds) ?? { seconds, advanced: 0, lost: 0, censored: 0 };
    rows.set(seconds, {
      seconds,
      advanced: row.advanced + advanced,
      lost: row.lost + lost,
      censored: row.censored + censored,
    });
  }
  return [...rows.values()].sort((a, b) => a.seconds - b.seconds);
}

/** A segment whose curve isn't known at the horizon, or has nobody left at the landmark, says nothing. */
function knownAt(incidence: IncidenceTable, landmark: number, horizon: number): number {
  const isKnown = incidence.knownUntil >= landmark + horizon && incidence.at(landmark).staying > 0;
  return isKnown ? incidence.known(landmark, landmark + horizon) : 0;
}

/** Σ p(1 − p) over the outcomes ÷ Σ of the variances between the segments, less 1: that of a Dirichlet distribution. */
function strengthOf(
  segments: readonly IncidenceTable[],
  landmark: number,
  horizon: number,
  common: StepShares,
): Strength {
  const seen = segments.flatMap((incidence) => {
    const n = knownAt(incidence, landmark, horizon);
    return n === 0 ? [] : [{ n, shares: sharesAfter(incidence, landmark, horizon) }];
  });
  const learntFrom = { segments: seen.length };
  if (seen.length < SEGMENTS_MIN) return { strength: STRENGTH_OF_FEW, ...learntFrom };
  let [single, between] = [0, 0];
  for (const outcome of ['advanced', 'lost'] as const) {
    const variance = common[outcome] * (1 - common[outcome]);
    if (variance === 0) continue;
    const values = seen.map(({ shares }) => shares[outcome]);
    single += variance;
    between += pauleMandel(values, (b) => seen.map(({ n }) => (variance - b) / n + b), variance / 2);
  }
  return { strength: between === 0 ? Infinity : Math.max(1, single / between - 1), ...learntFrom };
}

function weightOf({ own, known, strength }: Drawn): number {
  return own === null ? 0 : known / (known + strength);
}

function mixed(drawn: Drawn): StepShares {
  const { common, own } = drawn;
  const weight = weightOf(drawn);
  if (own === null || weight === 0) return common;
  const mix = (key: keyof StepShares): number => weight * own[key] + (1 - weight) * common[key];
  return { advanced: mix('advanced'), lost: mix('lost'), staying: mix('staying') };
}

/**
 * What an interval is worth in visits: those of the segment and the prior, no more than there are, and fewer by what the strength of the
 * prior itself is uncertain: the variance grows by 2/(k − 3)·pull²·(own − common)², after Morris (1983, §5).
 */
function worthOf(drawn: Drawn, share: number, outcome: keyof StepShares): number {
  const { own, common, known, strength, knownOfAll, segments } = drawn;
  const worth = Math.min(known + strength, knownOfAll);
  const single = share * (1 - share);
  if (own === null || single === 0) return Math.max(1, worth);
  const pull = 1 - weightOf(drawn);
  const doubt = ((2 / Math.max(1, segments - 3)) * pull * pull * (own[outcome] - common[outcome]) ** 2) / single;
  return Math.max(1, 1 / (1 / (worth + 1) + doubt) - 1);
}

/** The beta distribution of this mean, worth so many visits and one more of Jeffreys' prior, so that 0 and 1 aren't certain. */
function betaInterval(share: number, worth: number, level: number): Interval {
  const [a, b] = [share * worth + 0.5, (1 - share) * worth + 0.5];
  return {
    lo: share <= 0 ? 0 : betaQuantile((1 - level) / 2, a, b),
    hi: share >= 1 ? 1 : betaQuantile((1 + level) / 2, a, b),
  };
}
