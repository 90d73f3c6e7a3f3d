import { type ClickHouse, defineStatement } from '@michinori/clickhouse';
import { funnelRequest, noteIdentities, runFunnel } from '@michinori/queries';
import { temporaryClickHouse } from '@michinori/testing';
import { test } from 'vitest';

const events = Number(process.env.MICHINORI_BENCH_EVENTS ?? 5_000_000);
const rounds = Number(process.env.MICHINORI_BENCH_ROUNDS ?? 7);

// 25 events a person, half a minute apart. With a share of anonymous traffic, the first events of every person (that share of them) carry the
// anonymous id of its device alone, the next one both ids.
const fill = defineStatement({
  name: 'bench-fill-events',
  sql: `INSERT INTO events (customer_key, occurred_at, event_id, content_hash, sequence, customer, anonymous, account, touchpoint, channel, team, direction,
  topic, sentiment, nps, amount, currency, properties, traits, received_at, dialect, log, log_partition, log_offset)
SELECT cityHash64(if(customer != '', customer, concat('\\0', anonymous))), at, concat('e', toString(number)), cityHash64(number), 0, customer, anonymous, '',
  concat('step-', toString(1 + cityHash64(number, 7) % 6)), 'app', '', '', '', NULL, NULL, NULL, '', map('page', toString(number % 50)),
  map(), at + INTERVAL 1 SECOND, 'native', 'events@bench', 0, number
FROM (
  SELECT number, intDiv(number, 25) AS person, number % 25 AS nth,
    if(nth < 25 * {share:Float64}, '', concat('customer-', toString(person))) AS customer,
    if(nth <= ceil(25 * {share:Float64}) AND {share:Float64} > 0, concat('device-', toString(person)), '') AS anonymous,
    toDateTime64('2026-01-01 00:00:00', 6, 'UTC') + toIntervalSecond(person % 2000000 + nth * 30) AS at
  FROM numbers({events:UInt64})
)`,
});

const request = funnelRequest.parse({
  steps: [{ touchpoint: 'step-1' }, { touchpoint: 'step-2' }, { touchpoint: 'step-3' }],
  window: { value: 14, unit: 'day' },
  from: '2026-01-01T00:00:00Z',
  to: '2026-03-01T00:00:00Z',
});
const filtered = { ...request, filter: [{ property: 'page', op: 'neq' as const, value: '3' }] };
const now = Date.UTC(2026, 2, 1) * 1000;

const swapped = ['events', 'identity_links', 'identity_claims', 'identity_owners', 'identity_members'];
const run = (clickhouse: ClickHouse, sql: string, params = {}) =>
  clickhouse.command(defineStatement({ name: 'bench-command', sql }), params);

/** Puts the other tables in the place of those that are asked: a process has one data folder. */
async function swap(clickhouse: ClickHouse): Promise<void> {
  for (const table of swapped) await run(clickhouse, `EXCHANGE TABLES ${table} AND other_${table}`);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}

/** Median of the ratios of turns: mixed to plain. */
function ratioOf([mixed, plain]: readonly [number[], number[]]): number {
  return Number(median(mixed.map((value, i) => value / (plain[i] ?? 0))).toFixed(2));
}

test('what anonymous traffic costs a funnel', { timeout: 3_600_000 }, async (context) => {
  const clickhouse = await temporaryClickHouse(context, { readers: 1 });
  for (const table of swapped) await run(clickhouse, `CREATE TABLE other_${table} AS ${table}`);
  let notedMs = 0;
  for (const share of [0, 0.3]) {
    await swap(clickhouse);
    await clickhouse.insertSelect(fill, { share, events });
    await run(clickhouse, 'OPTIMIZE TABLE events FINAL');
    const began = performance.now();
    await noteIdentities(clickhouse, { kind: 'range', fromKey: 0n, toKey: 2n ** 64n - 1n });
    notedMs = Math.round(performance.now() - began);
  }
  const asked = [
    ['three steps', request],
    ['with a filter', filtered],
    ['strict', { ...request, order: 'strict' as const }],
  ] as const;
  for (const [name, question] of asked) {
    const wallMs: [number[], number[]] = [[], []];
    const cpuMs: [number[], number[]] = [[], []];
    const answers: unknown[] = [];
    // In turns, and compared turn by turn, so that whatever else the machine does falls on both alike. The mixed events are asked first.
    for (let round = 0; round < 2 * rounds; round++) {
      const kind = round % 2 === 0 ? 0 : 1;
      const cpu = process.cpuUsage();
      const began = performance.now();
      const { rows } = await runFunnel(clickhouse, question, { now, limits: { timeMsMax: 600_000 } });
      wallMs[kind].push(performance.now() - began);
      const { user, system } = process.cpuUsage(cpu);
      cpuMs[kind].push((user + system) / 1000);
      answers[kind] = rows.map(({ customers }) => customers);
      await swap(clickhouse);
    }
    const [mixedCustomers, plainCustomers] = answers;
    const figures = { name, events, rounds, ratio: ratioOf(wallMs), cpuRatio: ratioOf(cpuMs) };
    const medians = { plainMs: Math.round(median(wallMs[1])), mixedMs: Math.round(median(wallMs[0])) };
    process.stdout.write(`${JSON.stringify({ ...figures, ...medians, plainCustomers, mixedCustomers, notedMs })}\n`);
  }
});
