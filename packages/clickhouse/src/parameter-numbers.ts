/** Integer microseconds since 1970 as ClickHouse's decimal seconds, exact. */
export function secondsText(us: number): string {
  const magnitude = Math.abs(us);
  const seconds = String(Math.floor(magnitude / 1_000_000)).padStart(10, '0');
  return `${us < 0 ? '-' : ''}${seconds}.${String(magnitude % 1_000_000).padStart(6, '0')}`;
}

const integerType = /^(U?)Int(8|16|32|64|128|256)$/;

/**
 * A number as the text of a parameter: `{ digits }` where it stands bare, a string where it is quoted, or why it has no
 * exact form. ClickHouse itself would turn 300 into a UInt8 as 44 without a word.
 */
export function encodeNumber(value: number | bigint, type: string): { digits: string } | string | { why: string } {
  if (type === 'DateTime64') {
    if (typeof value === 'bigint' || Number.isSafeInteger(value)) return secondsText(Number(value));
    return { why: `${value} is not whole microseconds` };
  }
  if (type === 'Date' || type === 'Date32' || type === 'DateTime') {
    return { why: 'a number is microseconds and goes into a DateTime64 only' };
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return { why: `${value} has no exact form` };
  const [, unsigned, bits] = integerType.exec(type) ?? [];
  if (bits !== undefined) return encodeInteger(value, unsigned === 'U', BigInt(bits), type);
  return { digits: String(value) };
}

function encodeInteger(
  value: number | bigint,
  unsigned: boolean,
  bits: bigint,
  type: string,
): { digits: string } | { why: string } {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    return { why: Number.isInteger(value) ? `${value} is beyond 2^53: pass a bigint` : `${value} is not an integer` };
  }
  const integer = BigInt(value);
  const lowest = unsigned ? 0n : -(1n << (bits - 1n));
  const highest = unsigned ? (1n << bits) - 1n : (1n << (bits - 1n)) - 1n;
  return integer < lowest || integer > highest ? { why: `${value} does not fit ${type}` } : { digits: String(integer) };
}
