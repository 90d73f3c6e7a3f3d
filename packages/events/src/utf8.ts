import { isUtf8 } from 'node:buffer';

export type Decoded =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly byteOffset: number };

/** Bytes as text, exactly: invalid UTF-8 is reported with the offset of its first byte, and a leading byte order mark is left out. */
export function decodeUtf8(bytes: Uint8Array): Decoded {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isUtf8(buffer)) return { ok: false, byteOffset: firstInvalidByte(buffer) };
  const start = buffer.length >= 3 && buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf ? 3 : 0;
  return { ok: true, text: buffer.toString('utf8', start) };
}

/** Bytes as text for people to look at: what isn't UTF-8 becomes U+FFFD. */
export function decodeLossy(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function firstInvalidByte(buffer: Buffer): number {
  const text = buffer.toString('utf8');
  let byteOffset = 0;
  let from = 0;
  for (;;) {
    const replaced = text.indexOf('\ufffd', from);
    if (replaced < 0) return buffer.length;
    byteOffset += Buffer.byteLength(text.slice(from, replaced), 'utf8');
    const isSent = buffer[byteOffset] === 0xef && buffer[byteOffset + 1] === 0xbf && buffer[byteOffset + 2] === 0xbd;
    if (!isSent) return byteOffset;
    byteOffset += 3;
    from = replaced + 1;
  }
}
