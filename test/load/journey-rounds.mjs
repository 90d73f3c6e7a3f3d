// Deriving journeys: everything in ranges of keys, then rounds of dirty customers, beside a read that only gathers the same timelines.
import { defineQuery, defineStatement } from '@michinori/clickhouse';
import { deriveCustomers, deriveUnits, dropRound, hotUnits, keyRanges } from '@michinori/queries';
import { z } from 'zod';
import { day, start } from './journey-world.mjs';
import { count, median, seconds, table } from './measure.mjs';

const mark = defineStatement({
  name: 'load-mark',
  sql: `INSERT INTO dirty_units (round, unit_key, customer) SELECT {round:String}, cityHash64(customer), concat('customer-', toString(({from:UInt64} + number * 7919) % {customers:UInt64})) AS customer FROM numbers({size:UInt64})`,
});
const markOne = defineStatement({
  name: 'load-mark-one',
  sql: `INSERT INTO dirty_units (round, customer) SELECT {round:String}, {customer:String}`,
});
const hotEvents = defineStatement({
  name: 'load-hot-events',
  sql: `INSERT INTO events (occurred_at, event_id, content_hash, sequence, customer, touchpoint, channel, received_at, log, log_partition, log_offset)
SELECT fromUnixTimestamp64Micro(toInt64({start:Int64} + number * intDiv(300 * {day:Int64}, {size:UInt64})), 'UTC') AS at, concat('hot-', toString(number)), sipHash64('hot', number), 0, {customer:String},
  multiIf(number % 1000 = 0, 'contract.signed', number % 1000 = 300, 'app.invited_colleague', number % 1000 = 900, 'contract.renewed', ['app.opened', 'feature.core_used', 'page.docs'][1 + sipHash64(number) % 3]), 'app', at, 'events@hot', 0, number
FROM numbers({size:UInt64})`,
});

// What every derivation has to read, gathered per customer: the engine's own limit.
const columns = 'occurred_at, sequence, content_hash, received_at, event_id, touchpoint, nps, sentiment, traits';
const gather = (where) =>
  defineQuery({
    name: 'load-gather',
    sql: `SELECT sum(length(timeline)) AS events FROM (SELECT customer_key, groupArray((${columns})) AS timeline FROM events WHERE ${where} GROUP BY customer_key)`,
    params: z.record(z.string(), z.unknown()),
    row: z.object({ events: z.coerce.number() }),
  });
const gatherRound = gather('customer_key IN (SELECT unit_key FROM dirty_units WHERE round = {round:String})');
const gatherRange = gather('customer_key BETWEEN {fromKey:UInt64} AND {toKey:UInt64}');

/** Derives everything in ranges of about a million events. */
export async function measureRanges(clickhouse, { derivation, journey }) {
  const ours = { units: 0, customers: 0, gather: 0 };
  let events = 0;
  const ranges = await keyRanges(clickhouse, 'customer', { eventsPerRange: 1_000_000 });
  for (const { fromKey, toKey } of ranges) {
    const scope = { kind: 'range', fromKey, toKey };
    ours.gather += await seconds(async () => {
      const [row] = await clickhouse.query(gatherRange, { fromKey, toKey });
      events += row.events;
    });
    ours.customers += await seconds(() => deriveCustomers(clickhouse, scope));
    ours.units += await seconds(() => deriveUnits(clickhouse, { id: derivation, journey }, scope));
  }
  return [['everything, in ranges', events, ours.units, ours.customers, ours.gather]];
}

async function measureScope(clickhouse, { derivation, journey }, round) {
  const scope = { kind: 'round', round };
  let events = 0;
  const gatherSeconds = await seconds(async () => {
    const [row] = await clickhouse.queryOnWriter(gatherRound, { round });
    events = row.events;
  });
  const customersSeconds = await seconds(() => deriveCustomers(clickhouse, scope));
  const unitsSeconds = await seconds(() => deriveUnits(clickhouse, { id: derivation, journey }, scope));
  await dropRound(clickhouse, round);
  return [events, unitsSeconds, customersSeconds, gatherSeconds];
}

const medians = (turns) => turns[0].map((_, column) => median(turns.map((turn) => turn[column])));

/** Rounds of dirty customers of some sizes; leaves their rows unmerged. */
export async function measureRounds(clickhouse, target, { customers, sizes, turns = 3 }) {
  const rows = [];
  for (const size of sizes.filter((one) => one <= customers)) {
    const measured = [];
    for (let turn = 0; turn <= turns; turn += 1) {
      const round = `load-${size}-${turn}`;
      await clickhouse.command(mark, { round, from: turn * size, size, customers });
      const one = await measureScope(clickhouse, target, round);
      if (turn > 0) measured.push(one);
    }
    rows.push([`a round of ${count(size)} customers`, ...medians(measured)]);
  }
  return rows;
}

/** A round of many customers, one of a customer with a very long timeline, one of both; and finding who is hot. */
export async function measureHot(
  clickhouse,
  target,
  { customers, size = 20_000, hotEvents: hotSize = 100_000, turns = 3 },
) {
  const others = Math.min(size, customers);
  const customer = 'customer-hot';
  await clickhouse.command(hotEvents, { customer, size: hotSize, start, day });
  const scopes = {
    [`${count(others)} customers`]: { others, hot: false },
    [`one customer of ${count(hotSize)} events`]: { others: 0, hot: true },
    'both in one round': { others, hot: true },
  };
  const rows = [];
  const finding = [];
  for (const [name, { others: marked, hot }] of Object.entries(scopes)) {
    const measured = [];
    for (let turn = 0; turn <= turns; turn += 1) {
      const round = `hot-${marked}-${hot}-${turn}`;
      if (marked > 0) await clickhouse.command(mark, { round, from: turn, size: marked, customers });
      if (hot) await clickhouse.command(markOne, { round, customer });
      const findSeconds = await seconds(() =>
        hotUnits(clickhouse, 'customer', { kind: 'round', round }, { eventsMin: 10_000 }),
      );
      const one = await measureScope(clickhouse, target, round);
      if (turn === 0) continue;
      measured.push(one);
      finding.push(findSeconds);
    }
    rows.push([name, ...medians(measured)]);
  }
  return { rows, findSeconds: median(finding) };
}

/** The table of rows `[what, events, seconds of journeys, of the table of customers, of the gathering]`. */
export function roundsTable(title, rows) {
  const cells = rows.map(([what, events, unitsSeconds, customersSeconds, gatherSeconds]) => [
    what,
    count(events),
    unitsSeconds.toFixed(2),
    count(events / unitsSeconds),
    customersSeconds.toFixed(2),
    gatherSeconds.toFixed(2),
    (unitsSeconds / gatherSeconds).toFixed(2),
  ]);
  return table(
    [title, 'events', 'journey, s', 'events/s', 'customers, s', 'gathering alone, s', 'journey ÷ gathering'],
    cells,
  );
}
