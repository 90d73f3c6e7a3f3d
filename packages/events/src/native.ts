import { judge, type RequestContext } from './judge.ts';
import { limits } from './limits.ts';
import { bodyForm } from './media-type.ts';
import { parseNdjson } from './ndjson.ts';
import { readRequest } from './read-request.ts';
import { malformed, type ParsedRequest } from './request.ts';
import { decodeUtf8 } from './utf8.ts';

/**
 * A request in the native form: one event, an array, `{"events": […], "sentAt"?}`, or one event per line. Either the
 * request as a whole is malformed, or there is a verdict for each of its events, in order: accepted exactly as sent, or
 * refused with a code and a path. Never throws, whatever the bytes; faults of one event don't touch the others.
 */
export function parseNativeRequest(body: Uint8Array, context: RequestContext): ParsedRequest {
  const form = bodyForm(context.contentType);
  if (!form.ok) return malformed(form.code, '', form.message);
  if (body.byteLength > limits.requestBytesMax) {
    const message = `a request may have ${limits.requestBytesMax} bytes, this one has ${body.byteLength}`;
    return malformed('request_too_large', '', message);
  }
  if (form.form === 'ndjson') return parseNdjson(body, context);
  const decoded = decodeUtf8(body);
  if (!decoded.ok) {
    const isUtf16 = (body[0] === 0xff && body[1] === 0xfe) || (body[0] === 0xfe && body[1] === 0xff);
    const hint = isUtf16 ? '; it looks like UTF-16' : '';
    const message = `the body is not UTF-8: byte ${decoded.byteOffset} is the first invalid one${hint}`;
    return malformed('invalid_utf8', '', message);
  }
  const request = readRequest(decoded.text, context.receivedAtUs);
  if (request.outcome === 'malformed') return request;
  if (request.outcome === 'more') {
    if (form.form === 'any') return parseNdjson(body, context);
    const hint = 'for one event per line, send Content-Type: application/x-ndjson';
    return malformed('invalid_json', '', `not JSON: there is more after the first value; ${hint}`);
  }
  const checkContext = { ...context, shiftUs: request.shiftUs };
  const verdicts = request.events.map(({ value, start, end }, index) =>
    judge(value, decoded.text, start, end, index, checkContext),
  );
  return { outcome: 'parsed', verdicts };
}
