import type { Parameters } from './parameters.ts';
import type { Plan } from './plan.ts';
import { attemptsRelation } from './sql-attempts.ts';
import { bucketSecondsSql, bucketSql } from './sql-bucket.ts';
import { chosenInArrays } from './sql-chosen-narrow.ts';
import { type Code, low32 } from './sql-timeline.ts';
import { eventValues } from './sql-wide.ts';

/**
 * One row per group (unit, with trend and bucket, with breakdown `all` and label) and its chosen attempt:
 * `unit UInt64, segment String, bucket Int64 (µs), times Array(UInt64) (µs per step, 0 = not matched), furthest UInt8, is_open UInt8`
 * (`is_open` already excludes the finished). `segment` is '' without breakdown, `bucket` 0 without trend.
 */
export function chosenAttempts(plan: Plan, parameters: Parameters): string {
  const choose = plan.hold.length > 0 ? chosenByGroup : plan.interval === null ? chosenInRow : chosenPerBucket;
  const chosen = plan.narrow && plan.interval === null ? chosenInArrays(plan, parameters) : choose(plan, parameters);
  return `SELECT unit, segment, bucket, times, furthest, toUInt8(alive AND furthest < ${plan.lastRequired}) AS is_open\nFROM (\n${chosen}\n)`;
}

function segmentSql(plan: Plan, code: Code): { readonly segment: string; readonly condition: string } {
  const values = eventValues(plan);
  const labelAt = (event: string) => values.label(code.position(event));
  const has = (event: string) => `${event} != 0 AND ${values.hasLabel(code.position(event))}`;
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

/** Rank of attempt `a` at position `i` of its row, the best is the smallest: furthest step, matched steps, entry. */
function rankSql(plan: Plan): string {
  const matched = plan.steps.some((step) => step.optional)
    ? `bitShiftLeft(toUInt64(31 - arrayCount(c -> c != 0, a.2)), 32)`
    : '0';
  return `bitOr(bitOr(bitShiftLeft(toUInt64(31 - a.1), 37), ${matched}), i)`;
}

/** Without trend and hold a row of attempts is a group. */
function chosenInRow(plan: Plan, parameters: Parameters): string {
  const { relation, code } = attemptsRelation(plan, parameters);
  const { segment, condition } = segmentSql(plan, code);
  const best = `arrayMin(arrayMap((a, i) -> ${rankSql(plan)}, attempts, arrayEnumerate(attempts)))`;
  return `SELECT unit, ${segment.replaceAll('chain', 'best.2')} AS segment, toInt64(0) AS bucket,
  arrayMap(c -> ${code.time('c')}, best.2) AS times, best.1 AS furthest, alive
FROM (
SELECT *, attempts[bitAnd(${best}, ${low32})] AS best, arrayExists(a -> a.3, attempts) AS alive
FROM (
${relation}
)
WHERE notEmpty(attempts)
)
WHERE ${condition.replaceAll('chain', 'best.2')}`;
}

/**
 * With trend, the attempts of a row are sorted by bucket and rank, and the first of each bucket stays. A second sort, by bucket and
 * whether the attempt is alive, has the same buckets in the same order.
 */
function chosenPerBucket(plan: Plan, parameters: Parameters): string {
  const { relation, code } = attemptsRelation(plan, parameters);
  const { segment, condition } = segmentSql(plan, code);
  const bucket = bucketSecondsSql(code.time('a.2[1]'), plan, parameters);
  const bucketOf = 'bitShiftRight(r.1, 64)';
  const lives = `arraySort(arrayMap(r -> toUInt64(bitShiftRight(r.1, 64)) * 2 + NOT r.2.3, ranked))`;
  return `SELECT unit, ${segment.replaceAll('chain', 'best.2.2')} AS segment, toInt64(bitShiftRight(best.1, 64)) * 1000000 AS bucket,
  arrayMap(c -> ${code.time('c')}, best.2.2) AS times, best.2.1 AS furthest, alive
FROM (
SELECT *, arrayCompact(r -> ${bucketOf}, arraySort(r -> r.1, ranked)) AS bests,
  arrayMap(l -> NOT bitTest(l, 0), arrayCompact(l -> bitShiftRight(l, 1), ${lives})) AS lives
FROM (
SELECT *, arrayMap((a, i) -> (bitOr(bitShiftLeft(toUInt128(${bucket}), 64), toUInt128(${rankSql(plan)})), a), attempts, arrayEnumerate(attempts)) AS ranked
FROM (
${relation}
)
)
)
ARRAY JOIN bests AS best, lives AS alive
WHERE ${condition.replaceAll('chain', 'best.2.2')}`;
}

/** With hold, a unit has a row of attempts per held value; they meet in an aggregation. */
function chosenByGroup(plan: Plan, parameters: Parameters): string {
  const { relation, code } = attemptsRelation(plan, parameters);
  const { segment, condition } = segmentSql(plan, code);
  const perLabel = plan.breakdown?.attribution === 'all';
  const keys = ['unit', ...(perLabel ? ['segment_of'] : []), ...(plan.interval === null ? [] : ['bucket_of'])];
  const bucket = plan.interval === null ? 'toInt64(0)' : bucketSql(code.time('chain[1]'), plan, parameters);
  const matched = plan.steps.some((step) => step.optional) ? ', -toInt16(arrayCount(c -> c != 0, chain))' : '';
  const entry = eventValues(plan).order(code.position('chain[1]'));
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
