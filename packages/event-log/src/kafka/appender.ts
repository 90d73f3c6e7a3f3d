import { setImmediate } from 'node:timers/promises';
import { EventLogError } from '../errors.ts';
import type { Position } from '../event-log.ts';
import { partitionOf } from '../partitioner.ts';
import type { SizedRecord } from '../sized-record.ts';
import { classifyFailure } from './classify.ts';
import { createLane, type Lane } from './lane.ts';
import type { Link } from './link.ts';
import type { KafkaObservation } from './options.ts';
import { createPendingAppend } from './pending-append.ts';
import type { Topic } from './topics.ts';
import { type Compression, encodeBatch, recordBytes } from './wire/encode-batch.ts';
import { type PartitionBatch, produceRequest } from './wire/produce-request.ts';

/** Bytes of one batch, far below the topics' max.message.bytes; a larger record makes a batch of its own. */
const batchBytesMax = 1024 * 1024;
/** Bytes of one request, far below the brokers' socket.request.max.bytes (100 MiB). */
const requestBytesMax = 8 * 1024 * 1024;
const replicationMsMax = 10_000;
const answerGraceMs = 2000;

export interface AppenderOptions {
  link: Link;
  compression: Compression;
  appendTimeoutMs: number;
  pendingBytesMax: number;
  observe?: ((observation: KafkaObservation) => void) | undefined;
}

export interface Appender {
  append(topic: Topic, records: readonly SizedRecord[], weight: number): Promise<Position[]>;
  /** To be called when all appends have settled. */
  close(): Promise<void>;
}

/**
 * Gathers records per partition while earlier ones are under way: one request per broker, one batch per partition in it. A partition that
 * has no leader, or whose replicas are missing, holds up nobody but itself.
 */
export function createAppender(options: AppenderOptions): Appender {
  const { link, compression, appendTimeoutMs, pendingBytesMax, observe } = options;
  const lanes = new Map<string, Lane>();
  const busy = new Set<number>();
  let pendingBytes = 0;
  let pumping: Promise<void> | undefined;
  let isDirty = false;
  let timer: NodeJS.Timeout | undefined;

  function laneOf(topic: Topic, partition: number): Lane {
    const key = `${topic.id}/${partition}`;
    const lane = lanes.get(key) ?? createLane(topic, partition);
    lanes.set(key, lane);
    return lane;
  }

  function pump(): void {
    isDirty = true;
    pumping ??= run().finally(() => {
      pumping = undefined;
    });
  }

  async function run(): Promise<void> {
    while (isDirty) {
      isDirty = false;
      await setImmediate();
      for (const lane of lanes.values()) lane.expire(Date.now());
      for (const [node, ready] of await readyByLeader()) if (!busy.has(node)) launch(node, ready);
    }
    clearTimeout(timer);
    const nowMs = Date.now();
    const wakeAtMs = Math.min(...[...lanes.values()].map((lane) => lane.wakeAtMs(nowMs)));
    if (wakeAtMs < Number.POSITIVE_INFINITY) timer = setTimeout(pump, wakeAtMs - nowMs + 1);
  }

  async function readyByLeader(): Promise<Map<number, Lane[]>> {
    const groups = new Map<number, Lane[]>();
    const ready = [...lanes.values()].filter((lane) => lane.isReady(Date.now()));
    for (const topic of new Set(ready.map((lane) => lane.topic))) {
      const own = ready.filter((lane) => lane.topic === topic);
      const leaders = await link.leaders(topic.physical).catch((error: unknown) => {
        const failure = classifyFailure(error, `looking for the leaders of ${topic.name}`);
        for (const lane of own) postpone(lane, failure);
      });
      if (!leaders) continue;
      for (const lane of own) {
        const node = leaders.get(lane.partition);
        if (node === undefined)
          postpone(lane, new EventLogError('log_unavailable', `${topic.name}/${lane.partition} has no leader`));
        else groups.set(node, [...(groups.get(node) ?? []), lane]);
      }
    }
    return groups;
  }

  function postpone(lane: Lane, failure: EventLogError): void {
    if (lane.take(1).length > 0) lane.failed(failure, false, Date.now());
    if (!failure.canRetry) isDirty = true;
    link.refresh().catch(() => {});
  }

  function launch(node: number, ready: readonly Lane[]): void {
    busy.add(node);
    flush(node, ready).finally(() => {
      busy.delete(node);
      pump();
    });
  }

  async function flush(node: number, ready: readonly Lane[]): Promise<void> {
    const sent = new Map<string, Lane>();
    const encoding: Promise<PartitionBatch>[] = [];
    let bytes = 0;
    let records = 0;
    for (const lane of ready) {
      if (bytes >= requestBytesMax) break;
      const batch = lane.take(batchBytesMax);
      if (batch.length === 0) continue;
      const { topic, partition } = lane;
      sent.set(`${topic.physical}/${partition}`, lane);
      bytes += batch.reduce((sum, queued) => sum + queued.bytes, 0);
      records += batch.length;
      const encoded = encodeBatch(
        batch.map(({ record }) => record),
        Date.now(),
        compression,
      );
      encoding.push(encoded.then((encodedBytes) => ({ topic: topic.physical, partition, bytes: encodedBytes })));
    }
    if (sent.size === 0) return;
    const timeoutMs = Math.min(replicationMsMax, appendTimeoutMs);
    let wasSent = false;
    try {
      const batches = await Promise.all(encoding);
      const produced = await link.send(node, produceRequest(batches, timeoutMs), {
        connection: 0,
        timeoutMs: timeoutMs + answerGraceMs,
        onSending: () => {
          wasSent = true;
        },
      });
      for (const { topic, partition, errorCode, firstOffset } of produced) {
        const lane = sent.get(`${topic}/${partition}`);
        sent.delete(`${topic}/${partition}`);
        if (errorCode === 0) lane?.stored(firstOffset);
        else lane?.refused(errorCode, Date.now());
      }
      if (produced.some(({ errorCode }) => errorCode !== 0)) link.refresh().catch(() => {});
      observe?.({ what: 'produced', topic: ready[0]?.topic.name ?? '', partitions: produced.length, records, bytes });
      const silent = new EventLogError('log_unavailable', "the broker's answer leaves partitions out");
      for (const lane of sent.values()) lane.failed(silent, true, Date.now());
    } catch (error) {
      const failure = classifyFailure(error, `appending through broker ${node}`);
      for (const lane of sent.values()) lane.failed(failure, wasSent, Date.now());
      link.refresh().catch(() => {});
    }
  }

  return {
    append(topic, records, weight) {
      if (pendingBytes > 0 && pendingBytes + weight > pendingBytesMax)
        return Promise.reject(
          new EventLogError('log_overloaded', `${pendingBytes} bytes wait to be written, ${pendingBytesMax} may`),
        );
      pendingBytes += weight;
      const { append, outcome } = createPendingAppend(records.length, Date.now() + appendTimeoutMs, () => {
        pendingBytes -= weight;
      });
      records.forEach((record, index) => {
        const bytes = recordBytes(record.keyBytes, record.value.length);
        const lane = laneOf(topic, partitionOf(record.key, topic.partitions));
        lane.push([{ append, index, record, bytes }]);
      });
      pump();
      return outcome;
    },
    async close() {
      await pumping;
      clearTimeout(timer);
    },
  };
}
