/** Increased when an older program could misread what a newer one wrote. */
export const formatVersion = 1;

export interface BlockKey {
  topicId: number;
  partition: number;
  firstOffset: number;
}

/** Key of a block: topic id u32, partition u32, first offset u64, all big-endian, so that byte order is offset order. */
export function encodeBlockKey({ topicId, partition, firstOffset }: BlockKey): Buffer {
  const key = Buffer.allocUnsafe(16);
  key.writeUInt32BE(topicId, 0);
  key.writeUInt32BE(partition, 4);
  key.writeBigUInt64BE(BigInt(firstOffset), 8);
  return key;
}

export function decodeBlockKey(key: Uint8Array): BlockKey {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  return {
    topicId: view.getUint32(0),
    partition: view.getUint32(4),
    firstOffset: Number(view.getBigUint64(8)),
  };
}

export interface StoredTopic {
  id: number;
  generation: string;
  partitions: number;
  /** The topic was created with settings of its own: its number of partitions isn't that of the others. */
  hasOwnSettings?: boolean;
  /** Retention doesn't apply. */
  isKept?: boolean;
}

/** Keys of the small values: what they hold stands beside them. */
export const metaKeys = {
  /** number: `formatVersion` */
  format: ['format'],
  /** number: bytes of all stored blocks */
  bytes: ['bytes'],
  /** StoredTopic */
  topic: (name: string) => ['topic', name],
  /** number[]: per partition, where the group began */
  group: (topicId: number, group: string) => ['group', topicId, group],
  /** number: next offset */
  committed: (topicId: number, group: string, partition: number) => ['committed', topicId, group, partition],
} as const;

export type MetaKey = readonly (string | number)[];
