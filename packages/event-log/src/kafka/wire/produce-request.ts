import { createByteWriter } from './byte-writer.ts';
import type { WireRequest } from './request.ts';

export interface PartitionBatch {
  topic: string;
  partition: number;
  /** One encoded batch. */
  bytes: Buffer;
}

export interface ProducedPartition {
  topic: string;
  partition: number;
  errorCode: number;
  /** Of the batch's first record, if there is no error. */
  firstOffset: number;
}

/*
 * request v7  := transactionalId? · acks i16 · timeoutMs i32 · [topic · [partition i32 · length i32 · batch]]
 * response v7 := [topic · [partition i32 · errorCode i16 · firstOffset i64 · appendedAtMs i64 · logStart i64]] · throttleMs i32
 */

/** Produce with acks = all. Every partition has an outcome of its own. */
export function produceRequest(
  batches: readonly PartitionBatch[],
  replicationTimeoutMs: number,
): WireRequest<ProducedPartition[]> {
  const topics = new Map<string, PartitionBatch[]>();
  for (const batch of batches) topics.set(batch.topic, [...(topics.get(batch.topic) ?? []), batch]);
  const bytes = batches.reduce((sum, batch) => sum + batch.bytes.length + 16, 64 + topics.size * 64);
  const body = createByteWriter(bytes);
  body.string(null).int16(-1).int32(replicationTimeoutMs);
  body.array([...topics], ([topic, partitions]) => {
    body.string(topic);
    body.array(partitions, (batch) => {
      body.int32(batch.partition).int32(batch.bytes.length).raw(batch.bytes);
    });
  });
  return {
    apiKey: 0,
    apiVersion: 7,
    apiName: 'Produce',
    isFlexible: false,
    body: body.bytes(),
    decode: (answer) =>
      answer
        .array(() => {
          const topic = answer.string() ?? '';
          return answer.array(() => {
            const produced = {
              topic,
              partition: answer.int32(),
              errorCode: answer.int16(),
              firstOffset: answer.int64(),
            };
            answer.int64();
            answer.int64();
            return produced;
          });
        })
        .flat(),
  };
}
