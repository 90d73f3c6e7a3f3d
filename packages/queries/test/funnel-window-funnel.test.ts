import { type ClickHouse, defineQuery } from '@michinori/clickhouse';
import { type FunnelRequest, funnelRequest } from '@michinori/queries';
import {
  copiesOf,
  type EventCopy,
  insertDeliveries,
  referenceFunnel,
  temporaryClickHouse,
  type World,
  worlds,
} from '@michinori/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { askRows } from './funnel-question.ts';

// windowFunnel means the same as a sequential funnel when no two events of a customer share an instant and no event
// matches two steps. It is the engine's own code, so it is a third opinion beside the SQL and the reference.
const levels = defineQuery({
  name: 'window-funnel-levels',
  sql: `SELECT countIf(level >= 1) AS one, countIf(level >= 2) AS two, countIf(level >= 3) AS three
        FROM (
          SELECT windowFunnel({windowUs:UInt64})(
            toUInt64(toUnixTimestamp64Micro(occurred_at)),
            touchpoint = {first:String}, touchpoint = {second:String}, touchpoint = {third:String}) AS level
          FROM events FINAL
          WHERE content_hash NOT IN (SELECT content_hash FROM superseded_events)
          GROUP BY customer_key
        )`,
  params: z.object({ windowUs: z.number(), first: z.string(), second: z.string(), third: z.string() }),
  row: z.object({ one: z.coerce.number(), two: z.coerce.number(), three: z.coerce.number() }),
});

// Customers are one id each, because the engine groups by the stored key.
function withoutTies(world: World): World {
  const places = new Map<string, number>();
  const copies = world.copies.map((copy) => {
    const place = places.get(copy.id) ?? places.size;
    places.set(copy.id, place);
    return { ...copy, offUs: place, anonymous: copy.customer === null ? copy.anonymous : null };
  });
  return { ...world, copies };
}

function requestFor(steps: readonly string[], windowUs: number): FunnelRequest {
  return funnelRequest.parse({
    steps: steps.map((touchpoint) => ({ touchpoint })),
    window: { value: windowUs / 1e6, unit: 'second' },
    from: '2010-01-01T00:00:00Z',
    to: '2029-12-31T00:00:00Z',
    asOf: '2040-01-01T00:00:00Z',
  });
}

async function opinions(
  clickhouse: ClickHouse,
  copies: readonly EventCopy[],
  steps: readonly string[],
  windowUs: number,
) {
  const [first = '', second = '', third = ''] = steps;
  const request = requestFor(steps, windowUs);
  const asOfUs = Date.UTC(2040, 0) * 1000;
  const [engine] = await clickhouse.query(levels, { windowUs, first, second, third });
  const sql = await askRows(clickhouse, request, asOfUs);
  const count = (rows: readonly { customers: number }[]) => rows.map(({ customers }) => customers);
  return {
    engine: engine && [engine.one, engine.two, engine.three],
    sql: count(sql.rows),
    reference: count(referenceFunnel(copies, request, asOfUs).rows),
  };
}

it('agrees with windowFunnel where the two mean the same', async (context) => {
  const clickhouse = await temporaryClickHouse(context);
  const copies = fc
    .sample(worlds, { seed: 3, numRuns: 300 })
    .flatMap((world, index) => copiesOf(withoutTies(world), `w${index}-`));
  await insertDeliveries(clickhouse, [copies]);
  const orders = [
    ['A', 'B', 'C'],
    ['C', 'A', 'B'],
    ['B', 'A', 'Z'],
    ['AB', 'C', 'A'],
  ];
  for (const steps of orders) {
    for (const windowUs of [2e6, 7200e6 + 5, 5 * 86_400e6, 900 * 86_400e6]) {
      const { engine, sql, reference } = await opinions(clickhouse, copies, steps, windowUs);
      expect(sql).toEqual(reference);
      expect(engine).toEqual(reference);
      expect(reference[0]).toBeGreaterThan(0);
    }
  }
  const { reference } = await opinions(clickhouse, copies, ['A', 'B', 'C'], 900 * 86_400e6);
  expect(reference[2]).toBeGreaterThan(20);
});
