// A journey of five stages and the events of its customers, made inside ClickHouse; the same in every run.
import { defineStatement } from '@michinori/clickhouse';
import { parseJourneys } from '@michinori/journey';

export const day = 86_400_000_000;
/** The first events, and the instant of all questions, µs. */
export const start = Date.UTC(2025, 0, 1) * 1000;
export const asOf = start + 400 * day;
export const eventsPerCustomer = 20;

const source = (id) => `
journey: ${id}
version: 1
unit: customer
timezone: Asia/Tokyo
personas:
  - { id: ops-lead, where: { trait: role, in: [ops, admin] } }
  - { id: decision-maker, where: { trait: role, eq: manager } }
segments: [plan, region, persona]
stages:
  - { id: onboarding, enter: [{ touchpoint: contract.signed }], touchpoints: [training.attended, app.first_login], lost_after: 30d, horizon: 30d }
  - id: adoption
    enter: [{ touchpoint: feature.core_used, count: 3, within: 7d }, { touchpoint: app.invited_colleague }]
    lost_after: 30d
    horizon: 30d
  - { id: value, enter: [{ touchpoint: value.milestone }], lost_after: 30d, horizon: 60d }
  - { id: expansion, enter: [{ touchpoint: contract.expanded }], lost_after: 30d, horizon: 60d }
  - { id: renewal, enter: [{ touchpoint: contract.renewed }], terminal: true }
exit: [{ touchpoint: contract.cancelled, reason: { property: reason } }]
`;

/** The journey's definition, checked, and its text. */
export function journeyOf(id = 'customer-success') {
  const parsed = parseJourneys(source(id), { file: `${id}.yaml` });
  if (parsed.outcome !== 'ok') throw new Error(JSON.stringify(parsed.problems));
  return parsed.journeys[0];
}

// Event j of customer c; `luck` is drawn per customer, `dice` per event. A customer gets as far as `depth` stages; those who don't
// get to the end fall silent, cancel, or go on in the stage.
const generate = defineStatement({
  name: 'load-generate-journeys',
  sql: `INSERT INTO events (customer_key, occurred_at, event_id, content_hash, sequence, customer, touchpoint, channel, direction, sentiment, nps, properties, traits, received_at, log, log_partition, log_offset)
WITH number % {customers:UInt64} AS c, intDiv(number, {customers:UInt64}) AS j, sipHash64(c, 1) AS luck, sipHash64(number, 2) AS dice,
  [2, 3, 3, 4, 4, 5, 5, 5, 5, 5][1 + luck % 10] AS depth, intDiv(luck, 10) % 3 AS fate, (3 + intDiv(luck, 30) % 7) * toInt64({day:Int64}) AS step,
  [0, 3 + intDiv(luck, 210) % 3, 7 + intDiv(luck, 630) % 3, 12 + intDiv(luck, 1890) % 3, 17] AS entries, indexOf(entries, j) AS entering,
  fate = 1 AND depth < 5 AND j > entries[depth] + 1 AS late,
  intDiv(dice, 1000) % 1000 AS kind,
  multiIf(entering > 0 AND entering <= depth, ['contract.signed', 'app.invited_colleague', 'value.milestone', 'contract.expanded', 'contract.renewed'][entering],
    j = 19 AND depth = 5 AND fate = 0, 'contract.signed', j = 16 AND depth < 5 AND fate = 0, 'contract.cancelled', kind < 20, 'nps.answered', kind < 50, 'nps.asked',
    ['app.opened', 'feature.core_used', 'page.docs', 'report.exported', 'training.attended', 'app.first_login', 'setup.completed', 'ticket.opened', 'newsletter.opened', 'app.error_shown', 'page.pricing', 'webinar.attended', 'call.held'][1 + toUInt8(pow(dice % 1000 / 1000, 1.7) * 13)]) AS name
SELECT cityHash64(customer), fromUnixTimestamp64Micro(toInt64({start:Int64} + luck % (200 * {day:Int64}) + j * step + dice % step + late * 40 * {day:Int64}), 'UTC') AS at,
  concat('evt-', toString(number)), sipHash64(number), 0, concat('customer-', toString(c)) AS customer, name, ['app', 'mail', 'web', 'call'][1 + dice % 4],
  if(dice % 5 = 0, 'outbound', 'inbound'), if(intDiv(dice, 7) % 10 = 0, toInt64(intDiv(dice, 70) % 201) / 100 - 1, NULL), if(name = 'nps.answered', toUInt8(intDiv(dice, 11) % 11), NULL),
  if(name = 'contract.cancelled', map('reason', ['price', 'missing feature', 'left'][1 + dice % 3]), map('page', toString(dice % 100))),
  if(j = 0 OR name LIKE 'contract.%', map('plan', ['free', 'pro', 'team'][1 + (intDiv(luck, 5670) + (j > 10)) % 3], 'region', ['emea', 'apac', 'amer', 'jp', 'latam'][1 + intDiv(luck, 17010) % 5],
    'role', ['ops', 'manager', 'analyst'][1 + intDiv(luck, 85050) % 3]), map()), at, 'events@load', 0, number
FROM numbers({from:UInt64}, {size:UInt64})`,
});

/** Writes the events of the customers in parts as they would arrive: each holds the next few events of everybody. */
export async function writeEvents(clickhouse, { customers }) {
  const events = customers * eventsPerCustomer;
  const size = Math.max(100_000, Math.min(1_000_000, events / 10));
  for (let from = 0; from < events; from += size) {
    await clickhouse.command(generate, { customers, from, size: Math.min(size, events - from), start, day });
  }
  return events;
}
