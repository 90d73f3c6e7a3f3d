import type { IncomingHttpHeaders } from 'node:http';

/** `none`: no credentials. `unreadable`: some that aren't in a known form, or two that differ. */
export type ExtractedKey = { found: 'key'; key: string } | { found: 'none' } | { found: 'unreadable'; reason: string };

const keyLengthMax = 256;

function fromAuthorization(header: string): ExtractedKey {
  const parts = /^([A-Za-z]+) +(\S+)$/.exec(header.trim());
  const scheme = parts?.[1]?.toLowerCase();
  const value = parts?.[2] ?? '';
  if (scheme === 'bearer') return { found: 'key', key: value };
  if (scheme !== 'basic')
    return { found: 'unreadable', reason: 'Authorization must be "Bearer KEY" or "Basic" with the key as user' };
  const user = Buffer.from(value, 'base64').toString('utf8').split(':', 1)[0] ?? '';
  return user === '' ? { found: 'unreadable', reason: 'Basic credentials carry no user' } : { found: 'key', key: user };
}

/** The API key of a request: `Authorization: Bearer`, `X-API-Key`, or Basic with the key as user name. */
export function extractKey(headers: IncomingHttpHeaders): ExtractedKey {
  const { authorization } = headers;
  const apiKey = headers['x-api-key'];
  const single = Array.isArray(apiKey) ? apiKey.join(',') : apiKey?.trim();
  const found = authorization === undefined ? null : fromAuthorization(authorization);
  if (found?.found === 'key' && single !== undefined && single !== found.key) {
    return { found: 'unreadable', reason: 'Authorization and X-API-Key carry different keys' };
  }
  const result = found ?? (single === undefined || single === '' ? { found: 'none' } : { found: 'key', key: single });
  if (result.found === 'key' && result.key.length > keyLengthMax) {
    return { found: 'unreadable', reason: 'the key is too long to be one' };
  }
  return result;
}
