import type { Parameters } from './parameters.ts';
import type { Plan } from './plan.ts';
import { attemptsRelation, narrowFilled } from './sql-attempts.ts';
import { bucketSql } from './sql-bucket.ts';
import type { Filled } from './sql-fill.ts';
import { type Code, hasHeld, narrowCode } from './sql-timeline.ts';

/**
 * One row per group (unit, with trend and bucket, with breakdown `all` and label) and its chosen attempt:
 * `unit UInt64, segment String, bucket Int64 (µs), times Array(UInt64) (µs per step, 0 = not matched), furthest UInt8, is_open UInt8`
 * (`is_open` already excludes the finished). `segment` is '' without breakdown, `bucket` 0 without trend.
 */
export function chosenAttempts(plan: Plan, parameters: Parameters): string {
  const chosen =
    plan.narrow && plan.interval === null ? chosenInArrays(plan, parameters) : chosenByGroup(plan, parameters);
  return `SELECT unit, segment, bucket, times, furthest, toUInt8(alive AND furthest < ${plan.lastRequired}) AS is_open\nFROM (\n${chosen}\n)`;
}

/** `arrayMap` or the like over those of the arrays that the body names. */
function over(call: string, { arrays }: Filled, body: string, more: readonly string[] = []): string {
  const used = [...arrays, ...more].filter((name) => new RegExp(`\\bv_${name}\\b`).test(body));
  return `${call}((${used.map((name) => `v_${name}`).join(', ')}) -> ${body}, ${used.join(', ')})`;
}

function chosenInArrays(plan: Plan, parameters: Parameters): string {
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

function segmentSql(plan: Plan, code: Code): { readonly segment: string; readonly condition: string } {
  const labelAt = (event: string) => `labels[${code.position(event)}]`;
  const has = (event: string) => `${event} != 0 AND has_labels[${code.position(event)}]`;
  switch (plan.breakdown?.attribution) {
    case undefined:
      return { segment: "''", condition: '1' };
    case 'first':
    case 'last': {
      const find = plan.breakdown.attribution === 'first' ? 'arrayFirst' : 'arrayLast';
      const event = `${find}(c -> ${has('c')}, chain)`;
      return { segment: `if(${event} = 0, '', ${labelAt(event)})`, condition: '1' };
    }
    case 'step':
      return { segment: labelAt(`chain[${plan.breakdown.step}]`), condition: `chain[${plan.breakdown.step}] != 0` };
    default:
      return { segment: labelAt('chain[1]'), condition: '1' };
  }
}

function chosenByGroup(plan: Plan, parameters: Parameters): string {
  const { relation, code } = attemptsRelation(plan, parameters);
  const { segment, condition } = segmentSql(plan, code);
  const perLabel = plan.breakdown?.attribution === 'all';
  const keys = ['unit', ...(perLabel ? ['segment_of'] : []), ...(plan.interval === null ? [] : ['bucket_of'])];
  const bucket = plan.interval === null ? 'toInt64(0)' : bucketSql(code.time('chain[1]'), plan, parameters);
  // Attempts of different held values come from different arrays, where positions can't be compared.
  const entry = plan.narrow
    ? 'chain[1]'
    : hasHeld(plan)
      ? `(instants[${code.position('chain[1]')}], ids[${code.position('chain[1]')}])`
      : 'chain[1]';
  const matched = plan.steps.some((step) => step.optional) ? ', -toInt16(arrayCount(c -> c != 0, chain))' : '';
  const payload = '(segment_of, chain, furthest_of)';
  return `SELECT unit, best.1 AS segment, ${plan.interval === null ? 'toInt64(0)' : 'bucket_of'} AS bucket,
  arrayMap(c -> ${code.time('c')}, best.2) AS times, best.3 AS furthest, alive
FROM (
SELECT ${keys.join(', ')}, argMin(${payload}, (-toInt16(furthest_of)${matched}, entry_of)) AS best, max(alive_of) AS alive
FROM (
SELECT unit, attempt.1 AS furthest_of, attempt.2 AS chain, attempt.3 AS alive_of, ${segment} AS segment_of, ${bucket} AS bucket_of, ${entry} AS entry_of
FROM (
${relation}
)
ARRAY JOIN attempts AS attempt
)
GROUP BY ${keys.join(', ')}
)
WHERE ${condition.replaceAll('chain', 'best.2')}`;
}
