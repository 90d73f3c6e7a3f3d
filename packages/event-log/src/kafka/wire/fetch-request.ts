import { createByteWriter } from './byte-writer.ts';
import type { WireRequest } from './request.ts';
import { type TopicId, topicIdBytes, topicIdFrom } from './topic-id.ts';

export interface FetchTarget {
  topicId: TopicId;
  partition: number;
  offset: number;
  bytesMax: number;
}

export interface FetchedPartition {
  topicId: TopicId;
  partition: number;
  errorCode: number;
  /** Offsets below it are readable: all that is replicated and not part of an open transaction. */
  readableBefore: number;
  /** Transactions that were given up: their records from `firstOffset` on are not for consumers. */
  aborted: { producerId: number; firstOffset: number }[];
  /** Batches, the last of which may be cut off. */
  bytes: Buffer;
}

export interface FetchAnswer {
  errorCode: number;
  partitions: FetchedPartition[];
}

/*
 * request v13  := replica i32 · maxWaitMs i32 · minBytes i32 · maxBytes i32 · isolation i8 · sessionId i32 · sessionEpoch i32
 *                 · [topicId uuid · [partition i32 · leaderEpoch i32 · offset i64 · lastFetchedEpoch i32 · logStart i64 · bytesMax i32]]
 *                 · forgotten [] · rack
 * response v13 := throttleMs i32 · errorCode i16 · sessionId i32
 *                 · [topicId uuid · [partition i32 · errorCode i16 · highWatermark i64 · lastStable i64 · logStart i64
 *                    · aborted [producerId i64 · firstOffset i64] · preferredReplica i32 · records]]          (compact, tagged)
 */

/**
 * Fetch by topic id (Kafka ≥ 3.1), committed transactions only: a topic that was created again can't answer for the former one. The
 * broker answers at once when there are records, else after `waitMsMax`.
 */
export function fetchRequest(
  targets: readonly FetchTarget[],
  limits: { waitMsMax: number; bytesMax: number },
): WireRequest<FetchAnswer> {
  const body = createByteWriter(64 + targets.length * 48);
  body.int32(-1).int32(limits.waitMsMax).int32(1).int32(limits.bytesMax).int8(1).int32(0).int32(-1);
  body.compactArray([...groupByTopic(targets)], ([topicId, partitions]) => {
    body.raw(topicIdBytes(topicId));
    body.compactArray(partitions, ({ partition, offset, bytesMax }) => {
      body.int32(partition).int32(-1).int64(offset).int32(-1).int64(-1).int32(bytesMax).tags();
    });
    body.tags();
  });
  body
    .compactArray([], () => {})
    .compactString('')
    .tags();
  return { apiKey: 1, apiVersion: 13, apiName: 'Fetch', isFlexible: true, body: body.bytes(), decode };
}

const decode: WireRequest<FetchAnswer>['decode'] = (answer) => {
  answer.int32();
  const errorCode = answer.int16();
  answer.int32();
  const topics = answer.compactArray(() => {
    const topicId = topicIdFrom(answer.raw(16));
    const partitions = answer.compactArray((): FetchedPartition => {
      const partition = answer.int32();
      const partitionError = answer.int16();
      answer.int64();
      const readableBefore = answer.int64();
      answer.int64();
      const aborted = answer.compactArray(() => {
        const transaction = { producerId: answer.int64(), firstOffset: answer.int64() };
        answer.tags();
        return transaction;
      });
      answer.int32();
      const bytes = answer.compactBytes();
      answer.tags();
      return { topicId, partition, errorCode: partitionError, readableBefore, aborted, bytes };
    });
    answer.tags();
    return partitions;
  });
  return { errorCode, partitions: topics.flat() };
};

function groupByTopic(targets: readonly FetchTarget[]): Map<TopicId, FetchTarget[]> {
  const topics = new Map<TopicId, FetchTarget[]>();
  for (const target of targets) {
    const group = topics.get(target.topicId);
    if (group) group.push(target);
    else topics.set(target.topicId, [target]);
  }
  return topics;
}
