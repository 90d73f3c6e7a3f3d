import { createByteWriter } from './byte-writer.ts';
import type { WireRequest } from './request.ts';

export interface ListedOffset {
  partition: number;
  errorCode: number;
  offset: number;
}

const timestamps = { earliest: -2, next: -1 } as const;

/*
 * request v2  := replica i32 · isolation i8 · [topic · [partition i32 · timestamp i64]]
 * response v2 := throttleMs i32 · [topic · [partition i32 · errorCode i16 · timestamp i64 · offset i64]]
 */

/** The first stored offset of partitions, or the one after the last readable record. Only the leader of a partition knows. */
export function listOffsetsRequest(
  topic: string,
  partitions: readonly number[],
  which: keyof typeof timestamps,
): WireRequest<ListedOffset[]> {
  const body = createByteWriter(64 + partitions.length * 12);
  body.int32(-1).int8(1);
  body.array([topic], (name) => {
    body.string(name);
    body.array(partitions, (partition) => {
      body.int32(partition).int64(timestamps[which]);
    });
  });
  return {
    apiKey: 2,
    apiVersion: 2,
    apiName: 'ListOffsets',
    isFlexible: false,
    body: body.bytes(),
    decode(answer) {
      answer.int32();
      const topics = answer.array(() => {
        answer.string();
        return answer.array(() => {
          const partition = answer.int32();
          const errorCode = answer.int16();
          answer.int64();
          return { partition, errorCode, offset: answer.int64() };
        });
      });
      return topics.flat();
    },
  };
}
