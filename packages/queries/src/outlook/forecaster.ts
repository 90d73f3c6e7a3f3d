import { type Interval, outlook, type RiskRow, segmentOutlooks } from '@michinori/statistics';
import { tickSeconds } from './outlook-scope.ts';
import type { StageTimes, TickCounts } from './outlook-tables.ts';

/** What becomes of an open visit within the horizon; shares 0 … 1 with their 95 % intervals, null unless `ok`. */
export interface StepForecast {
  readonly state: 'ok' | 'insufficient';
  readonly advanced: number | null;
  readonly advancedLo: number | null;
  readonly advancedHi: number | null;
  readonly lost: number | null;
  readonly lostLo: number | null;
  readonly lostHi: number | null;
  readonly staying: number | null;
  readonly stayingLo: number | null;
  readonly stayingHi: number | null;
  /** To an earlier stage; above 0 in journeys that let customers move back only. */
  readonly returned: number | null;
  /** Seconds in the stage of those it was learnt from; less than the time spent where too few stayed as long. */
  readonly landmarkSeconds: number | null;
  /** Visits (of the segment) that were left at the landmark. */
  readonly atRisk: number;
  /** Share of the segment's own visits in the forecast; null without segments. */
  readonly weight: number | null;
}

/** Forecasts for the open visits of one stage. */
export interface StageForecaster {
  /** With intervals; `segment` null: of all. */
  of(segment: string | null, spentSeconds: number): StepForecast;
  /** Without, for many visits. */
  shares(segment: string | null, spentSeconds: number): { readonly advanced: number; readonly lost: number } | null;
}

type Competing = 'advanced' | 'lost';

/** Returning competes with both outcomes: it is taken as the other one of that which is asked for. */
function tableOf(counts: readonly TickCounts[], tick: number, returnedAs: Competing): RiskRow[] {
  return counts.map((row) => ({
    seconds: row.tick * tick,
    advanced: row.advanced + (returnedAs === 'advanced' ? row.returned : 0),
    lost: row.lost + (returnedAs === 'lost' ? row.returned : 0),
    censored: row.open,
  }));
}

function engineOf(times: readonly StageTimes[], horizonUs: number, isSplit: boolean, returnedAs: Competing) {
  const tick = tickSeconds(horizonUs);
  const horizonSeconds = horizonUs / 1e6;
  const tables = new Map(times.map(({ segment, counts }) => [segment, tableOf(counts, tick, returnedAs)]));
  const segments = segmentOutlooks(tables, { horizonSeconds });
  const all = tables.get('') ?? [];
  const whole = (spentSeconds: number): number => Math.floor(spentSeconds / tick) * tick;
  return {
    of: (segment: string | null, spent: number) =>
      isSplit
        ? segments.of(segment ?? '', whole(spent))
        : { ...outlook(all, { spentSeconds: whole(spent), horizonSeconds }), weight: null },
    shares: (segment: string | null, spent: number) => segments.shares(segment ?? '', whole(spent)),
  };
}

const nothing = {
  ...{ advanced: null, advancedLo: null, advancedHi: null, lost: null, lostLo: null, lostHi: null },
  ...{ staying: null, stayingLo: null, stayingHi: null, returned: null, landmarkSeconds: null, atRisk: 0 },
};

/**
 * A forecaster for one stage from what became of its visits. With `isSplit`, `times` holds a table for each segment, and each is drawn
 * to that of all as far as segments are alike; without, it holds one table, of segment `''`. See packages/statistics/docs/next-step.md.
 */
export function stageForecaster(times: readonly StageTimes[], horizonUs: number, isSplit: boolean): StageForecaster {
  const hasReturns = times.some(({ counts }) => counts.some(({ returned }) => returned > 0));
  const forAdvanced = engineOf(times, horizonUs, isSplit, 'lost');
  const forLost = hasReturns ? engineOf(times, horizonUs, isSplit, 'advanced') : forAdvanced;
  return {
    of(segment, spentSeconds) {
      const [up, down] = [forAdvanced.of(segment, spentSeconds), forLost.of(segment, spentSeconds)];
      if (up.shares === null || down.shares === null)
        return { state: 'insufficient', ...nothing, weight: up.weight === null ? null : 0 };
      const [advanced, lost, staying] = [up.shares.advanced, down.shares.lost, up.shares.staying];
      return {
        state: 'ok',
        ...named('advanced', advanced, up.advanced),
        ...named('lost', lost, down.lost),
        ...named('staying', staying, up.staying),
        returned: hasReturns ? Math.max(0, 1 - advanced - lost - staying) : 0,
        landmarkSeconds: up.landmarkSeconds,
        atRisk: up.atRisk,
        weight: up.weight,
      };
    },
    shares(segment, spentSeconds) {
      const [up, down] = [forAdvanced.shares(segment, spentSeconds), forLost.shares(segment, spentSeconds)];
      return up === null || down === null ? null : { advanced: up.advanced, lost: down.lost };
    },
  };
}

function named<N extends string>(name: N, share: number, { lo, hi }: Interval) {
  const kept = (value: number): number => Math.min(1, Math.max(0, value));
  return { [name]: kept(share), [`${name}Lo`]: kept(lo), [`${name}Hi`]: kept(hi) } as Record<
    N | `${N}Lo` | `${N}Hi`,
    number
  >;
}
