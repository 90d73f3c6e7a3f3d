import {
  canonicalContent,
  contentHash,
  decodeEnvelope,
  encodeEnvelope,
  nativeEventSchema,
  parseNativeRequest,
} from '@michinori/events';
import { bench, describe } from 'vitest';

const context = { receivedAtUs: Date.UTC(2026, 10, 21, 10) * 1_000, contentType: 'application/json' };
const events = Array.from({ length: 500 }, (_, i) => ({
  id: `0192f0c1-7e2a-7000-8000-${String(i).padStart(12, '0')}`,
  customer: `acme-${i % 97}`,
  account: `acme-${i % 7}`,
  touchpoint: 'app.feature_used',
  channel: 'app',
  team: 'product',
  direction: 'inbound',
  topic: 'onboarding',
  occurredAt: `2026-11-21T09:${String(i % 60).padStart(2, '0')}:00.123Z`,
  sequence: i,
  sentiment: 0.4,
  amount: { value: '1200.00', currency: 'JPY' },
  properties: { page: '/setup', durationMs: 1234.5, isTrial: true, utm: { source: 'mail', medium: 'お知らせ' } },
  traits: { plan: 'pro', industry: 'retail' },
}));
const text = JSON.stringify({ events });
const body = new TextEncoder().encode(text);
const parsed = parseNativeRequest(body, context);
const canonical =
  parsed.outcome === 'parsed' ? parsed.verdicts.flatMap((verdict) => (verdict.accepted ? [verdict.event] : [])) : [];
const records = canonical.map((event) => encodeEnvelope(event, { dialect: 'native' }));
if (canonical.length !== 500) throw new Error('the benchmark needs 500 valid events');

/** One iteration = one request of 500 events; events per second = 500 × iterations per second. */
describe(`500 events, ${body.length} bytes`, () => {
  bench('bare JSON.parse of the same bytes', () => {
    JSON.parse(Buffer.from(body).toString('utf8'));
  });
  bench('parseNativeRequest', () => {
    parseNativeRequest(body, context);
  });
  bench('JSON.parse and zod per event', () => {
    for (const event of JSON.parse(Buffer.from(body).toString('utf8')).events) nativeEventSchema.safeParse(event);
  });
  bench('encodeEnvelope', () => {
    for (const event of canonical) encodeEnvelope(event, { dialect: 'native' });
  });
  bench('decodeEnvelope', () => {
    for (const record of records) decodeEnvelope(record);
  });
  bench('canonicalContent', () => {
    for (const event of canonical) canonicalContent(event);
  });
  bench('contentHash', () => {
    for (const event of canonical) contentHash(event);
  });
});
