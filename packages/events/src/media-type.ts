import type { RequestErrorCode } from './codes.ts';

export type BodyForm =
  /** `json`: exactly one JSON text. `ndjson`: one event per line. `any`: whichever of the two it turns out to be. */
  | { readonly ok: true; readonly form: 'json' | 'ndjson' | 'any' }
  | { readonly ok: false; readonly code: RequestErrorCode; readonly message: string };

const JSON_TYPES = new Set(['application/json', 'text/json']);
const NDJSON_TYPES = new Set([
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonlines',
  'application/jsonlines',
]);
/** What clients send when nobody told them what they send. */
const UNSPECIFIC_TYPES = new Set(['', 'text/plain', 'application/octet-stream', 'application/x-www-form-urlencoded']);
const CHARSETS = new Set(['utf-8', 'utf8', 'us-ascii']);

/** What a Content-Type header says about the body; a missing or unspecific one says nothing. */
export function bodyForm(contentType: string | null): BodyForm {
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  for (const parameter of parameters) {
    const charset = /^charset\s*=\s*"?([^"]*)"?$/.exec(parameter)?.[1];
    if (charset !== undefined && !CHARSETS.has(charset)) {
      return { ok: false, code: 'unsupported_charset', message: 'send UTF-8: JSON has no other encoding' };
    }
  }
  if (JSON_TYPES.has(type)) return { ok: true, form: 'json' };
  if (NDJSON_TYPES.has(type)) return { ok: true, form: 'ndjson' };
  if (UNSPECIFIC_TYPES.has(type)) return { ok: true, form: 'any' };
  const message = 'send application/json or, for one event per line, application/x-ndjson';
  return { ok: false, code: 'unsupported_media_type', message };
}
