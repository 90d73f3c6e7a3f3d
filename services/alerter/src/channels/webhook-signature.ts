import { createHmac } from 'node:crypto';

const prefix = 'whsec_';
const bytesMin = 24;
const bytesMax = 64;

export type ParsedSecret =
  | { readonly ok: true; readonly key: Uint8Array }
  | { readonly ok: false; readonly message: string };

/** A secret of the Standard Webhooks specification 1.0.0: `whsec_` and 24 to 64 bytes in base64. */
export function parseWebhookSecret(text: string): ParsedSecret {
  const encoded = text.trim().slice(prefix.length);
  if (!text.trim().startsWith(prefix)) return { ok: false, message: `must begin with ${prefix}` };
  const key = Buffer.from(encoded, 'base64');
  if (key.toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, ''))
    return { ok: false, message: `must be base64 after ${prefix}` };
  if (key.length < bytesMin || key.length > bytesMax)
    return { ok: false, message: `must hold ${bytesMin} to ${bytesMax} bytes, not ${key.length}` };
  return { ok: true, key };
}

/** What is signed, and with what. */
export interface Signed {
  /** Without a full stop. */
  readonly id: string;
  /** Seconds since 1970 of the attempt. */
  readonly timestampSeconds: number;
  /** Exactly the bytes that are sent. */
  readonly body: string;
  /** The newest first. */
  readonly keys: readonly Uint8Array[];
}

/**
 * The headers of a signed webhook. One signature per key: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`
 * (Standard Webhooks specification 1.0.0, "Signature scheme"). Pure.
 */
export function webhookHeaders({ id, timestampSeconds, body, keys }: Signed): Record<string, string> {
  const content = `${id}.${timestampSeconds}.${body}`;
  const signatures = keys.map((key) => `v1,${createHmac('sha256', key).update(content).digest('base64')}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signatures.join(' '),
  };
}
