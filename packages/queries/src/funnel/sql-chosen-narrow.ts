import type { Parameters } from './parameters.ts';
import type { Plan } from './plan.ts';
import { narrowFilled } from './sql-attempts.ts';
import type { Filled } from './sql-fill.ts';
import { narrowCode } from './sql-timeline.ts';

/** `arrayMap` or the like over those of the arrays that the body names. */
function over(call: string, { arrays }: Filled, body: string, more: readonly string[] = []): string {
  const used = [...arrays, ...more].filter((name) => new RegExp(`\\bv_${name}\\b`).test(body));
  return `${call}((${used.map((name) => `v_${name}`).join(', ')}) -> ${body}, ${used.join(', ')})`;
}

/** The chosen attempt of each unit of a narrow plan without trend: the first of the furthest, taken without building the others. */
export function chosenInArrays(plan: Plan, parameters: Parameters): string {
  const filled = narrowFilled(plan, parameters);
  const chosen = filled.codes.map((code) =>
    filled.arrays.reduce((text, name) => text.replace(new RegExp(`\\bv_${name}\\b`, 'g'), `${name}[chosen]`), code),
  );
  return `SELECT unit, '' AS segment, toInt64(0) AS bucket,
  arrayMap((t, i) -> if(i <= furthest, t, ${narrowCode.none}), [${chosen.join(', ')}], [${chosen.map((_, i) => i + 1).join(', ')}]) AS times, furthest, alive
FROM (
SELECT *, toUInt8(arrayMax(furthests)) AS furthest, indexOf(furthests, furthest) AS chosen,
  ${over('arrayExists', filled, `v_furthests != 0 AND ${filled.alive}`, ['furthests'])} AS alive
FROM (
SELECT *, ${over('arrayMap', filled, `toUInt8(${filled.furthest})`)} AS furthests
FROM (
${filled.relation}
)
)
)`;
}
