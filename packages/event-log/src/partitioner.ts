const multiplier = 0x5bd1e995;

/** MurmurHash2 (Austin Appleby, 2008), 32 bit, with the seed of Kafka's `Utils.murmur2`, as a signed integer. */
export function murmur2(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wholeBytes = bytes.length - (bytes.length % 4);
  let hash = 0x9747b28c ^ bytes.length;
  for (let at = 0; at < wholeBytes; at += 4) {
    let word = Math.imul(view.getInt32(at, true), multiplier);
    word = Math.imul(word ^ (word >>> 24), multiplier);
    hash = Math.imul(hash, multiplier) ^ word;
  }
  if (wholeBytes < bytes.length) {
    for (let at = bytes.length - 1; at >= wholeBytes; at -= 1) hash ^= view.getUint8(at) << (8 * (at - wholeBytes));
    hash = Math.imul(hash, multiplier);
  }
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}

const utf8 = new TextEncoder();

/** The partition of a key, 0 … partitions − 1: as Kafka's default partitioner does it, so that both adapters route alike. */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(utf8.encode(key)) & 0x7fffffff) % partitions;
}
