import { bigintColumn, type ClickHouse, defineQuery, integerColumn, type QueryOptions } from '@michinori/clickhouse';
import { z } from 'zod';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters } from '../funnel/parameters.ts';
import { JourneyQuestionError } from '../journey/errors.ts';
import type { JourneyScope } from '../journey/scope.ts';
import { type AnsweringEvaluation, readLastEvaluation } from './last-evaluation.ts';
import { storedScores } from './stored-scores.ts';

/** A unit with its score, as of the last evaluation. */
export interface ScoredUnit {
  /** Id of the customer or account; '' of somebody known by an anonymous id only. */
  readonly unit: string;
  readonly anonymous: string;
  readonly stage: string;
  readonly enteredUs: number;
  readonly score: number;
  /** JSON: lines whose points add up to the score. */
  readonly ledger: string;
  /** `plan:pro region:jp`, at the begin of the visit. */
  readonly segment: string;
}

export interface ScoredUnits {
  readonly rows: readonly ScoredUnit[];
  readonly evaluatedUs: number | null;
  /** For the next page; null on the last one. */
  readonly cursor: string | null;
}

export interface ScoredUnitsQuestion {
  /** Id; null: all. */
  readonly stage: string | null;
  /** Lowest score first, or highest. */
  readonly order: 'lowest' | 'highest';
  readonly limit: number;
  readonly cursor: string | null;
}

const placeText = z.strictObject({ asOfUs: z.int(), score: z.int(), unitKey: z.string().regex(/^\d{1,20}$/) });

function readPlace(text: string): z.output<typeof placeText> {
  try {
    return placeText.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    throw new JourneyQuestionError([{ pointer: '/cursor', message: 'is not a cursor that this service gave out' }]);
  }
}

const scoredRow = z.object({
  unitKey: bigintColumn,
  unit: z.string(),
  anonymous: z.string(),
  stage: z.string(),
  enteredUs: integerColumn,
  score: z.number(),
  ledger: z.string(),
  values: z.array(z.string()),
});

function pageQuery(scope: JourneyScope, evaluation: AnsweringEvaluation, asked: ScoredUnitsQuestion) {
  const parameters = createParameters();
  const place = asked.cursor === null ? null : readPlace(asked.cursor);
  const [beyond, direction] = asked.order === 'lowest' ? ['>', 'ASC'] : ['<', 'DESC'];
  const conditions = [
    ...(asked.stage === null ? [] : [`stage = ${parameters.bind(asked.stage, 'String')}`]),
    ...(place === null
      ? []
      : [
          `(score ${beyond} ${parameters.bind(place.score, 'Int64')} OR (score = ${parameters.bind(place.score, 'Int64')} AND unit_key > ${parameters.bind(BigInt(place.unitKey), 'UInt64')}))`,
        ]),
  ];
  const names = parameters.bind(scope.journey.segments, 'Array(String)');
  const sql = `SELECT unit_key AS unitKey, unit, anonymous, stage, entered_at AS enteredUs, score, ledger, arrayMap(name -> segments[name], ${names}) AS values
FROM (\n${storedScores(scope, evaluation, parameters)}\n)
${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
ORDER BY score ${direction}, unitKey
LIMIT ${parameters.bind(asked.limit + 1, 'UInt32')}`;
  const query = defineQuery({ name: 'health-customers', sql, params: anyParameters, row: scoredRow });
  return { query, values: parameters.values() };
}

/**
 * The units behind `/health`, by score, page by page; all pages are of the evaluation of the first one.
 *
 * @throws JourneyQuestionError `/cursor`
 */
export async function runHealthCustomers(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  asked: ScoredUnitsQuestion,
  options?: QueryOptions,
): Promise<ScoredUnits> {
  const asOfUs = asked.cursor === null ? scope.asOfUs : readPlace(asked.cursor).asOfUs;
  const evaluation = await readLastEvaluation(clickhouse, { journey: scope.journey.id, asOfUs }, options);
  if (evaluation === null) return { rows: [], evaluatedUs: null, cursor: null };
  const found = await runBound(clickhouse, pageQuery(scope, evaluation, asked), options);
  const page = found.slice(0, asked.limit);
  const last = found.length > asked.limit ? page.at(-1) : undefined;
  const place = last && { asOfUs: evaluation.asOfUs, score: last.score, unitKey: String(last.unitKey) };
  return {
    rows: page.map(({ unitKey: _, values, ...row }) => ({
      ...row,
      segment: values.map((value, i) => `${scope.journey.segments[i]}:${value}`).join(' '),
    })),
    evaluatedUs: evaluation.asOfUs,
    cursor: place === undefined ? null : Buffer.from(JSON.stringify(place)).toString('base64url'),
  };
}
