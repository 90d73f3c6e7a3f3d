import type { MalformedRequest } from '../request.ts';
import { malformed } from '../request.ts';
import { readText } from './read-body.ts';

const FORM_FIELD = /^data=([^&]*)(?:&|$)/;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** The JSON text of a PostHog request: the body itself, or what older browsers send as form field `data`, plain or base64. */
export function readPosthogText(
  body: Uint8Array,
): { readonly outcome: 'text'; readonly text: string } | MalformedRequest {
  const decoded = readText(body);
  if (decoded.outcome === 'malformed') return decoded;
  const field = FORM_FIELD.exec(decoded.text)?.[1];
  if (field === undefined) return decoded;
  const data = decodeField(field);
  if (data === null) return malformed('invalid_json', '', 'the form field "data" is not encoded as forms are');
  if (!BASE64.test(data.trim())) return { outcome: 'text', text: data };
  return readText(Buffer.from(data.trim(), 'base64'));
}

function decodeField(field: string): string | null {
  try {
    return decodeURIComponent(field.replaceAll('+', '%20'));
  } catch {
    return null;
  }
}
