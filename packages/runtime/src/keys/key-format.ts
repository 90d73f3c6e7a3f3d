import { createHash, randomInt, timingSafeEqual } from 'node:crypto';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const prefixLength = 8;
const secretLength = 40;
const shape = /^mk_([0-9a-z]{8})_[0-9A-Za-z]{40}$/;

function randomText(length: number, letters: string): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('');
}

/** A new key `mk_<prefix>_<secret>`: 8 visible characters, 40 secret ones (238 bits). */
export function newKey(): { key: string; prefix: string } {
  const prefix = randomText(prefixLength, alphabet.slice(0, 36));
  return { key: `mk_${prefix}_${randomText(secretLength, alphabet)}`, prefix };
}

/** The visible prefix of a well-formed key, or null. */
export function keyPrefix(key: string): string | null {
  return shape.exec(key)?.[1] ?? null;
}

/** SHA-256 over salt and key, in hex. The secret is random, so a slow password hash would add nothing. */
export function hashKey(key: string, salt: string): string {
  return createHash('sha256').update(salt).update('\0').update(key).digest('hex');
}

/** Compares a key with a stored hash in a time that doesn't depend on where they differ. */
export function matchesHash(key: string, salt: string, hash: string): boolean {
  const expected = Buffer.from(hash, 'hex');
  const actual = Buffer.from(hashKey(key, salt), 'hex');
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
