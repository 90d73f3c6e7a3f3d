import { defineStatement } from '@michinori/clickhouse';
import { type HealthTest, healthDefault } from '@michinori/journey';
import { openHealthReading } from '@michinori/queries';
import { temporaryClickHouse } from '@michinori/testing';
import { test } from 'vitest';
import { asOfUs, fillTable, journey } from './journey-table.ts';

const units = Number(process.env.MICHINORI_BENCH_UNITS ?? 1_000_000);
const eventsPerUnit = 4;
const dayUs = 86_400_000_000;

// Events of everybody over 80 days, of eight touchpoints; a third of them with a sentiment.
const fill = defineStatement({
  name: 'bench-fill-events',
  sql: `INSERT INTO events (occurred_at, event_id, content_hash, customer, touchpoint, sentiment, nps, received_at, log, log_partition, log_offset)
SELECT fromUnixTimestamp64Micro({asOf:Int64} - toInt64(cityHash64(number, 7) % 80) * 86400000000 - toInt64(cityHash64(number, 8) % 86400) * 1000000, 'UTC') AS at,
  toString(number), cityHash64(number), toString(number % {units:UInt64}), concat('t', toString(cityHash64(number, 9) % 8)),
  if(number % 3 = 0, (cityHash64(number, 5) % 21) / 10 - 1, NULL), if(number % 11 = 0, cityHash64(number) % 11, NULL), at, 'bench', 0, number
FROM numbers({from:UInt64}, {count:UInt64})`,
});

const where = { where: [] };
const tests: HealthTest[] = [
  { kind: 'idle', touchpoint: '*', ...where, forUs: 7 * dayUs },
  { kind: 'idle', touchpoint: 't1', ...where, forUs: 14 * dayUs },
  { kind: 'count', touchpoint: 't2', ...where, withinUs: 14 * dayUs, atLeast: 3, atMost: null },
  { kind: 'count', touchpoint: 't3', ...where, withinUs: null, atLeast: 1, atMost: null },
  { kind: 'trend', touchpoint: 't*', ...where, withinUs: 14 * dayUs, atLeast: null, atMost: 0.5, minimum: 3 },
  { kind: 'sentiment', touchpoint: '*', ...where, withinUs: 21 * dayUs, atLeast: null, atMost: -0.2, minimum: 2 },
  { kind: 'nps', class: 'detractor', withinUs: 90 * dayUs },
  { kind: 'stalled', quantile: 0.9 },
];
const scored = {
  ...journey,
  health: {
    ...healthDefault,
    rules: tests.map((each, i) => ({ id: `r${i}`, title: {}, points: -5, test: each })),
    goldenTime: { milestones: ['t4'], withinUs: 14 * dayUs },
  },
};

test('the facts of everybody', { timeout: 3_600_000 }, async (context) => {
  const clickhouse = await temporaryClickHouse(context, { readers: 2 });
  await fillTable(clickhouse, units);
  for (let from = 0; from < units * eventsPerUnit; from += 1_000_000) {
    const count = Math.min(1_000_000, units * eventsPerUnit - from);
    await clickhouse.insertSelect(fill, { asOf: asOfUs, units, from, count });
  }
  const [before, began] = [process.cpuUsage(), performance.now()];
  const reading = await openHealthReading(clickhouse, { derivation: 1, journey: scored }, asOfUs);
  const openedMs = performance.now() - began;
  let facts = 0;
  for (const page of reading.pages) facts += (await reading.read(page)).length;
  const { user, system } = process.cpuUsage(before);
  const { heapUsed, rss } = process.memoryUsage();
  console.info({
    ...{ units, events: units * eventsPerUnit, present: reading.units, facts, pages: reading.pages.length, openedMs },
    ...{
      wallMs: performance.now() - began,
      cpuMs: (user + system) / 1000,
      heapMiB: heapUsed >> 20,
      rssMiB: rss / 2 ** 20,
    },
  });
});
