import { aalenJohansen } from '../survival/aalen-johansen.ts';
import type { RiskTable } from '../survival/risk-table.ts';

/**
 * The time in seconds within which the share `p` of those who advance from a stage have done so: the first t at which the
 * cumulative incidence of advancing (Aalen & Johansen, 1978) reaches p times its last known value. Unlike the quantile among
 * all entries it exists where many are lost. Null with fewer than `advancedMin` advances.
 *
 * @throws RangeError unless 0 < p ≤ 1
 */
export function advanceQuantile(table: RiskTable, p: number, advancedMin = 30): number | null {
  if (!(p > 0 && p <= 1)) throw new RangeError(`not a share: ${p}`);
  const { advanced } = aalenJohansen(table);
  const end = advanced.steps.at(-1)?.estimate ?? 0;
  return advanced.events < advancedMin || end === 0 ? null : advanced.quantile(p * end).seconds;
}
