import type { FlatRow, JourneyOutlookRow } from '@michinori/client';

export interface StageOutlook {
  stage: string;
  title: string;
  horizonSeconds: number;
  /** Those in which somebody is open; the first where nobody is. */
  bands: readonly JourneyOutlookRow[];
}

/** Rows of `/outlook` by stage. Bands of time in which nobody is open stand in the table only. */
export function outlookByStage(rows: readonly JourneyOutlookRow[]): StageOutlook[] {
  const stages = [...new Set(rows.map(({ stage }) => stage))];
  return stages.flatMap((stage) => {
    const own = rows.filter((row) => row.stage === stage);
    const open = own.filter(({ open }) => open > 0);
    const [first] = own;
    if (first === undefined) return [];
    const { title, horizonSeconds } = first;
    return [{ stage, title, horizonSeconds, bands: open.length > 0 ? open : [first] }];
  });
}

/** How many of the open will have advanced and been lost; null where that isn't known of somebody who is open. */
export function expectedOf(
  rows: readonly JourneyOutlookRow[],
): { advanced: number; lost: number; open: number } | null {
  const open = rows.filter((row) => row.open > 0);
  if (open.length === 0) return null;
  let advanced = 0;
  let lost = 0;
  let count = 0;
  for (const row of open) {
    if (row.expectedAdvanced === null || row.expectedLost === null) return null;
    advanced += row.expectedAdvanced;
    lost += row.expectedLost;
    count += row.open;
  }
  return { advanced, lost, open: count };
}

/** A tenth of the forecasts of a stage, and what it came to. */
export interface ForecastBin {
  stage: string;
  outcome: string;
  n: number;
  k: number;
  forecast: number;
  rate: number;
  lo: number;
  hi: number;
}

/** Reads the rows of `/outlook/track-record?detail=calibration`. */
export function readBins(rows: readonly FlatRow[]): ForecastBin[] {
  return rows.map(({ stage, outcome, n, k, forecast, rate, lo, hi }) => ({
    ...{ stage: String(stage), outcome: String(outcome), n: Number(n), k: Number(k) },
    ...{ forecast: Number(forecast), rate: Number(rate), lo: Number(lo), hi: Number(hi) },
  }));
}
