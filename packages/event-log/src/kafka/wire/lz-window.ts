/** Output of a decompressor of the Lempel–Ziv family: literals, and copies of what came before. Grows up to `bytesMax`. */
export interface LzWindow {
  literals(bytes: Uint8Array): void;
  /** Repeats `length` bytes that begin `distance` before the end; they may overlap what is being written. */
  copy(distance: number, length: number): void;
  length(): number;
  bytes(): Buffer;
}

export function createLzWindow(capacity: number, bytesMax: number): LzWindow {
  let buffer = Buffer.allocUnsafe(Math.min(capacity, bytesMax));
  let at = 0;

  function room(bytes: number): void {
    if (at + bytes <= buffer.length) return;
    if (at + bytes > bytesMax) throw new RangeError(`more than ${bytesMax} bytes when decompressed`);
    const larger = Buffer.allocUnsafe(Math.min(Math.max(at + bytes, buffer.length * 2), bytesMax));
    buffer.copy(larger, 0, 0, at);
    buffer = larger;
  }

  return {
    literals(bytes) {
      room(bytes.length);
      buffer.set(bytes, at);
      at += bytes.length;
    },
    copy(distance, length) {
      if (distance < 1 || distance > at) throw new RangeError(`a copy from ${distance} bytes before byte ${at}`);
      room(length);
      if (distance >= length) buffer.copy(buffer, at, at - distance, at - distance + length);
      else for (let index = 0; index < length; index += 1) buffer[at + index] = buffer[at + index - distance] ?? 0;
      at += length;
    },
    length: () => at,
    bytes: () => buffer.subarray(0, at),
  };
}
