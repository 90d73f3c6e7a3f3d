import { integerColumn, integerTextColumn } from '@michinori/clickhouse';
import { z } from 'zod';
import type { Parameters } from '../funnel/parameters.ts';
import { outcomeName, stageId } from './path-visits.ts';
import type { JourneyScope } from './scope.ts';
import { outcomes, type VisitRowsOptions, visitRows } from './visits.ts';

/** One visit with who made it. Times in µs; null where there is nothing to say. */
export interface VisitDetails {
  /** The customer, or with account journeys the account; null for somebody known by an anonymous id only. */
  readonly unit: string | null;
  readonly anonymous: string | null;
  readonly stage: string;
  readonly cycle: number;
  /** Place among the unit's visits, from 1. */
  readonly visit: number;
  readonly enteredUs: number;
  readonly endedUs: number | null;
  readonly outcome: keyof typeof outcomes;
  readonly next: string | null;
  /** Of a loss by an exit rule. */
  readonly reason: string | null;
  /** Last activity up to asOf; for an asOf before later activity, the last touch. */
  readonly lastActivityUs: number;
  readonly seconds: number;
  /** The journey's segments at entry: `plan:pro region:jp`. */
  readonly segment: string;
}

/** A row of {@link visitDetailRows}. */
export const visitDetail = z.object({
  unitKey: integerTextColumn,
  unit: z.string(),
  anonymous: z.string(),
  stage: z.number(),
  cycle: integerColumn,
  visit: integerColumn,
  enteredUs: integerColumn,
  endedUs: integerColumn,
  ending: z.enum(Object.keys(outcomes) as [keyof typeof outcomes]),
  next: z.number(),
  reason: z.string(),
  activeUs: integerColumn,
  untilUs: integerColumn,
  values: z.array(z.string()),
});

/** SQL of the visits of a scope as rows of {@link visitDetail}, and the columns of `more`. */
export function visitDetailRows(
  scope: JourneyScope,
  parameters: Parameters,
  { columns = [], arrays = [], ...options }: VisitRowsOptions = {},
  more: readonly string[] = [],
): string {
  const own = ['visit_reason AS own_reason', 'visit_segments AS own_segments'];
  const details = ['unit', 'anonymous', 'active', 'own_reason', 'own_segments'];
  const shown = [
    'unit_key AS unitKey',
    'unit',
    'anonymous',
    'stage',
    'cycle',
    'visit',
    'entered AS enteredUs',
    'ended AS endedUs',
    `${outcomeName} AS ending`,
    'next',
    `if(outcome = ${outcomes.lost}, toString(own_reason), '') AS reason`,
    'active AS activeUs',
    'until AS untilUs',
    'arrayMap(value -> toString(value), own_segments) AS values',
  ];
  return `SELECT ${[...shown, ...more].join(', ')}
FROM (
${visitRows(scope, parameters, { ...options, columns: [...details, ...columns], arrays: [...own, ...arrays] })}
)`;
}

export type VisitDetailRow = z.output<typeof visitDetail>;

/** A row as it is shown; `lastTouchUs` of a visit that was active after asOf too. */
export function visitDetails(scope: JourneyScope, row: VisitDetailRow, lastTouchUs: number | undefined): VisitDetails {
  return {
    unit: row.unit || null,
    anonymous: row.unit === '' ? row.anonymous : null,
    stage: stageId(scope, row.stage),
    cycle: row.cycle,
    visit: row.visit,
    enteredUs: row.enteredUs,
    endedUs: row.ending === 'open' ? null : row.endedUs,
    outcome: row.ending,
    next: row.next === 0 ? null : stageId(scope, row.next),
    reason: row.ending === 'lost' ? row.reason : null,
    lastActivityUs: row.activeUs <= scope.asOfUs ? row.activeUs : (lastTouchUs ?? row.enteredUs),
    seconds: (row.untilUs - row.enteredUs) / 1e6,
    segment: row.values.map((value, i) => `${scope.journey.segments[i]}:${value}`).join(' '),
  };
}
