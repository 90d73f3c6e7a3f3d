/** Reads the primitive types of Kafka's protocol. Reading beyond the end throws a `RangeError`. */
export interface ByteReader {
  int8(): number;
  int16(): number;
  int32(): number;
  /** As a number: offsets and times are far below 2^53. */
  int64(): number;
  uint32(): number;
  varint(): number;
  varlong(): number;
  uvarint(): number;
  /** A view of the next bytes. */
  raw(length: number): Buffer;
  string(): string | null;
  compactString(): string | null;
  /** Null is empty. */
  compactBytes(): Buffer;
  array<T>(read: () => T): T[];
  compactArray<T>(read: () => T): T[];
  /** Passes over tagged fields. */
  tags(): void;
  /** Bytes that are left. */
  rest(): number;
  position(): number;
  seek(position: number): void;
}

const none = Buffer.alloc(0);

export function createByteReader(buffer: Buffer): ByteReader {
  let at = 0;

  function take(bytes: number): number {
    const start = at;
    if (bytes < 0 || start + bytes > buffer.length)
      throw new RangeError(`${bytes} bytes wanted at ${start} of ${buffer.length}`);
    at += bytes;
    return start;
  }

  function byte(): number {
    return buffer[take(1)] ?? 0;
  }

  const reader: ByteReader = {
    int8: () => buffer.readInt8(take(1)),
    int16: () => buffer.readInt16BE(take(2)),
    int32: () => buffer.readInt32BE(take(4)),
    int64: () => Number(buffer.readBigInt64BE(take(8))),
    uint32: () => buffer.readUInt32BE(take(4)),
    varint() {
      const value = reader.uvarint();
      return (value >>> 1) ^ -(value & 1);
    },
    varlong() {
      let value = 0;
      let factor = 1;
      for (let part = byte(); ; part = byte(), factor *= 128) {
        value += (part & 0x7f) * factor;
        if (part < 0x80) break;
        if (factor > 2 ** 56) throw new RangeError('a varlong of more than nine bytes');
      }
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    },
    uvarint() {
      let value = 0;
      for (let shift = 0; ; shift += 7) {
        const part = byte();
        value |= (part & 0x7f) << shift;
        if (part < 0x80) return value >>> 0;
        if (shift > 28) throw new RangeError('a varint of more than five bytes');
      }
    },
    raw(length) {
      const start = take(length);
      return buffer.subarray(start, start + length);
    },
    string() {
      const length = reader.int16();
      return length < 0 ? null : reader.raw(length).toString('utf8');
    },
    compactString() {
      const length = reader.uvarint();
      return length === 0 ? null : reader.raw(length - 1).toString('utf8');
    },
    compactBytes() {
      const length = reader.uvarint();
      return length === 0 ? none : reader.raw(length - 1);
    },
    array(read) {
      const length = reader.int32();
      return Array.from({ length: Math.max(length, 0) }, read);
    },
    compactArray(read) {
      const length = reader.uvarint();
      return Array.from({ length: Math.max(length - 1, 0) }, read);
    },
    tags() {
      for (let count = reader.uvarint(); count > 0; count -= 1) {
        reader.uvarint();
        reader.raw(reader.uvarint());
      }
    },
    rest: () => buffer.length - at,
    position: () => at,
    seek(position) {
      at = position;
    },
  };
  return reader;
}
