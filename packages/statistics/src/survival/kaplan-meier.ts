import { buildCurve, type Curve } from './curve.ts';
import type { Cause } from './incidence-walk.ts';
import { type RiskTable, riskColumns } from './risk-table.ts';

/**
 * Share still without the event after each time, as if nobody could leave another way: the product-limit estimate of
 * Kaplan & Meier (1958). The other outcome and open customers are censored. Variance of Greenwood (1926), log-log
 * interval (Kalbfleisch & Prentice, 1980; `conf.type = "log-log"` in R), quantiles with the interval of Brookmeyer &
 * Crowley (1982). For the share that really advances while others are lost, use `aalenJohansen`.
 */
export function kaplanMeier(
  table: RiskTable,
  options: { readonly event?: Cause; readonly level?: number } = {},
): Curve {
  const { event = 'advanced', level = 0.95 } = options;
  return buildCurve(riskColumns(table), { cause: event, other: 'censors', shape: 'survival', level });
}
