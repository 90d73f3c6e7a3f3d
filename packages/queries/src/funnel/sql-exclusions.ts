import type { Parameters } from './parameters.ts';
import type { Plan } from './plan.ts';
import { exclusionBit } from './sql-source.ts';
import { wideCode } from './sql-timeline.ts';

const { time, instant } = wideCode;

/**
 * Whether an excluded event spoils the attempt, over `chain` (a code per step, 0 = not matched) and the unit's `codes`,
 * `own_masks`. The general form: optional steps, exclusions that overlap with steps, any order.
 */
export function spoiledSql(plan: Plan, chain: string, parameters: Parameters): string {
  if (plan.exclusions.length === 0) return '0';
  const window = parameters.bind(plan.windowUs, 'UInt64');
  const conditions = plan.exclusions.map(({ after, before }, e) => {
    const foreign = `bitTest(x_mask, ${exclusionBit + e}) AND NOT has(${chain}, x)`;
    const inWindow = `${time('x')} <= ${time(`${chain}[1]`)} + ${window}`;
    if (plan.order === 'any') {
      const last = `${chain}[${plan.steps.length}]`;
      const end = `if(${last} != 0, ${time('x')} <= ${time(last)}, ${inWindow})`;
      return `arrayExists((x, x_mask) -> ${foreign} AND ${time('x')} >= ${time(`${chain}[1]`)} AND ${end}, codes, own_masks)`;
    }
    const reached = `arrayExists(c -> c != 0, arraySlice(${chain}, ${after}))`;
    const lower = instant(`arrayMax(arraySlice(${chain}, 1, ${after}))`);
    const rest = `arrayFilter(c -> c != 0, arraySlice(${chain}, ${before}))`;
    const upper = `if(notEmpty(${rest}), ${instant('x')} < ${instant(`arrayMin(${rest})`)}, ${inWindow})`;
    return `(${reached} AND arrayExists((x, x_mask) -> ${foreign} AND ${instant('x')} > ${lower} AND ${upper}, codes, own_masks))`;
  });
  return `(${conditions.join(' OR ')})`;
}
