import { buildCurve, type Curve } from './curve.ts';
import { type RiskTable, riskColumns } from './risk-table.ts';

export interface CumulativeIncidence {
  readonly n: number;
  /** Share of the cohort that has advanced by each time. */
  readonly advanced: Curve;
  /** Share of the cohort that was lost by each time. */
  readonly lost: Curve;
}

/**
 * Cumulative incidence of both outcomes, each competing with the other: the estimate of Aalen & Johansen (1978); only
 * open customers are censored. The two shares and the share without outcome add up to 1 at every time. Greenwood-type
 * variance as in Marubini & Valsecchi (1995, §10.2) and lifelines, here also exact for tied outcomes; intervals on the
 * complementary log-log scale. Without losses it is `kaplanMeier` turned upside down, intervals included.
 * A quantile is the time by which the share p of *all* customers has advanced: null when it never does.
 */
export function aalenJohansen(table: RiskTable, options: { readonly level?: number } = {}): CumulativeIncidence {
  const { level = 0.95 } = options;
  const columns = riskColumns(table);
  const curve = (cause: 'advanced' | 'lost') =>
    buildCurve(columns, { cause, other: 'competes', shape: 'event', level });
  return { n: columns.total, advanced: curve('advanced'), lost: curve('lost') };
}
