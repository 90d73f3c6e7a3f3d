import { createByteWriter } from './byte-writer.ts';
import type { WireRequest } from './request.ts';
import { type TopicId, topicIdFrom } from './topic-id.ts';

export interface PartitionMetadata {
  partition: number;
  errorCode: number;
  /** Node id, or -1. */
  leader: number;
  replicas: number[];
  inSync: number[];
}

export interface TopicMetadata {
  errorCode: number;
  name: string;
  id: TopicId;
  partitions: PartitionMetadata[];
}

export interface ClusterMetadata {
  brokers: number[];
  topics: TopicMetadata[];
}

const noId = Buffer.alloc(16);

/*
 * request v12  := [topicId uuid · name compactString?] · allowAutoTopicCreation i8 · includeAuthorizedOperations i8
 * response v12 := throttleMs i32 · [nodeId i32 · host · port i32 · rack?] · clusterId? · controller i32
 *                 · [errorCode i16 · name? · id uuid · isInternal i8 · [errorCode i16 · partition i32 · leader i32 · leaderEpoch i32
 *                    · replicas [i32] · inSync [i32] · offline [i32]] · operations i32]                        (compact, tagged)
 */

/** Metadata with topic ids, which kafkajs doesn't ask for (Kafka ≥ 2.8). Creates no topic. */
export function metadataRequest(names: readonly string[]): WireRequest<ClusterMetadata> {
  const body = createByteWriter();
  body.compactArray(names, (name) => body.raw(noId).compactString(name).tags());
  body.int8(0).int8(0).tags();
  return {
    apiKey: 3,
    apiVersion: 12,
    apiName: 'Metadata',
    isFlexible: true,
    body: body.bytes(),
    decode(answer) {
      answer.int32();
      const brokers = answer.compactArray(() => {
        const nodeId = answer.int32();
        answer.compactString();
        answer.int32();
        answer.compactString();
        answer.tags();
        return nodeId;
      });
      answer.compactString();
      answer.int32();
      const topics = answer.compactArray(() => {
        const errorCode = answer.int16();
        const name = answer.compactString() ?? '';
        const id = topicIdFrom(answer.raw(16));
        answer.int8();
        const partitions = answer.compactArray(() => {
          const partitionError = answer.int16();
          const partition = answer.int32();
          const leader = answer.int32();
          answer.int32();
          const replicas = answer.compactArray(answer.int32);
          const inSync = answer.compactArray(answer.int32);
          answer.compactArray(answer.int32);
          answer.tags();
          return { partition, errorCode: partitionError, leader, replicas, inSync };
        });
        answer.int32();
        answer.tags();
        return { errorCode, name, id, partitions };
      });
      return { brokers, topics };
    },
  };
}
