import { type ClickHouse, defineQuery, type QueryOptions } from '@michinori/clickhouse';
import { anyParameters, runBound } from '../funnel/bound-query.ts';
import { createParameters, type Parameters } from '../funnel/parameters.ts';
import { type AccountedVisit, withAccounts } from './customer-accounts.ts';
import { type CustomersPlace, decodeCustomersPlace, encodeCustomersPlace, scopeOfPlace } from './customers-cursor.ts';
import { withTouches } from './last-touches.ts';
import { perVisit } from './path-visits.ts';
import type { JourneyScope } from './scope.ts';
import { type VisitDetailRow, visitDetail, visitDetailRows } from './visit-details.ts';

/** `lost` by an exit rule, `silent` by silence, `dropped` either. */
export const customerOutcomes = ['advanced', 'lost', 'silent', 'dropped', 'returned', 'open', 'completed'] as const;

/** Which of the visits behind the numbers of a scope. */
export interface CustomersQuestion {
  /** From 1; null: of all stages. */
  readonly stage: number | null;
  readonly outcome: (typeof customerOutcomes)[number] | null;
  /** Only visits that a touchpoint touched up to asOf, or only the others. */
  readonly touchpoint: { readonly name: string; readonly isTouched: boolean } | null;
  readonly limit: number;
  /** `cursor` of the page before. */
  readonly cursor: string | null;
}

export interface CustomersAnswer {
  readonly rows: readonly AccountedVisit[];
  readonly asOfUs: number;
  /** For the next page; null on the last one. */
  readonly cursor: string | null;
}

const touches = [
  `${perVisit('touch_touchpoint', 'touch_visit')} AS own_names`,
  `${perVisit('touch_first', 'touch_visit')} AS own_firsts`,
];

function touchColumn({ asOfUs }: JourneyScope, name: string, parameters: Parameters): string {
  const asOf = parameters.bind(asOfUs, 'Int64');
  const touchpoint = parameters.bind(name, 'String');
  return `arrayExists((name, first) -> name = ${touchpoint} AND first <= ${asOf}, own_names, own_firsts) AS is_touched`;
}

function customersQuery(scope: JourneyScope, question: CustomersQuestion, after: CustomersPlace | null) {
  const { stage, outcome, touchpoint, limit } = question;
  const parameters = createParameters();
  const touched =
    touchpoint === null ? {} : { columns: [touchColumn(scope, touchpoint.name, parameters)], arrays: touches };
  const conditions = ['1'];
  if (outcome !== null) {
    const names = outcome === 'dropped' ? ['lost', 'silent'] : [outcome];
    conditions.push(`ending IN ${parameters.bind(names, 'Array(String)')}`);
  }
  if (touchpoint !== null) conditions.push(touchpoint.isTouched ? 'is_touched' : 'NOT is_touched');
  if (after !== null) {
    const { enteredUs, unitKey, visit } = after;
    const place = [
      parameters.bind(enteredUs, 'Int64'),
      parameters.bind(unitKey, 'UInt64'),
      parameters.bind(visit, 'UInt32'),
    ];
    conditions.push(`(enteredUs, unitKey, visit) > (${place.join(', ')})`);
  }
  const stages = stage === null ? {} : { stages: [stage] };
  const more = touchpoint === null ? [] : ['is_touched'];
  const sql = `SELECT *
FROM (
${visitDetailRows(scope, parameters, { ...stages, ...touched }, more)}
)
WHERE ${conditions.join(' AND ')}
ORDER BY enteredUs, unitKey, visit
LIMIT ${parameters.bind(limit + 1, 'UInt32')}`;
  const query = defineQuery({ name: 'journey-customers', sql, params: anyParameters, row: visitDetail });
  return { query, values: parameters.values() };
}

function placeOf({ enteredUs, unitKey, visit }: VisitDetailRow) {
  return { enteredUs, unitKey, visit };
}

/**
 * The visits behind the numbers of a scope, a page at a time, by entry: those that `/stages` counts, or of one outcome or touchpoint among
 * them. All pages look at the asOf and the range of the first.
 *
 * @throws JourneyQuestionError for a cursor that is none
 */
export async function runJourneyCustomers(
  clickhouse: ClickHouse,
  scope: JourneyScope,
  question: CustomersQuestion,
  options?: QueryOptions,
): Promise<CustomersAnswer> {
  const after = question.cursor === null ? null : decodeCustomersPlace(question.cursor);
  const fixed = scopeOfPlace(scope, after);
  const found = await runBound(clickhouse, customersQuery(fixed, question, after), options);
  const page = found.slice(0, question.limit);
  const last = found.length > page.length ? page.at(-1) : undefined;
  const { asOfUs, fromUs, toUs } = fixed;
  return {
    rows: await withAccounts(
      clickhouse,
      fixed.journey.unit,
      await withTouches(clickhouse, fixed, page, options),
      options,
    ),
    asOfUs,
    cursor: last === undefined ? null : encodeCustomersPlace({ asOfUs, fromUs, toUs, ...placeOf(last) }),
  };
}
