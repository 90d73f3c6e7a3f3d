import { createByteWriter } from './byte-writer.ts';
import type { WireRequest } from './request.ts';

export interface FoundCoordinator {
  errorCode: number;
  nodeId: number;
}

/*
 * request v2  := key · keyType i8 (0: group)
 * response v2 := throttleMs i32 · errorCode i16 · message? · nodeId i32 · host · port i32
 */

/** Which broker keeps the offsets of a group. kafkajs asks too, but keeps a refusal for itself. */
export function findCoordinatorRequest(groupId: string): WireRequest<FoundCoordinator> {
  return {
    apiKey: 10,
    apiVersion: 2,
    apiName: 'FindCoordinator',
    isFlexible: false,
    body: createByteWriter().string(groupId).int8(0).bytes(),
    decode(answer) {
      answer.int32();
      const errorCode = answer.int16();
      answer.string();
      return { errorCode, nodeId: answer.int32() };
    },
  };
}
