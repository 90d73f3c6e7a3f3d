import { type ClickHouse, defineStatement } from '@michinori/clickhouse';
import type { EventLog } from '@michinori/event-log';
import { decodeSignal, type Signal, type TouchpointEvent, topics } from '@michinori/events';
import { announcedDerivations, readDerivations } from '@michinori/queries';
import { expect, vi } from 'vitest';
import { patience } from './journeys.ts';
import { touchpoint } from './world.ts';

/** What was announced in a log of a journey and the units whose names begin with the prefix, in the order of the partitions. */
export async function signalsOf(log: EventLog, journey: string, prefix: string): Promise<Signal[]> {
  const signals: Signal[] = [];
  for (const { partition, earliest, next } of await log.positions(topics.signals)) {
    for (let from = earliest; from < next; ) {
      const records = await log.read(topics.signals, partition, from, { recordsMax: 1000, bytesMax: 1 << 24 });
      for (const { value, key } of records) {
        const signal = decodeSignal(value);
        if (signal.kind === 'undecodable') throw new Error(signal.message);
        expect(key).toBe(signal.customer ?? signal.account ?? `\0${signal.anonymous}`);
        const name = signal.customer ?? signal.account ?? signal.anonymous ?? '';
        if (signal.journey === journey && name.startsWith(prefix)) signals.push(signal);
      }
      from += records.length;
    }
  }
  return signals;
}

/** What a consumer that keeps the highest revision of every id believes in the end, by id. */
export function believed(signals: readonly Signal[]): Map<string, Signal> {
  const newest = new Map<string, Signal>();
  for (const signal of signals) {
    if ((newest.get(signal.id)?.revision ?? 0) < signal.revision) newest.set(signal.id, signal);
  }
  return new Map([...newest].filter(([, { retracted }]) => !retracted));
}

/** `customer from>to outcome` of what is believed, sorted; of what is taken back `not` before it. */
export function told(signals: Iterable<Signal>): string[] {
  return [...signals]
    .map(({ customer, account, anonymous, from, to, outcome, retracted, revision }) => {
      const unit = customer ?? account ?? `~${anonymous}`;
      return `${retracted ? 'not ' : ''}${unit} ${from ?? ''}>${to ?? ''} ${outcome} r${revision}`;
    })
    .sort();
}

const hourUs = 3_600_000_000;
const nowUs = Date.now() * 1000;

/** An event some hours ago. */
export const hoursAgo = (hours: number, customer: string, name: string, fields: Partial<TouchpointEvent> = {}) =>
  touchpoint({
    ...{ customer, touchpoint: name, occurredAtUs: nowUs - hours * hourUs, receivedAtUs: nowUs },
    ...fields,
  });

/** Waits until the signals have followed the derivation of every journey that answers. */
export async function swept(clickhouse: ClickHouse): Promise<void> {
  await vi.waitFor(async () => {
    const rows = await readDerivations(clickhouse);
    const active = rows.filter(({ journey, state }) => journey !== '' && state === 'active');
    const newest = new Map(active.map(({ journey, derivation }) => [journey, derivation]));
    const done = await clickhouse.query(announcedDerivations, { derivations: [...newest.values()] });
    expect(done).toHaveLength(newest.size);
  }, patience);
}

/** Keeps what was announced whatever the engine's own clock says. */
export async function keepAnnounced(clickhouse: ClickHouse): Promise<void> {
  await clickhouse.command(defineStatement({ name: 'test_keep', sql: 'ALTER TABLE announced_signals REMOVE TTL' }));
}
