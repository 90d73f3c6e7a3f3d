const LONE_SURROGATE = /\p{Surrogate}/u;

export type TextFault = 'text_with_nul' | 'text_with_lone_surrogate';

/** What makes a text impossible to store unchanged: NUL (it separates keys) or half of a surrogate pair (no UTF-8). */
export function textFault(text: string): TextFault | null {
  if (text.includes('\0')) return 'text_with_nul';
  return LONE_SURROGATE.test(text) ? 'text_with_lone_surrogate' : null;
}

/** Whether a text has more than `max` Unicode characters (code points). */
export function isLongerThan(text: string, max: number): boolean {
  if (text.length <= max || text.length > 2 * max) return text.length > max;
  let count = 0;
  for (const _ of text) count += 1;
  return count > max;
}

/** The longest prefix of a text whose UTF-8 form has at most `bytesMax` bytes; never half a character. */
export function cutToBytes(text: string, bytesMax: number): string {
  if (text.length * 3 <= bytesMax) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytesMax));
  return text.slice(0, read);
}

/** A text quoted for a message: JSON escapes, at most 40 characters, always well-formed. */
export function quoted(text: string): string {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return JSON.stringify(shown.replace(/\p{Surrogate}/gu, '\ufffd'));
}
