import type { Parameters } from './parameters.ts';
import type { Plan } from './plan.ts';
import type { Filled } from './sql-fill.ts';
import { narrowCode } from './sql-timeline.ts';

/**
 * Attempts in any order when every two steps are identical or disjoint: an attempt fills, per class of m identical
 * steps, the next m events of the class from its own occurredAt on. Narrow codes; see {@link fillAttempts} for the idea.
 */
export function anyFillAttempts(plan: Plan, timelines: string, parameters: Parameters): Filled {
  const classes = plan.classes ?? [];
  const window = parameters.bind(plan.windowUs, 'UInt64');
  const asOf = parameters.bind(plan.asOfUs, 'UInt64');
  let relation = `SELECT *, arrayMap((now, before) -> now != before, codes, arrayShiftRight(codes, 1, toUInt64(0))) AS starts
FROM (\n${timelines}\n)`;
  const names: string[] = [];
  for (const number of new Set(classes)) {
    const bit = classes.indexOf(number);
    const multiplicity = classes.filter((other) => other === number).length;
    for (let nth = 1; nth <= multiplicity; nth += 1) {
      const source = nth === 1 ? 'codes' : `arrayShiftLeft(k${number}_${nth - 1}, 1, ${narrowCode.none})`;
      const own = `arrayMap((v, m) -> if(bitTest(m, ${bit}), v, ${narrowCode.none}), ${source}, masks)`;
      relation = `SELECT *, arrayReverseFill((v, m) -> bitTest(m, ${bit}), ${own}, masks) AS k${number}_${nth},
  arrayFill((v, s) -> s, k${number}_${nth}, starts) AS s${number}_${nth}
FROM (\n${relation}\n)`;
      names.push(`s${number}_${nth}`);
    }
  }
  const inTime = names.map((name) => `(v_${name} != 0 AND v_${name} <= v_codes + ${window})`);
  const sorted = `arraySort([${names.map((name, i) => `if(${inTime[i]}, v_${name}, toUInt64(18446744073709551615))`).join(', ')}])`;
  return {
    relation,
    arrays: ['codes', 'entries', ...names],
    furthest: `if(v_entries, ${inTime.join(' + ')}, 0)`,
    codes: names.map((_, i) => `${sorted}[${i + 1}]`),
    alive: `(v_codes + ${window} >= ${asOf})`,
  };
}
