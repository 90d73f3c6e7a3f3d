// Funnels as the API asks them, beside `windowFunnel` over the same rows, in turns, in one run. `windowFunnel` knows no
// duplicates, no late copies, no open customers and no times; it is the engine's own limit for counting levels.
// node test/load/funnel.mjs [events] [turns]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectEmbedded, defineQuery, defineStatement, integerColumn, migrate } from '@michinori/clickhouse';
import { funnelRequest, runFunnel } from '@michinori/queries';
import { z } from 'zod';
import { count, median, seconds, table } from './measure.mjs';

const day = 86_400_000_000;
const start = Date.UTC(2026, 0, 1) * 1000;
const spanDays = 120;
const now = start + 400 * day;

/** 20 events per customer, 20 touchpoints, 120 days; every second event carries the account. */
const generate = defineStatement({
  name: 'load-generate',
  sql: `INSERT INTO events (customer_key, occurred_at, event_id, content_hash, sequence, customer, account, touchpoint, channel, properties, traits, received_at, log, log_partition, log_offset)
SELECT cityHash64(customer), fromUnixTimestamp64Micro(toInt64({start:Int64} + rand64(2) % {span:Int64}), 'UTC') AS at, concat('evt-', toString(number)), sipHash64(number),
  0, concat('c-', toString(rand(1) % intDiv({events:UInt64}, 20))) AS customer, if(rand(3) % 2 = 0, '', concat('acc-', toString(cityHash64(customer) % intDiv({events:UInt64}, 200)))),
  concat('tp.', leftPad(toString(toUInt8(pow(rand(4) / 4294967296, 1.5) * 20)), 2, '0')), ['app', 'mail', 'web'][1 + rand(5) % 3],
  map('plan', ['free', 'pro', 'team'][1 + rand(6) % 3], 'page', toString(rand(7) % 100)), if(rand(8) % 10 = 0, map('region', ['emea', 'apac', 'amer'][1 + rand(9) % 3]), map()),
  at, 'events@load', 0, number
FROM numbers({from:UInt64}, {size:UInt64})`,
});

const steps = (...names) => names.map((touchpoint) => ({ touchpoint }));
const range = {
  from: new Date(start / 1000).toISOString(),
  to: new Date((start + spanDays * day) / 1000).toISOString(),
};
const window = { value: 14, unit: 'day' };
const three = { steps: steps('tp.02', 'tp.05', 'tp.09'), window, ...range };
const questions = {
  '3 steps': three,
  '5 steps': { ...three, steps: steps('tp.02', 'tp.05', 'tp.09', 'tp.04', 'tp.07') },
  '3 steps by property': { ...three, breakdown: { by: 'property:plan' } },
  '3 steps by trait': { ...three, breakdown: { by: 'trait:region' } },
  '3 steps, weekly trend': { ...three, trend: { interval: 'week' } },
  '3 steps, exclusion': { ...three, exclude: [{ touchpoint: 'tp.11' }] },
  '3 steps, within 3 days each': {
    ...three,
    steps: three.steps.map((step, i) => (i === 0 ? step : { ...step, within: { value: 3, unit: 'day' } })),
  },
  '3 steps, any order': { ...three, order: 'any' },
  '3 steps, strict': { ...three, order: 'strict' },
  '3 steps by account': { ...three, unit: 'account' },
};

const windowFunnelOf = (names) =>
  defineQuery({
    name: 'load-window-funnel',
    sql: `SELECT level, count() AS customers FROM (
  SELECT customer_key, windowFunnel({window:UInt64})(toUInt64(toUnixTimestamp64Micro(occurred_at)), ${names.map((_, i) => `touchpoint = {t${i}:String}`).join(', ')}) AS level
  FROM events WHERE touchpoint IN {names:Array(String)} GROUP BY customer_key
) GROUP BY level`,
    params: z.record(z.string(), z.unknown()),
    row: z.object({ level: integerColumn, customers: integerColumn }),
  });

/** Milliseconds of each question at a size, and of windowFunnel with as many steps. */
export async function measureFunnels({ events = 1_000_000, turns = 5 } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'michinori-load-'));
  const clickhouse = await connectEmbedded({ path: folder });
  await migrate(clickhouse);
  const size = 1_000_000;
  for (let from = 0; from < events; from += size) {
    await clickhouse.command(generate, {
      events,
      from,
      size: Math.min(size, events - from),
      start,
      span: spanDays * day,
    });
  }
  await clickhouse.command(defineStatement({ name: 'merge', sql: 'OPTIMIZE TABLE events FINAL' }));
  const limits = { timeMsMax: 300_000, memoryBytesMax: 12 * 2 ** 30 };
  const rows = [];
  for (const [name, body] of Object.entries(questions)) {
    const request = funnelRequest.parse(body);
    const names = body.steps.map(({ touchpoint }) => touchpoint);
    const oracle = windowFunnelOf(names);
    const params = { window: 14 * day, names, ...Object.fromEntries(names.map((name, i) => [`t${i}`, name])) };
    const ours = [];
    const engine = [];
    for (let turn = 0; turn <= turns; turn += 1) {
      const engineSeconds = await seconds(() => clickhouse.query(oracle, params, { limits }));
      const oursSeconds = await seconds(() => runFunnel(clickhouse, request, { now, limits }));
      if (turn === 0) continue;
      engine.push(engineSeconds);
      ours.push(oursSeconds);
    }
    const [a, b] = [median(ours), median(engine)];
    rows.push([name, Math.round(a * 1000), Math.round(b * 1000), (a / b).toFixed(2)]);
  }
  await clickhouse.close();
  await rm(folder, { recursive: true, force: true });
  return table([`funnel over ${count(events)} events`, 'ms', '`windowFunnel`, ms', 'ratio'], rows);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [events = 1_000_000, turns = 5] = process.argv.slice(2).map(Number);
  console.log(await measureFunnels({ events, turns }));
}
