import type { RiskColumns } from './risk-table.ts';

export type Cause = 'advanced' | 'lost';

/** Whether the other outcome competes (who had it never has the event) or merely ends the watching. */
export type OtherOutcome = 'competes' | 'censors';

/** The Aalen–Johansen estimate at one moment, with its Greenwood variances. */
export interface Incidence {
  /** F: the share that had the event. */
  share: number;
  /** 1 − F. */
  complement: number;
  shareVariance: number;
  /** Share without any outcome so far: S. 0 means that the curve is final. */
  unsettled: number;
  /** ∫ F dt from 0, in seconds. */
  area: number;
  areaVariance: number;
  /** Who had the event so far. */
  events: number;
  /** Who had the other outcome so far, if it competes. */
  competing: number;
}

export interface WalkOptions {
  readonly cause: Cause;
  readonly other: OtherOutcome;
  readonly untilSeconds: number;
  /** Called after each row that has an outcome; the state is reused for the next row. */
  readonly onOutcome?: (row: number, state: Incidence) => void;
}

/**
 * One pass over a cohort. S, F and ∫F are linear in the noise of each time, so their covariance matrix is carried along
 * exactly: the Greenwood-type covariance of the Aalen–Johansen estimator (Aalen & Johansen, 1978; Andersen, Borgan,
 * Gill & Keiding, 1993, §IV.4.1.3), with the multinomial variance of tied outcomes. Var F is the sum of Marubini &
 * Valsecchi (1995, §10.2); without a competing outcome F = 1 − Kaplan–Meier and Var F is Greenwood's (1926).
 * No cancelling sums, so it is safe for millions of rows.
 */
export function walkIncidence(columns: RiskColumns, options: WalkOptions): Incidence {
  const { cause, other, untilSeconds, onOutcome } = options;
  const eventColumn = columns[cause];
  const otherColumn = columns[cause === 'advanced' ? 'lost' : 'advanced'];
  const state: Incidence = {
    share: 0,
    complement: 1,
    shareVariance: 0,
    unsettled: 1,
    area: 0,
    areaVariance: 0,
    events: 0,
    competing: 0,
  };
  let [f, s, vff, vss, vsf, vfa, vsa] = [0, 1, 0, 0, 0, 0, 0];
  let now = 0;

  function advanceTo(seconds: number): void {
    const elapsed = seconds - now;
    state.area += elapsed * f;
    state.areaVariance += elapsed * (2 * vfa + elapsed * vff);
    vfa += elapsed * vff;
    vsa += elapsed * vsf;
    now = seconds;
  }

  for (let i = 0; i < columns.seconds.length; i++) {
    const seconds = columns.seconds[i] ?? Infinity;
    if (seconds > untilSeconds) break;
    const events = eventColumn[i] ?? 0;
    const competing = other === 'competes' ? (otherColumn[i] ?? 0) : 0;
    const ended = events + competing;
    if (ended === 0) continue;
    advanceTo(seconds);
    const atRisk = columns.atRisk[i] ?? ended;
    const hazard = events / atRisk;
    const staying = (atRisk - ended) / atRisk;
    const noise = (s * s) / atRisk;
    vff += hazard * (2 * vsf + hazard * vss) + (noise * hazard * (atRisk - events)) / atRisk;
    vsf = staying * (vsf + hazard * vss) - noise * hazard * staying;
    vss = staying * staying * vss + (noise * staying * ended) / atRisk;
    vfa += hazard * vsa;
    vsa *= staying;
    f += s * hazard;
    s *= staying;
    state.events += events;
    state.competing += competing;
    // With one kind of outcome F is 1 − S: taken from S, it is free of rounding near 1.
    const single = state.competing === 0;
    if (single) f = 1 - s;
    state.share = f;
    state.complement = single ? s : 1 - f;
    state.shareVariance = single ? vss : Math.max(0, vff);
    state.unsettled = s;
    onOutcome?.(i, state);
  }
  if (untilSeconds < Infinity) advanceTo(untilSeconds);
  state.areaVariance = Math.max(0, state.areaVariance);
  return state;
}
