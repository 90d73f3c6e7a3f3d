import { decodeBlockHeader } from './block.ts';
import { decodeBlockKey, encodeBlockKey } from './layout.ts';
import type { StoredBlock } from './plan.ts';
import type { Store } from './store.ts';
import { groupPosition, type PartitionState, partitionState, type TopicState } from './topics.ts';

/** What may be removed: blocks beyond a total size, or older than an age. Without either nothing is ever removed. */
export interface Retention {
  /** Bytes of all stored blocks, over all topics and partitions. */
  bytesMax?: number;
  ageMsMax?: number;
}

export interface AgedBlock extends StoredBlock {
  appendedAtUs: number;
}

/**
 * Every record before this offset is verified by every group of the topic. A topic that no group has ever consumed keeps everything: somebody
 * may still come.
 */
export function verifiedBefore(topic: TopicState, partition: number): number {
  const positions = [...topic.groups.keys()].map((group) => groupPosition(topic, group, partition));
  return positions.length === 0 ? partitionState(topic, partition).earliest : Math.min(...positions);
}

/** Oldest first: the blocks of a partition that end at or before `before`, except its newest block, which carries the head. */
export function* removableBlocks(
  store: Store,
  topic: TopicState,
  partition: number,
  before: number,
): Generator<AgedBlock> {
  const state: PartitionState = partitionState(topic, partition);
  const start = encodeBlockKey({ topicId: topic.id, partition, firstOffset: state.earliest });
  const end = encodeBlockKey({ topicId: topic.id, partition, firstOffset: before });
  for (const { key, value } of store.records.getRange({ start, end })) {
    const { count, appendedAtUs } = decodeBlockHeader(value);
    const nextOffset = decodeBlockKey(key).firstOffset + count;
    if (nextOffset > before || nextOffset >= state.next) return;
    yield { partition: state, key, bytes: value.length, nextOffset, appendedAtUs };
  }
}

export interface TrimPolicy {
  bytes: number;
  bytesMax: number;
  /** Blocks appended before this instant are too old. */
  olderThanUs: number;
  blocksMax: number;
}

/** Which blocks go: first all that are too old, then the oldest of all partitions until the size fits; at most `blocksMax` at a time. */
export function chooseTrims(
  partitions: readonly Iterator<AgedBlock>[],
  { bytes, bytesMax, olderThanUs, blocksMax }: TrimPolicy,
): AgedBlock[] {
  const chosen: AgedBlock[] = [];
  let left = bytes;
  const heads = partitions.map((blocks) => ({ blocks, block: take(blocks) }));
  while (chosen.length < blocksMax) {
    let oldest: (typeof heads)[number] | undefined;
    for (const head of heads)
      if (head.block && (!oldest?.block || head.block.appendedAtUs < oldest.block.appendedAtUs)) oldest = head;
    if (!oldest?.block) break;
    if (oldest.block.appendedAtUs >= olderThanUs && left <= bytesMax) break;
    chosen.push(oldest.block);
    left -= oldest.block.bytes;
    oldest.block = take(oldest.blocks);
  }
  for (const { blocks } of heads) blocks.return?.();
  return chosen;
}

function take(blocks: Iterator<AgedBlock>): AgedBlock | undefined {
  const { done, value } = blocks.next();
  return done ? undefined : value;
}
