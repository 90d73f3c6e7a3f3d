import type { SizedRecord } from '../sized-record.ts';
import { encodeBlock } from './block.ts';
import { encodeBlockKey, type MetaKey, metaKeys } from './layout.ts';
import type { Change } from './store.ts';
import type { PartitionState, TopicState } from './topics.ts';

/** Blocks end at this size: large enough to be cheap per record, small enough to be trimmed and read in pieces. */
const blockBytesMax = 64 * 1024;

export interface StoredBlock {
  partition: PartitionState;
  key: Buffer;
  bytes: number;
  nextOffset: number;
}

/** What one group will change: operations stage into it, then it is committed as one transaction, then applied to the memory. */
export interface Plan {
  nowUs: number;
  /** Takes the next offset of the partition. */
  stage(topic: TopicState, partition: number, record: SizedRecord): number;
  removeBlock(block: StoredBlock): void;
  put(key: MetaKey, value: unknown): void;
  remove(key: MetaKey): void;
  /** The value that this plan puts under the key, if any. */
  staged(key: MetaKey): unknown;
  /** The earliest offset as it will be. */
  earliest(partition: PartitionState): number;
  changes(): Change[];
  /** After the commit: moves the partitions' heads and wakes who waits for records. */
  apply(): void;
  bytesAfter(): number;
}

interface Tail {
  topic: TopicState;
  partition: number;
  state: PartitionState;
  appendedAtUs: number;
  blocks: { records: SizedRecord[]; bytes: number }[];
  next: number;
}

export function createPlan(nowUs: number, bytesBefore: number): Plan {
  const tails = new Map<PartitionState, Tail>();
  const meta = new Map<string, { key: MetaKey; value: unknown }>();
  const removals = new Map<string, StoredBlock>();
  const earliest = new Map<PartitionState, number>();
  let bytes = bytesBefore;

  function tailOf(topic: TopicState, partition: number, state: PartitionState): Tail {
    const known = tails.get(state);
    if (known) return known;
    const appendedAtUs = Math.max(nowUs, state.lastAppendedUs);
    const tail: Tail = { topic, partition, state, appendedAtUs, blocks: [], next: state.next };
    tails.set(state, tail);
    return tail;
  }

  function stage(topic: TopicState, partition: number, record: SizedRecord): number {
    const state = topic.partitions[partition];
    if (!state) throw new RangeError(`no partition ${partition}`);
    const tail = tailOf(topic, partition, state);
    let block = tail.blocks.at(-1);
    if (!block || block.bytes + record.storedBytes > blockBytesMax) {
      block = { records: [], bytes: 0 };
      tail.blocks.push(block);
    }
    block.records.push(record);
    block.bytes += record.storedBytes;
    tail.next += 1;
    return tail.next - 1;
  }

  function tailChanges({ topic, partition, state, appendedAtUs, blocks }: Tail): Change[] {
    let firstOffset = state.next;
    return blocks.map(({ records }) => {
      const key = encodeBlockKey({ topicId: topic.id, partition, firstOffset });
      const value = encodeBlock(appendedAtUs, records);
      firstOffset += records.length;
      bytes += value.length;
      return { in: 'records', key, value };
    });
  }

  return {
    nowUs,
    stage,
    removeBlock(block) {
      const name = block.key.toString('hex');
      if (removals.has(name)) return;
      removals.set(name, block);
      bytes -= block.bytes;
      earliest.set(block.partition, Math.max(block.nextOffset, earliest.get(block.partition) ?? 0));
    },
    put(key, value) {
      meta.set(JSON.stringify(key), { key, value });
    },
    remove(key) {
      meta.set(JSON.stringify(key), { key, value: undefined });
    },
    staged: (key) => meta.get(JSON.stringify(key))?.value,
    earliest: (partition) => earliest.get(partition) ?? partition.earliest,
    changes() {
      const blocks = [...tails.values()].flatMap(tailChanges);
      const removed = [...removals.values()].map(({ key }): Change => ({ in: 'records', key }));
      const small = [...meta.values()].map(({ key, value }): Change => ({ in: 'meta', key, value }));
      if (blocks.length > 0 || removed.length > 0) small.push({ in: 'meta', key: metaKeys.bytes, value: bytes });
      return [...blocks, ...removed, ...small];
    },
    apply() {
      for (const [partition, offset] of earliest) partition.earliest = offset;
      for (const { state, next, appendedAtUs } of tails.values()) {
        state.next = next;
        state.lastAppendedUs = appendedAtUs;
        const waiting = [...state.waiting];
        state.waiting.clear();
        for (const wake of waiting) wake();
      }
    },
    bytesAfter: () => bytes,
  };
}
