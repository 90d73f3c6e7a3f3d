import { type ClickHouse, defineQuery } from '@michinori/clickhouse';
import type { EventLog } from '@michinori/event-log';
import {
  type Definition,
  definitionKey,
  definitionsTopic,
  encodeDefinition,
  type TouchpointEvent,
} from '@michinori/events';
import { activeDerivation, type DerivationRow, readDerivations } from '@michinori/queries';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import { buildProcessor, receivedAtUs, settled, type TestProcessorOptions, touchpoint } from './world.ts';

export const patience = { timeout: 90_000, interval: 20 };

/** A journey from `opened` over `used` to `bought`, which is the end. */
export function journeySource(journey: string, { version = 1, unit = 'customer', used = 'used' } = {}): string {
  return `journey: ${journey}
version: ${version}
title: { en: Test }
unit: ${unit}
timezone: UTC
segments: [plan]
stages:
  - id: first
    enter: [{ touchpoint: opened }]
    lost_after: 30d
  - id: second
    enter: [{ touchpoint: ${used} }]
  - id: third
    enter: [{ touchpoint: bought }]
    terminal: true
exit: [{ touchpoint: cancelled }]
`;
}

export async function define(log: EventLog, definition: Definition): Promise<void> {
  await log.append(definitionsTopic, [{ key: definitionKey(definition), value: encodeDefinition(definition) }]);
}

export async function apply(
  log: EventLog,
  journey: string,
  options: { version?: number; unit?: string; used?: string } = {},
): Promise<void> {
  const { version = 1 } = options;
  const source = journeySource(journey, options);
  await define(log, {
    kind: 'journey',
    journey,
    version,
    source,
    appliedAtUs: receivedAtUs + version,
    appliedBy: 'test',
  });
}

/** Waits until answers about a journey come from a version; answers the derivation. */
export async function answering(clickhouse: ClickHouse, journey: string, version = 1): Promise<number> {
  return vi.waitFor(async () => {
    const active = await activeDerivation(clickhouse, journey);
    expect(active?.version).toBe(version);
    return active?.derivation ?? 0;
  }, patience);
}

export async function derivationsOf(clickhouse: ClickHouse, journey: string): Promise<DerivationRow[]> {
  return (await readDerivations(clickhouse)).filter((row) => row.journey === journey);
}

const units = defineQuery({
  name: 'test_units',
  sql: `
    SELECT toString(unit_key) AS key, toJSONString(tuple(newest.*)) AS content
    FROM (
      SELECT * EXCEPT derivation FROM unit_journeys WHERE derivation = {derivation:UInt32} ORDER BY unit_key, rank DESC LIMIT 1 BY unit_key
    ) AS newest
    ORDER BY unit_key`,
  params: z.object({ derivation: z.int() }),
  row: z.object({ key: z.string(), content: z.string() }),
});

/** Everything that a derivation says, unit by unit, ranks included. */
export async function unitsOf(clickhouse: ClickHouse, derivation: number) {
  return clickhouse.queryOnWriter(units, { derivation });
}

const customers = defineQuery({
  name: 'test_customers',
  sql: `
    SELECT toString(customer_key) AS key, toJSONString(tuple(newest.*)) AS content
    FROM (SELECT * FROM customers ORDER BY customer_key, rank DESC LIMIT 1 BY customer_key) AS newest
    ORDER BY customer_key`,
  params: z.object({}),
  row: z.object({ key: z.string(), content: z.string() }),
});

export async function customersIn(clickhouse: ClickHouse) {
  return clickhouse.queryOnWriter(customers, {});
}

const paths = defineQuery({
  name: 'test_paths',
  sql: `
    SELECT if(unit = '', concat('~', anonymous), unit) AS unit, path_touchpoint AS path, length(visit_stage) AS visits
    FROM (SELECT * FROM unit_journeys WHERE derivation = {derivation:UInt32} ORDER BY unit_key, rank DESC LIMIT 1 BY unit_key)
    WHERE startsWith(unit, {prefix:String})
    ORDER BY unit`,
  params: z.object({ derivation: z.int(), prefix: z.string() }),
  row: z.object({ unit: z.string(), path: z.array(z.string()), visits: z.coerce.number() }),
});

/** The touchpoints inside of visits of the units whose name begins with the prefix. */
export async function pathsOf(clickhouse: ClickHouse, derivation: number, prefix: string) {
  return clickhouse.queryOnWriter(paths, { derivation, prefix });
}

/** A place where whoever passes waits until it is opened. */
export function createGate() {
  let reach = () => {};
  let open = () => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  function pass(): Promise<void> {
    reach();
    return opened;
  }
  return { reached, open, pass };
}

export const config = { buildPollMs: 250, retireAfterMs: 600_000 };

export const at = (minute: number) => receivedAtUs - 86_400_000_000 + minute * 60_000_000;
export const step = (customer: string, name: string, minute: number, fields: Partial<TouchpointEvent> = {}) =>
  touchpoint({ customer, touchpoint: name, occurredAtUs: at(minute), ...fields });

/** A processor that runs until the end of the test. */
export async function running(
  context: { onTestFinished(close: () => Promise<void>): void },
  options: TestProcessorOptions,
) {
  const processor = buildProcessor({ ...options, config: { ...config, ...options.config } });
  await processor.start();
  context.onTestFinished(() => processor.stop());
  return processor;
}

/** Runs a processor until a journey is built and everything is committed; answers the derivation. */
export async function built(log: EventLog, shared: ClickHouse, journey: string, version = 1): Promise<number> {
  const processor = buildProcessor({ log, clickhouse: shared, config });
  await processor.start();
  try {
    await settled(log);
    return await answering(shared, journey, version);
  } finally {
    await processor.stop();
  }
}

/** What the rounds left is what a build of everything makes of the same events, for the journeys and for the customers. */
export async function expectSameAsRebuilt(
  log: EventLog,
  shared: ClickHouse,
  journeys: readonly string[],
): Promise<void> {
  const before = new Map<string, unknown>();
  for (const journey of journeys) before.set(journey, await unitsOf(shared, await answering(shared, journey)));
  const customers = await customersIn(shared);
  const processor = buildProcessor({ log, clickhouse: shared, config });
  await processor.start();
  try {
    await processor.rebuild();
  } finally {
    await processor.stop();
  }
  for (const journey of journeys) {
    const rebuilt = await unitsOf(shared, await answering(shared, journey));
    expect(rebuilt.length).toBeGreaterThan(0);
    expect(before.get(journey)).toEqual(rebuilt);
  }
  expect(customers).toEqual(await customersIn(shared));
}
