import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClickHouse } from '@michinori/clickhouse';
import type { TouchpointEvent } from '@michinori/events';
import { type Journey, parseJourneys } from '@michinori/journey';
import { type Derivation, deriveUnits, dropPeople, keyRanges, noteIdentities, resolvePeople } from '@michinori/queries';
import { type Cleanup, type EventCopy, insertDeliveries, temporaryClickHouse } from '@michinori/testing';

const journeysFolder = join(import.meta.dirname, '..', '..', '..', 'infra', 'journeys');

/** A journey as it is shipped in `infra/journeys`. */
export function shippedJourney(name: string): Journey {
  const file = `${name}.yaml`;
  const parsed = parseJourneys(readFileSync(join(journeysFolder, file), 'utf8'), { file });
  if (parsed.outcome === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  const [found] = parsed.journeys;
  if (found === undefined) throw new Error(`${file} has no journey`);
  return found.journey;
}

/** Tables in a folder that is removed by `close`. */
export async function openTables(): Promise<{ clickhouse: ClickHouse; close(): Promise<void> }> {
  const closings: (() => Promise<void>)[] = [];
  const context: Cleanup = { onTestFinished: (close) => closings.push(close) };
  const clickhouse = await temporaryClickHouse(context);
  return {
    clickhouse,
    close: async () => {
      for (const close of closings) await close();
    },
  };
}

const batchRows = 20_000;

/**
 * Writes events with the sink's row encoding, one row per delivery. Copies of an id must be identical: which of different ones counts
 * is decided within a batch only.
 */
export async function storeEvents(clickhouse: ClickHouse, events: Iterable<TouchpointEvent>): Promise<void> {
  let batch: EventCopy[] = [];
  let logOffset = 0;
  const flush = async () => {
    await insertDeliveries(clickhouse, [batch]);
    batch = [];
  };
  for (const event of events) {
    batch.push({ event, log: 'events@e2e', logPartition: 0, logOffset });
    logOffset += 1;
    if (batch.length === batchRows) await flush();
  }
  if (batch.length > 0) await flush();
}

/** Derives a journey over everybody with the product's SQL, in ranges as a rebuild does: first who is who, then the journey. */
export async function deriveAll(clickhouse: ClickHouse, derivation: Derivation): Promise<void> {
  const { unit } = derivation.journey;
  const ranges = (of: 'customer' | 'account') => keyRanges(clickhouse, of, { eventsPerRange: 100_000 });
  for (const range of await ranges('customer')) await noteIdentities(clickhouse, { kind: 'range', ...range });
  for (const [i, range] of (await ranges(unit)).entries()) {
    const scope = { kind: 'range', ...range } as const;
    const people = `${derivation.id}-${i}`;
    const isAnybody = await resolvePeople(clickhouse, { unit, scope, name: people });
    await deriveUnits(clickhouse, derivation, isAnybody ? { ...scope, people } : scope);
    await dropPeople(clickhouse, people);
  }
}
