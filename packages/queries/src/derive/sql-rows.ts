import type { Parameters } from '../funnel/parameters.ts';
import { filterSql, ownSubject, touchpointSql } from '../funnel/sql-match.ts';
import { eventNumber } from './event-layout.ts';
import type { DerivePlan, PlannedRule } from './plan.ts';
import type { EventSource } from './sql-people.ts';

function ownMatch({ touchpoint, own }: PlannedRule, parameters: Parameters): string {
  const resolve = ownSubject(parameters);
  const conditions = [touchpointSql([touchpoint], parameters), ...own.map((f) => filterSql(f, resolve, parameters))];
  return `(${conditions.join(' AND ')})`;
}

/** The number of the first of the rules that matches, 0 for none. */
function firstMatch(rules: readonly PlannedRule[], value: (rule: PlannedRule) => number, parameters: Parameters) {
  if (rules.length === 0) return '0';
  return `multiIf(${rules.map((rule) => `${ownMatch(rule, parameters)}, ${value(rule)}`).join(', ')}, 0)`;
}

/**
 * One row per stored copy of an event of the source, with all that its row can say: the number (see `event-layout`), which rules fit,
 * traits that it sets (`=` before the value, `''` when not set). Superseded contents are in it, flagged.
 */
export function eventRows(plan: DerivePlan, source: EventSource, parameters: Parameters): string {
  const { activity } = plan.journey;
  const stages = plan.plain.filter(({ target }) => target === 'stage').reverse();
  const exits = plan.plain.filter(({ target }) => target === 'exit');
  const laterExits = plan.later.flatMap(({ target }, i) => (target === 'exit' ? [`fit_${i}`] : []));
  const maybeExit = ['plain_exit', ...laterExits].map((column) => `${column} != 0`).join(' OR ');
  const superseded = `content_hash IN (SELECT content_hash FROM superseded_events WHERE ${source.where})`;
  const flags = [
    firstMatch(stages, ({ number }) => number, parameters),
    '256 * plain_exit',
    activity === 'any' ? '65536' : "65536 * (direction != 'outbound')",
    `131072 * (${superseded})`,
  ];
  const columns = [
    `${source.person} AS person_key`,
    `if(customer_key = person_key, ${source.rank}, toUInt128(0)) AS own_rank`,
    "if(customer_key = person_key, customer, '') AS own_customer",
    "if(customer_key = person_key, anonymous, '') AS own_anonymous",
    'event_id AS id',
    'toString(touchpoint) AS name',
    'toInt8(ifNull(nps, -1)) AS score',
    'ifNull(sentiment, 2.) AS mood',
    `${firstMatch(exits, ({ number }) => 256 - number, parameters)} AS plain_exit`,
    ...plan.later.map((rule, i) => `toUInt8(${ownMatch(rule, parameters)}) AS fit_${i}`),
    ...plan.traits.map((name, i) => {
      const key = parameters.bind(name, 'String');
      return `if(mapContains(traits, ${key}), concat('=', traits[${key}]), '') AS trait_${i}`;
    }),
    ...plan.reasons.map(
      (name, i) => `if(${maybeExit}, properties[${parameters.bind(name, 'String')}], '') AS reason_${i}`,
    ),
    ...(plan.withAccounts ? ['account'] : []),
    `toUInt32(${flags.join(' + ')}) AS flags`,
    `${eventNumber} AS number`,
  ];
  const also = source.and === undefined ? '' : ` AND ${source.and}`;
  return `SELECT ${columns.join(', ')}\nFROM ${source.from}\nWHERE ${source.where}${also}`;
}
