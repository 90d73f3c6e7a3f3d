import type { IncomingHttpHeaders } from 'node:http';
import { extractKey } from './keys/extract-key.ts';
import type { KeyScope } from './keys/key-file.ts';
import { keyPrefix } from './keys/key-format.ts';
import type { KeyStore } from './keys/key-store.ts';
import { isLoopback } from './listen-address.ts';

/** 401 for `missing_key` and `invalid_key`, 403 for `insufficient_scope` and `foreign_origin`. */
export type AccessVerdict =
  | { outcome: 'allowed'; keyPrefix: string | null }
  | { outcome: 'refused'; status: 401 | 403; code: AccessCode; detail: string };

export const accessCodes = ['missing_key', 'invalid_key', 'insufficient_scope', 'foreign_origin'] as const;
export type AccessCode = (typeof accessCodes)[number];

export interface AccessOptions {
  keys: KeyStore;
  /** The address that the server listens on. */
  host: string;
  /** Web origins that may call although no keys are in use; `*` for all of them. */
  allowedOrigins?: readonly string[];
}

export type Authorize = (headers: IncomingHttpHeaders, scope: KeyScope) => AccessVerdict;

function hostOf(authority: string): string | null {
  try {
    return new URL(authority.includes('://') ? authority : `http://${authority}`).hostname;
  } catch {
    return null;
  }
}

function isLocal(authority: string): boolean {
  const host = hostOf(authority);
  return host !== null && isLoopback(host);
}

/**
 * Decides whether a request may use a scope. While no key was ever made and the server listens on loopback, no key is
 * asked for; but then a web page must not be able to use it from a browser on the same machine, so a foreign `Origin`
 * or a `Host` that isn't a loopback name (DNS rebinding) is refused.
 */
export function createAccess({ keys, host, allowedOrigins = [] }: AccessOptions): Authorize {
  const mayBeOpen = isLoopback(host);
  const origins = new Set(allowedOrigins);

  function authorizeOpen(headers: IncomingHttpHeaders): AccessVerdict {
    const { origin, host: requestedHost } = headers;
    const isForeignOrigin = origin !== undefined && !origins.has('*') && !origins.has(origin) && !isLocal(origin);
    if (isForeignOrigin || (requestedHost !== undefined && !isLocal(requestedHost))) {
      const detail = 'Without keys only programs and pages of this machine may call. Create a key to allow others.';
      return { outcome: 'refused', status: 403, code: 'foreign_origin', detail };
    }
    return { outcome: 'allowed', keyPrefix: null };
  }

  return function authorize(headers, scope) {
    if (mayBeOpen && keys.isUnused()) return authorizeOpen(headers);
    const extracted = extractKey(headers);
    if (extracted.found === 'none') {
      const detail = 'Send an API key: "Authorization: Bearer KEY", "X-API-Key: KEY", or Basic with the key as user.';
      return { outcome: 'refused', status: 401, code: 'missing_key', detail };
    }
    if (extracted.found === 'unreadable') {
      return {
        outcome: 'refused',
        status: 401,
        code: 'invalid_key',
        detail: `The credentials can't be read: ${extracted.reason}.`,
      };
    }
    const verdict = keys.verify(extracted.key, scope);
    if (verdict === 'ok') return { outcome: 'allowed', keyPrefix: keyPrefix(extracted.key) };
    if (verdict === 'unknown') {
      return { outcome: 'refused', status: 401, code: 'invalid_key', detail: 'The API key is unknown or revoked.' };
    }
    return {
      outcome: 'refused',
      status: 403,
      code: 'insufficient_scope',
      detail: `The API key lacks the scope "${scope}".`,
    };
  };
}
