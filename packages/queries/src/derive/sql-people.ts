import type { Parameters } from '../funnel/parameters.ts';
import type { UnitScope } from './scope.ts';
import { customerScopeSql } from './sql-scope.ts';

/**
 * Whose timelines a statement makes. `alone`: those of keys about which table `people` says nothing, which a shard has all by itself. `people`: those of
 * the units in it. `all`: of both.
 */
export type Crowd = 'alone' | 'people' | 'all';

/** Where events come from: `FROM … WHERE …` (a condition on `customer_key`, which superseded events have too), the key of the person behind an event, and the rank that its row has. */
export interface EventSource {
  readonly from: string;
  readonly where: string;
  /** A further condition, on the events only. */
  readonly and?: string;
  readonly person: string;
  /** `toUInt128(0)` for somebody whose rank follows from the timeline. */
  readonly rank: string;
}

/** The stored events that are needed for the units of a scope, each with its person. */
export function eventSource(
  unit: 'customer' | 'account',
  scope: UnitScope,
  crowd: Crowd,
  parameters: Parameters,
): EventSource {
  const inScope = customerScopeSql('customer_key', unit, scope, parameters);
  if (scope.people === undefined) {
    return { from: 'events', where: inScope, person: 'customer_key', rank: 'toUInt128(0)' };
  }
  const round = parameters.bind(scope.people, 'String');
  const known = `SELECT key FROM people WHERE round = ${round}`;
  if (crowd === 'alone') {
    const where = `${inScope} AND customer_key NOT IN (${known})`;
    return { from: 'events', where, person: 'customer_key', rank: 'toUInt128(0)' };
  }
  const wanted =
    crowd === 'people' ? `round = ${round} AND person_key GLOBAL IN (${known} AND is_unit)` : `round = ${round}`;
  const joined = `(SELECT key AS known_key, person_key AS known_person, rank AS known_rank FROM people WHERE ${wanted}) AS known ON events.customer_key = known.known_key`;
  const isKnown = `customer_key GLOBAL IN (SELECT key FROM people WHERE ${wanted})`;
  return crowd === 'people'
    ? {
        from: `events GLOBAL INNER JOIN ${joined}`,
        where: isKnown,
        person: 'known_person',
        rank: 'known_rank',
      }
    : {
        from: `events GLOBAL ANY LEFT JOIN ${joined}`,
        where: `(${inScope} OR ${isKnown})`,
        person: 'if(known_person = 0, customer_key, known_person)',
        rank: 'known_rank',
      };
}

/** SQL of the units of table `people` that are somebody else by now: their rows hold nothing any more. `key, rank, customer, anonymous`. */
export function absorbedSql(people: string, parameters: Parameters): string {
  return `SELECT key, rank, customer, anonymous FROM people
WHERE round = ${parameters.bind(people, 'String')} AND is_unit AND person_key != key AND (customer != '' OR anonymous != '')`;
}
