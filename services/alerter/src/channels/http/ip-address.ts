import { isIPv4, isIPv6 } from 'node:net';

/** The bytes of an address, 4 or 16 of them; null if the text is none. A zone (`fe80::1%eth0`) is left out. */
export function addressBytes(text: string): Uint8Array | null {
  const bare = text.split('%')[0] ?? '';
  if (isIPv4(bare)) return Uint8Array.from(bare.split('.'), Number);
  if (!isIPv6(bare)) return null;
  const [head = '', tail] = bare.replace(/[\d.]+$/, withoutDots).split('::');
  const left = groups(head);
  const right = groups(tail ?? '');
  const gap = tail === undefined ? [] : Array<number>(8 - left.length - right.length).fill(0);
  return Uint8Array.from([...left, ...gap, ...right].flatMap((group) => [group >> 8, group & 0xff]));
}

/** `1.2.3.4` at the end of an IPv6 address as two groups. */
function withoutDots(tail: string): string {
  if (!isIPv4(tail)) return tail;
  const [a = 0, b = 0, c = 0, d = 0] = tail.split('.').map(Number);
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

const groups = (text: string): number[] =>
  text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));

/** A network: the first `bits` bits of its addresses. */
export interface Network {
  readonly bytes: Uint8Array;
  readonly bits: number;
}

/** Reads `10.0.0.0/8`, `fd00::/8` or a single address; null if it is none. Bits behind the prefix must be zero. */
export function parseNetwork(text: string): Network | null {
  const [address = '', length, ...more] = text.split('/');
  const bytes = addressBytes(address);
  if (bytes === null || more.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return null;
  const bits = length === undefined ? bytes.length * 8 : Number(length);
  if (bits > bytes.length * 8) return null;
  const isPrefix = bytes.every((byte, index) => (byte & ~maskOf(index, bits) & 0xff) === 0);
  return isPrefix ? { bytes, bits } : null;
}

function maskOf(index: number, bits: number): number {
  const inByte = Math.min(8, Math.max(0, bits - index * 8));
  return (0xff << (8 - inByte)) & 0xff;
}

/** Whether a network holds an address of its own family. */
export function holds({ bytes, bits }: Network, address: Uint8Array): boolean {
  return (
    bytes.length === address.length &&
    bytes.every((byte, index) => ((byte ^ (address[index] ?? 0)) & maskOf(index, bits)) === 0)
  );
}
