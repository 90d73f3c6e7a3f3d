import { type ClickHouse, ClickHouseError, defineQuery, type QueryOptions } from '@michinori/clickhouse';
import type { Filter, FunnelRequest } from '@michinori/queries';
import type { ProblemError } from '@michinori/runtime';
import { z } from 'zod';
import { pointerOf } from './findings.ts';
import { invalidQuestion } from './validator.ts';

/** Only the engine knows RE2, so it is the judge of a pattern; it compiles a constant one although nothing is read. */
const compilePattern = defineQuery({
  name: 'compile-pattern',
  sql: `SELECT match('', {pattern:String}) AS matches`,
  params: z.object({ pattern: z.string() }),
  row: z.object({ matches: z.literal([0, 1]) }),
});

/** CANNOT_COMPILE_REGEXP */
const cannotCompileRegexp = 427;

/** Every regex of a question with its JSON pointer, in the order in which they were written. */
export function patternsOf(request: Pick<FunnelRequest, 'steps' | 'exclude' | 'filter'>): [string, string][] {
  const among = (filters: readonly Filter[], path: PropertyKey[]): [string, string][] =>
    filters.flatMap(({ op, value }, index) =>
      op === 'regex' ? [[pointerOf([...path, index, 'value']), String(value)] as [string, string]] : [],
    );
  return [
    ...request.steps.flatMap(({ where }, index) => among(where, ['steps', index, 'where'])),
    ...request.exclude.flatMap(({ where }, index) => among(where, ['exclude', index, 'where'])),
    ...among(request.filter, ['filter']),
  ];
}

/** Refuses a question with a regex that RE2 doesn't compile, whatever data there are; names every such place. */
export async function assertPatterns(
  clickhouse: ClickHouse,
  request: Pick<FunnelRequest, 'steps' | 'exclude' | 'filter'>,
  options: QueryOptions,
): Promise<void> {
  const findings: ProblemError[] = [];
  for (const [pointer, pattern] of patternsOf(request)) {
    try {
      await clickhouse.query(compilePattern, { pattern }, options);
    } catch (error) {
      if (!(error instanceof ClickHouseError) || error.code !== cannotCompileRegexp) throw error;
      findings.push({ pointer, message: `is not a regular expression (RE2): ${JSON.stringify(pattern.slice(0, 60))}` });
    }
  }
  if (findings.length > 0) throw invalidQuestion(findings);
}
