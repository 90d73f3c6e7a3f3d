import { limits } from '../limits.ts';
import { readJson } from '../read-json.ts';
import { type MalformedRequest, malformed } from '../request.ts';
import { decodeUtf8 } from '../utf8.ts';

/** Headers of a request by lower-case name. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const ATTRIBUTE = /^ce-([a-z0-9_]+)$/;

/**
 * A CloudEvent of the binary mode as the text of its JSON form: attributes from the headers `ce-…`, which are
 * percent-encoded (HTTP Protocol Binding 1.0.2 §3.1.3.2), `data` from the body: JSON as it stands, other text as a string,
 * other bytes as base64.
 */
export function cloudEventOfHeaders(
  body: Uint8Array,
  headers: Headers,
  contentType: string | null,
): { readonly outcome: 'text'; readonly text: string } | MalformedRequest {
  if (body.byteLength > limits.requestBytesMax) {
    return malformed('request_too_large', '', `a request may have ${limits.requestBytesMax} bytes`);
  }
  const members: string[] = [];
  const member = (name: string, json: string) => members.push(`${JSON.stringify(name)}:${json}`);
  for (const [header, value] of Object.entries(headers)) {
    const name = ATTRIBUTE.exec(header)?.[1];
    if (name === undefined || value === undefined || isContent(name)) continue;
    member(name, JSON.stringify(decodeHeader(typeof value === 'string' ? value : value.join(', '))));
  }
  if (contentType !== null) member('datacontenttype', JSON.stringify(contentType));
  if (body.byteLength > 0) {
    const data = readData(body, contentType);
    if (data.outcome === 'malformed') return data;
    member(data.name, data.json);
  }
  return { outcome: 'text', text: `{${members.join(',')}}` };
}

const isContent = (name: string): boolean => ['data', 'data_base64', 'datacontenttype'].includes(name);

type Data = { readonly outcome: 'data'; readonly name: string; readonly json: string } | MalformedRequest;

function readData(body: Uint8Array, contentType: string | null): Data {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const isJson = type === 'application/json' || type === 'text/json' || type.endsWith('+json');
  const decoded = decodeUtf8(body);
  if (!decoded.ok) {
    if (isJson) {
      const message = `the body is not UTF-8: byte ${decoded.byteOffset} is the first invalid one`;
      return malformed('invalid_utf8', '', message);
    }
    const base64 = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64');
    return { outcome: 'data', name: 'data_base64', json: JSON.stringify(base64) };
  }
  const { text } = decoded;
  if (isJson || type === '') {
    const read = readJson(text);
    if (read.ok) return { outcome: 'data', name: 'data', json: text.trim() };
    if (isJson) return malformed('invalid_json', '', read.message);
  }
  return { outcome: 'data', name: 'data', json: JSON.stringify(text) };
}

/** Percent-encoded UTF-8, in quotes or not; what can't be decoded stays as it was sent. */
function decodeHeader(value: string): string {
  const quoted = /^"(.*)"$/.exec(value)?.[1]?.replace(/\\(.)/g, '$1');
  try {
    return decodeURIComponent(quoted ?? value);
  } catch {
    return quoted ?? value;
  }
}
