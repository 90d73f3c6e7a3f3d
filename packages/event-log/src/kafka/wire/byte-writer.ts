/** Writes the primitive types of Kafka's protocol into a growing buffer. Every method returns the writer. */
export interface ByteWriter {
  int8(value: number): ByteWriter;
  int16(value: number): ByteWriter;
  int32(value: number): ByteWriter;
  int64(value: number): ByteWriter;
  uint32(value: number): ByteWriter;
  /** Zigzag, as inside records. */
  varint(value: number): ByteWriter;
  /** Unsigned, as in flexible versions. */
  uvarint(value: number): ByteWriter;
  raw(bytes: Uint8Array): ByteWriter;
  utf8(text: string): ByteWriter;
  /** STRING, or NULLABLE_STRING. */
  string(text: string | null): ByteWriter;
  compactString(text: string | null): ByteWriter;
  array<T>(items: readonly T[], write: (item: T) => void): ByteWriter;
  compactArray<T>(items: readonly T[], write: (item: T) => void): ByteWriter;
  /** An empty set of tagged fields. */
  tags(): ByteWriter;
  length(): number;
  /** What was written; a view, valid until the next write. */
  bytes(): Buffer;
}

export function createByteWriter(capacity = 256): ByteWriter {
  let buffer = Buffer.allocUnsafe(capacity);
  let at = 0;

  function room(bytes: number): number {
    const start = at;
    at += bytes;
    if (at > buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(at, buffer.length * 2));
      buffer.copy(larger, 0, 0, start);
      buffer = larger;
    }
    return start;
  }

  const writer: ByteWriter = {
    int8(value) {
      const start = room(1);
      buffer.writeInt8(value, start);
      return writer;
    },
    int16(value) {
      const start = room(2);
      buffer.writeInt16BE(value, start);
      return writer;
    },
    int32(value) {
      const start = room(4);
      buffer.writeInt32BE(value, start);
      return writer;
    },
    int64(value) {
      const start = room(8);
      buffer.writeBigInt64BE(BigInt(value), start);
      return writer;
    },
    uint32(value) {
      const start = room(4);
      buffer.writeUInt32BE(value, start);
      return writer;
    },
    varint: (value) => writer.uvarint(((value << 1) ^ (value >> 31)) >>> 0),
    uvarint(value) {
      let rest = value;
      while (rest > 0x7f) {
        const start = room(1);
        buffer[start] = (rest & 0x7f) | 0x80;
        rest >>>= 7;
      }
      const start = room(1);
      buffer[start] = rest;
      return writer;
    },
    raw(bytes) {
      const start = room(bytes.length);
      buffer.set(bytes, start);
      return writer;
    },
    utf8(text) {
      const start = room(Buffer.byteLength(text));
      buffer.write(text, start);
      return writer;
    },
    string: (text) => (text === null ? writer.int16(-1) : writer.int16(Buffer.byteLength(text)).utf8(text)),
    compactString: (text) =>
      text === null ? writer.uvarint(0) : writer.uvarint(Buffer.byteLength(text) + 1).utf8(text),
    array(items, write) {
      writer.int32(items.length);
      for (const item of items) write(item);
      return writer;
    },
    compactArray(items, write) {
      writer.uvarint(items.length + 1);
      for (const item of items) write(item);
      return writer;
    },
    tags: () => writer.uvarint(0),
    length: () => at,
    bytes: () => buffer.subarray(0, at),
  };
  return writer;
}
