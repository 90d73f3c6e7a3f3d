import type { Parameters } from '../funnel/parameters.ts';
import { type EventLayout, eventLayout, flagPart, numberPart } from './event-layout.ts';
import type { DerivePlan } from './plan.ts';
import type { EventSource } from './sql-people.ts';
import { eventRows } from './sql-rows.ts';

/**
 * Sorts `raw` (arrays of event tuples) into `events` in canonical order. Numbers decide; ids are compared only in units where
 * two different events share an instant.
 */
export function sortedEvents(source: string): string {
  const { instant, content } = numberPart;
  const ambiguous = `arrayExists((n, before) -> ${instant('n')} = ${instant('before')} AND ${content('n')} != ${content('before')}, by_number.1, arrayShiftRight(by_number.1, 1, toUInt256(0)))`;
  const byId = `arraySort(e -> (${instant('e.1')}, e.2, e.1), if(ambiguous, by_number, []))`;
  return `SELECT * EXCEPT (by_number, ambiguous), if(ambiguous, ${byId}, by_number) AS events
FROM (\nSELECT *, ${ambiguous} AS ambiguous\nFROM (\nSELECT * EXCEPT raw, arraySort(e -> e.1, raw) AS by_number\nFROM (\n${source}\n)\n)\n)`;
}

function zip(columns: readonly string[]): string {
  return `arrayZip(${columns.join(', ')})`;
}

/**
 * Per person: `person_key, unit_customer, unit_anonymous`, the rank that table `people` knows (else 0) or what the events add to one (`weight`, `losers`), and
 * `events`, sorted, without copies and superseded contents. With accounts also `named`, the accounts that any of the events carries.
 */
export function customerTimelines(plan: DerivePlan, source: EventSource, parameters: Parameters): string {
  const { fields } = eventLayout(plan, 'customer');
  const grouped = `SELECT person_key, max(own_rank) AS known_rank, max(own_customer) AS unit_customer, max(own_anonymous) AS unit_anonymous, ${fields.map((field) => `groupArray(${field}) AS all_${field}`).join(', ')}
FROM (\n${eventRows(plan, source, parameters)}\n)
GROUP BY person_key`;
  const zipped = `SELECT person_key, known_rank, unit_customer, unit_anonymous, ${plan.journey.unit === 'account' ? 'arrayDistinct(all_account) AS named, ' : ''}${zip(fields.map((field) => `all_${field}`))} AS raw
FROM (\n${grouped}\n)`;
  const compact = `SELECT * EXCEPT events, arrayCompact(e -> ${numberPart.content('e.1')}, events) AS contents
FROM (\n${sortedEvents(zipped)}\n)`;
  return `SELECT * EXCEPT contents,
  arraySum(arrayMap(n -> toUInt128(4503599627370496) - ${numberPart.receivedUs('n')}, contents.1)) AS weight,
  arrayCount(n -> ${flagPart.superseded('n')}, contents.1) AS losers,
  arrayFilter(e -> NOT ${flagPart.superseded('e.1')}, contents) AS events
FROM (\n${compact}\n)`;
}

/** Replaces fields of the event tuples by other arrays. */
export function withFields(layout: EventLayout, replaced: ReadonlyMap<string, string>): string {
  return zip(layout.fields.map((field) => replaced.get(field) ?? layout.at('events', field)));
}
