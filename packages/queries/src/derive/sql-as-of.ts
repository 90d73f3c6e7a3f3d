import { type Filter, filterSubject } from '../funnel/filter.ts';
import type { Parameters } from '../funnel/parameters.ts';
import { filterSql, type SubjectResolver } from '../funnel/sql-match.ts';
import { eventLayout } from './event-layout.ts';
import type { DerivePlan } from './plan.ts';
import { withFields } from './sql-timelines.ts';

/** SQL of a trait array's value and presence; see `sql-rows` for the `=`. */
export function traitValue(encoded: string): { readonly value: string; readonly present: string } {
  return { value: `substring(${encoded}, 2)`, present: `(${encoded} != '')` };
}

/**
 * Per customer, carries forward the traits and the account that rules look at, and narrows the fits of those rules. The account of every
 * event becomes the one in force.
 */
export function withAsOf(plan: DerivePlan, timelines: string, parameters: Parameters): string {
  const needed = plan.later.flatMap(({ asOf }) => asOf.map(filterSubject));
  if (needed.length === 0 && !plan.withAccounts) return timelines;
  const layout = eventLayout(plan, 'customer');
  const carriedTraits = plan.traits.flatMap((name, i) =>
    needed.some((subject) => subject.kind === 'trait' && subject.name === name) ? [`trait_${i}`] : [],
  );
  const carried = [...carriedTraits, ...(plan.withAccounts ? ['account'] : [])];
  const resolve: SubjectResolver = (subject) => {
    if (subject.kind === 'account') return { value: 'account', present: "(account != '')" };
    return traitValue(`trait_${plan.traits.indexOf('name' in subject ? subject.name : '')}`);
  };
  const narrowed = plan.later.flatMap(({ asOf }, i): readonly (readonly [string, string])[] => {
    if (asOf.length === 0) return [];
    const holds = asOf.map((filter: Filter) => filterSql(filter, resolve, parameters)).join(' AND ');
    const arrays = [layout.at('events', `fit_${i}`), ...carried.map((field) => `carried_${field}`)];
    const sql = `arrayMap((${['fit', ...carried].join(', ')}) -> toUInt8(fit != 0 AND ${holds}), ${arrays.join(', ')})`;
    return [[`fit_${i}`, sql]];
  });
  const replaced = new Map([...narrowed, ...(plan.withAccounts ? [['account', 'carried_account'] as const] : [])]);
  const fills = carried.map(
    (field) => `arrayFill(value -> value != '', ${layout.at('events', field)}) AS carried_${field}`,
  );
  return `SELECT * EXCEPT (${['events', ...carried.map((field) => `carried_${field}`)].join(', ')}), ${withFields(layout, replaced)} AS events
FROM (\nSELECT *, ${fills.join(', ')}\nFROM (\n${timelines}\n)\n)`;
}
