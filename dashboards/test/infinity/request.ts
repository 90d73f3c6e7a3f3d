import { NotEmulated } from '../not-emulated.ts';
import type { InfinityQuery } from './query.ts';

/** What the provisioned datasource says. */
export interface Datasource {
  /** Base address, put in front of what a query says. */
  url: string;
  bearerToken: string | null;
  allowedHosts: readonly string[];
  /** Answers by request, where the same question needn't be asked twice. */
  cache?: Map<string, Promise<HttpAnswer>>;
}

export interface HttpAnswer {
  status: number;
  text: string;
}

export interface HttpRequest {
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body: string | undefined;
}

/** The request that Infinity's backend would send for a query whose variables and macros are filled in (pkg/infinity/request.go, headers.go, client.go). */
export function buildRequest(query: InfinityQuery, datasource: Datasource): HttpRequest {
  const address = query.url.startsWith(datasource.url) ? query.url : `${datasource.url}${query.url}`;
  if (/[\s\u0080-\uffff]/.test(address))
    throw new NotEmulated(`blanks or other letters than ASCII in the path: ${address}`);
  const url = new URL(address);
  const parameters = new URLSearchParams(url.search);
  for (const { key, value } of query.params) parameters.append(key, value);
  // Go's url.Values.Encode: in the order of the names, values of one name in theirs.
  parameters.sort();
  url.search = parameters.toString();
  if (!datasource.allowedHosts.some((allowed) => url.href.startsWith(allowed)))
    throw new Error(`requested URL not allowed: ${url.href} begins with none of ${datasource.allowedHosts.join(', ')}`);
  const headers: Record<string, string> = {
    accept: 'application/json;q=0.9,text/plain',
    ...(query.method === 'POST' ? { 'content-type': query.bodyContentType } : {}),
    ...Object.fromEntries(query.headers.map(({ key, value }) => [key.toLowerCase(), value])),
    ...(datasource.bearerToken === null ? {} : { authorization: `Bearer ${datasource.bearerToken}` }),
  };
  return { url: url.href, method: query.method, headers, body: query.method === 'POST' ? query.body : undefined };
}

/** Sends it, unless the same request was sent before and its answer is kept. */
export function sendRequest({ url, method, headers, body }: HttpRequest, { cache }: Datasource): Promise<HttpAnswer> {
  const send = async (): Promise<HttpAnswer> => {
    const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
    return { status: response.status, text: await response.text() };
  };
  const key = `${method} ${url} ${body ?? ''}`;
  const sent = cache?.get(key) ?? send();
  cache?.set(key, sent);
  return sent;
}
