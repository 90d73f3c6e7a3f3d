import type { Parameters } from '../funnel/parameters.ts';
import type { JourneyScope } from '../journey/scope.ts';
import type { AnsweringEvaluation } from './last-evaluation.ts';

/** SQL of the rows of one evaluation in `health_scores`, each unit once, of the segments of the scope; `segment` is the value of `by`. */
export function storedScores(scope: JourneyScope, evaluation: AnsweringEvaluation, parameters: Parameters): string {
  const { journey, asOfUs, evaluatedUs } = evaluation;
  const conditions = [
    `journey = ${parameters.bind(journey, 'String')}`,
    `as_of = ${parameters.bind(asOfUs, 'Int64')}`,
    `evaluated_at = ${parameters.bind(evaluatedUs, 'Int64')}`,
    ...scope.segments.map(({ index, values }) => {
      const name = parameters.bind(scope.journey.segments[index - 1] ?? '', 'String');
      return `segments[${name}] IN ${parameters.bind(values, 'Array(String)')}`;
    }),
  ];
  const by = scope.by === null ? `''` : `segments[${parameters.bind(scope.by.name, 'String')}]`;
  return `SELECT unit_key, unit, anonymous, stage, entered_at, cycle_at, segments, score, ledger, ${by} AS segment
FROM health_scores
WHERE ${conditions.join(' AND ')}
LIMIT 1 BY unit_key`;
}

/** SQL condition that rows of `health_signals` or `health_tasks` are of finished evaluations of a journey up to an instant. */
export function countingUpTo(journey: string, asOfUs: number, parameters: Parameters): string {
  const name = parameters.bind(journey, 'String');
  const finished = `SELECT as_of, min(evaluated_at) FROM health_evaluations WHERE journey = ${name} GROUP BY as_of`;
  return `journey = ${name} AND as_of <= ${parameters.bind(asOfUs, 'Int64')} AND (as_of, evaluated_at) GLOBAL IN (${finished})`;
}
