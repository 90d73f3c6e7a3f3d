import type { Parameters } from './parameters.ts';
import type { Plan } from './plan.ts';
import { anyFillAttempts } from './sql-any-fill.ts';
import { anyFoldRelation } from './sql-any-fold.ts';
import { spoiledSql } from './sql-exclusions.ts';
import { type Filled, fillAttempts } from './sql-fill.ts';
import { frontierRelation } from './sql-frontier.ts';
import { narrowCode, narrowTimelines, wideCode } from './sql-timeline.ts';
import { wideTimelines } from './sql-wide.ts';

/** A relation with one row per timeline and `attempts Array(Tuple(furthest UInt8, chain Array(code), alive UInt8))`, clean ones only. */
export interface Attempts {
  readonly relation: string;
  readonly code: typeof narrowCode;
}

/** Narrow plans: the arrays from which the best attempt can be taken without building all of them. */
export function narrowFilled(plan: Plan, parameters: Parameters): Filled {
  const timelines = narrowTimelines(plan, parameters);
  return plan.engine === 'any-fill'
    ? anyFillAttempts(plan, timelines, parameters)
    : fillAttempts(plan, narrowCode, timelines, parameters);
}

function filledAttempts({ relation, arrays, furthest, codes, alive }: Filled, none: string, condition: string): string {
  const variables = arrays.map((name) => `v_${name}`).join(', ');
  const chain = codes.map((code, i) => `if(furthest >= ${i + 1}, ${code}, ${none})`).join(', ');
  const rows = `arrayMap((${variables}, furthest) -> (toUInt8(furthest), [${chain}], toUInt8(${alive})), ${arrays.join(', ')}, furthests)`;
  return `SELECT *, arrayFilter(a -> a.1 != 0, ${condition === '1' ? rows : `if(${condition}, ${rows}, [])`}) AS fill_attempts
FROM (SELECT *, arrayMap((${variables}) -> ${furthest}, ${arrays.join(', ')}) AS furthests FROM (\n${relation}\n))`;
}

const furthestOf = (chain: string) => `toUInt8(arrayLastIndex(c -> c != 0, ${chain}))`;

function walkedAttempts(plan: Plan, attempts: string, parameters: Parameters): string {
  const spoiled = spoiledSql(plan, 'a.1', parameters);
  const clean = spoiled === '0' ? attempts : `arrayFilter(a -> NOT ${spoiled}, ${attempts})`;
  return `arrayMap(a -> (${furthestOf('a.1')}, a.1, a.2), ${clean})`;
}

/** All clean attempts of every timeline. */
export function attemptsRelation(plan: Plan, parameters: Parameters): Attempts {
  if (plan.narrow) {
    return {
      relation: `SELECT *, fill_attempts AS attempts FROM (\n${filledAttempts(narrowFilled(plan, parameters), narrowCode.none, '1')}\n)`,
      code: narrowCode,
    };
  }
  const timelines = wideTimelines(plan, parameters);
  const answer = (from: string, attempts: string): Attempts => ({
    relation: `SELECT *, ${attempts} AS attempts FROM (\n${from}\n)`,
    code: wideCode,
  });
  switch (plan.engine) {
    case 'any-fill':
    case 'any-fold':
      return answer(anyFoldRelation(plan, timelines, parameters), walkedAttempts(plan, 'any_attempts', parameters));
    case 'frontier':
      return answer(
        frontierRelation(plan, timelines, '1', parameters),
        walkedAttempts(plan, 'frontier_attempts', parameters),
      );
    case 'fill': {
      const filled = fillAttempts(plan, wideCode, timelines, parameters);
      return answer(filledAttempts(filled, wideCode.none, '1'), 'fill_attempts');
    }
    default: {
      const walked = frontierRelation(plan, timelines, 'tied', parameters);
      const filled = fillAttempts(plan, wideCode, walked, parameters);
      const merged = `arrayConcat(fill_attempts, ${walkedAttempts(plan, 'frontier_attempts', parameters)})`;
      return answer(filledAttempts(filled, wideCode.none, 'NOT tied'), merged);
    }
  }
}
