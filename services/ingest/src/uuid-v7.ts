import { randomFillSync } from 'node:crypto';

const poolBytes = 4096;

/**
 * A maker of UUIDs of version 7 (RFC 9562 §5.7): milliseconds, a 12-bit counter (§6.2 method 1), 62 random bits. Ids of one
 * maker are strictly ascending: when the counter is used up or the clock goes back, the time runs ahead of the clock.
 */
export function createUuidV7(nowMs: () => number = Date.now): () => string {
  const pool = Buffer.alloc(poolBytes);
  let used = poolBytes;
  let timeMs = 0;
  let counter = 0;

  function randomHex(bytes: number): string {
    if (used + bytes > poolBytes) {
      randomFillSync(pool);
      used = 0;
    }
    used += bytes;
    return pool.toString('hex', used - bytes, used);
  }

  return function newId() {
    const now = nowMs();
    if (now > timeMs) {
      timeMs = now;
      counter = Number.parseInt(randomHex(2), 16) & 0x7ff;
    } else if (counter === 0xfff) {
      timeMs += 1;
      counter = 0;
    } else {
      counter += 1;
    }
    const time = timeMs.toString(16).padStart(12, '0');
    const random = randomHex(8);
    const variant = ((Number.parseInt(random.slice(0, 1), 16) & 0x3) | 0x8).toString(16);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${variant}${random.slice(1, 4)}-${random.slice(4)}`;
  };
}
