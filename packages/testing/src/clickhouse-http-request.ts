import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, inflateSync } from 'node:zlib';
import type { EngineRequest } from './clickhouse-http-engine.ts';

/** A request of ClickHouse's HTTP protocol, read in full. */
export interface ProtocolRequest extends EngineRequest {
  readonly queryId: string | null;
  readonly user: string;
  readonly password: string;
  readonly gzip: boolean;
}

// These steer the HTTP layer of a real server; the engine doesn't know them.
const httpOnly = new Set([
  'wait_end_of_query',
  'buffer_size',
  'send_progress_in_http_headers',
  'http_response_buffer_size',
  'http_headers_progress_interval_ms',
  'enable_http_compression',
  'http_zlib_compression_level',
  'cancel_http_readonly_queries_on_client_close',
  'role',
  'session_id',
  'compress',
  'decompress',
]);
const own = new Set(['query', 'query_id', 'database', 'default_format', 'user', 'password']);

function basicCredentials(header: string | undefined): readonly [string, string] | null {
  if (header === undefined || !header.startsWith('Basic ')) return null;
  const [user = '', ...rest] = Buffer.from(header.slice(6), 'base64').toString().split(':');
  return [user, rest.join(':')];
}

function inflate(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'gzip') return gunzipSync(body);
  if (encoding === 'deflate') return inflateSync(body);
  return body;
}

function multipartFields(body: string, boundary: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const part of body.split(`--${boundary}`)) {
    const [, name, content] = /name="([^"]+)"[^\r]*\r\n(?:[^\r]+\r\n)*\r\n([\s\S]*)\r\n$/.exec(part) ?? [];
    if (name !== undefined && content !== undefined) fields.set(name, content);
  }
  return fields;
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Reads a request: query in `?query`, in the body, in both (INSERT with data), or in a multipart form. */
export async function readProtocolRequest(request: IncomingMessage): Promise<ProtocolRequest> {
  const search = new URL(request.url ?? '/', 'http://localhost').searchParams;
  const body = inflate(await buffer(request), header(request, 'content-encoding')).toString('utf8');
  const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(header(request, 'content-type') ?? '')?.[1];
  const fields = boundary === undefined ? null : multipartFields(body, boundary);
  const query = [search.get('query'), fields === null ? body : (fields.get('query') ?? null)];

  const settings = new Map<string, string>();
  const parameters = new Map<string, string>();
  for (const [key, value] of [...search, ...(fields ?? [])]) {
    if (key.startsWith('param_')) parameters.set(key.slice('param_'.length), value);
    else if (!own.has(key) && !httpOnly.has(key) && /^[a-z0-9_]+$/.test(key)) settings.set(key, value);
  }

  const [user, password] = basicCredentials(header(request, 'authorization')) ?? [
    header(request, 'x-clickhouse-user') ?? search.get('user') ?? 'default',
    header(request, 'x-clickhouse-key') ?? search.get('password') ?? '',
  ];
  return {
    sql: query.filter((part) => part !== null && part !== '').join('\n'),
    format: search.get('default_format') ?? header(request, 'x-clickhouse-format') ?? 'TabSeparated',
    database: search.get('database') ?? header(request, 'x-clickhouse-database') ?? null,
    settings:
      request.method === 'GET' ? new Map([...settings, ['readonly', settings.get('readonly') ?? '2']]) : settings,
    parameters,
    queryId: search.get('query_id'),
    user,
    password,
    gzip: search.get('enable_http_compression') === '1' && /\bgzip\b/.test(header(request, 'accept-encoding') ?? ''),
  };
}
