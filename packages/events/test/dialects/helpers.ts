import {
  type DialectRequest,
  parseCloudEventsRequest,
  parsePosthogRequest,
  parseSegmentRequest,
  type SegmentCall,
  type TouchpointEvent,
} from '@michinori/events';
import { bytes, receivedAtUs } from '../helpers.ts';

export const context = { receivedAtUs, newId: () => 'generated' };

const asBytes = (body: unknown) =>
  body instanceof Uint8Array ? body : bytes(typeof body === 'string' ? body : JSON.stringify(body));

export const segment = (body: unknown, call: SegmentCall | null = null): DialectRequest =>
  parseSegmentRequest(asBytes(body), { ...context, call });

export const posthog = (body: unknown, sentAtMs: string | null = null): DialectRequest =>
  parsePosthogRequest(asBytes(body), { ...context, sentAtMs });

export const cloudEvents = (
  body: unknown,
  contentType: string | null = 'application/cloudevents+json',
  headers: Record<string, string> = {},
): DialectRequest => parseCloudEventsRequest(asBytes(body), { ...context, contentType, headers });

/** The events of a request in which everything was accepted. */
export function accepted(request: DialectRequest): TouchpointEvent[] {
  if (request.outcome === 'malformed') throw new Error(`malformed: ${request.code} ${request.path} ${request.message}`);
  return request.verdicts.map((verdict) => {
    if (!verdict.accepted) throw new Error(JSON.stringify(verdict.rejected));
    return verdict.event;
  });
}

/** What was given of the only event, with properties and traits as objects. */
export function only(request: DialectRequest): Record<string, unknown> {
  const [event, ...more] = accepted(request);
  if (event === undefined || more.length > 0) throw new Error('expected one event');
  const { properties, traits, receivedAtUs: _, ...fields } = event;
  const given = Object.entries(fields).filter(([, value]) => value !== null);
  return {
    ...Object.fromEntries(given),
    properties: Object.fromEntries(properties),
    traits: Object.fromEntries(traits),
  };
}

/** `code path` per event (`accepted` for a good one), or `code path` of the request. */
export function outcomes(request: DialectRequest): string[] {
  if (request.outcome === 'malformed') return [`${request.status} ${request.code} ${request.path}`.trim()];
  return request.verdicts.map((verdict) => {
    if (verdict.accepted) return 'accepted';
    const { code, path } = verdict.rejected.rejection;
    return `${code} ${path}`.trim();
  });
}
