import { type MalformedRequest, malformed } from '../request.ts';
import { mapCloudEvent } from './cloudevents-event.ts';
import { cloudEventOfHeaders, type Headers } from './cloudevents-headers.ts';
import { createDerivedIds } from './derived-id.ts';
import type { DialectContext, DialectRequest } from './dialect-request.ts';
import { judgeDraft } from './judge-draft.ts';
import { readDialectBody, readText } from './read-body.ts';

type Mode = 'binary' | 'structured' | 'batch' | 'any';

/**
 * A request with CloudEvents 1.0 in one of the modes of the HTTP binding: binary (attributes in headers `ce-…`), structured
 * (`application/cloudevents+json`), batched (`application/cloudevents-batch+json`); plain JSON without such headers is
 * structured if it is an object and batched if it is an array. Never throws.
 */
export function parseCloudEventsRequest(
  body: Uint8Array,
  context: DialectContext & { readonly contentType: string | null; readonly headers: Headers },
): DialectRequest {
  const mode = modeOf(context.contentType, context.headers);
  if (typeof mode !== 'string') return mode;
  const decoded = mode === 'binary' ? cloudEventOfHeaders(body, context.headers, context.contentType) : readText(body);
  if (decoded.outcome === 'malformed') return decoded;
  const read = readDialectBody(decoded.text, null);
  if (read.outcome === 'malformed') return read;
  const { text, events, isList } = read;
  if (mode !== 'any' && isList !== (mode === 'batch')) {
    return malformed(
      'wrong_type',
      '',
      `a ${mode} request has ${mode === 'batch' ? 'an array' : 'one event'} as its body`,
    );
  }
  const draftContext = {
    ...context,
    text,
    shiftUs: 0,
    derivedId: createDerivedIds('cloudevents', null),
    map: mapCloudEvent,
    needsWho: 'a CloudEvent needs a "subject", or an extension "customer" or "anonymous"',
  };
  const verdicts = events.map((event, index) => judgeDraft(event, index, draftContext));
  return { outcome: 'parsed', verdicts, key: null, sender: null };
}

function modeOf(contentType: string | null, headers: Headers): Mode | MalformedRequest {
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.map((parameter) => /^charset\s*=\s*"?([^"]*)"?$/.exec(parameter)?.[1]).find(Boolean);
  if (charset !== undefined && !['utf-8', 'utf8', 'us-ascii'].includes(charset)) {
    return malformed('unsupported_charset', '', 'send UTF-8');
  }
  if (type === 'application/cloudevents-batch+json') return 'batch';
  if (type === 'application/cloudevents+json') return 'structured';
  if (type.startsWith('application/cloudevents')) {
    const message = 'of the event formats only JSON is understood: application/cloudevents+json';
    return malformed('unsupported_media_type', '', message);
  }
  if (headers['ce-specversion'] !== undefined) return 'binary';
  if (['', 'application/json', 'text/plain', 'application/octet-stream'].includes(type)) return 'any';
  const message =
    'send application/cloudevents+json, application/cloudevents-batch+json, or the attributes as headers ce-…';
  return malformed('unsupported_media_type', '', message);
}
