import type { Question } from './question.ts';

/** Media types of the forms in which every answer can be had. */
export const mediaTypes = { json: 'application/json', csv: 'text/csv', ndjson: 'application/x-ndjson' } as const;
export type Format = keyof typeof mediaTypes;

/** What `fetch` is given. */
export interface HttpRequest {
  url: string;
  init: { method: string; headers: Record<string, string>; body?: string; redirect: 'manual' };
}

/**
 * The request of a question. A path of `base` is kept, so that an API behind `https://example.org/journeys/` works. Redirects aren't followed: they
 * would turn a POST into a GET.
 */
export function requestOf(
  question: Question<unknown, unknown>,
  { base, key, format }: { base: string; key: string | undefined; format: Format },
): HttpRequest {
  const { method, path, query, body, textType } = question;
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) search.append(name, String(one));
    }
  }
  const url = `${base.replace(/\/+$/, '')}${path}${search.size === 0 ? '' : `?${search}`}`;
  const headers: Record<string, string> = { accept: mediaTypes[format] };
  if (key !== undefined) headers.authorization = `Bearer ${key}`;
  if (body === undefined) return { url, init: { method, headers, redirect: 'manual' } };
  const isText = typeof body === 'string';
  headers['content-type'] = isText ? (textType ?? 'text/plain') : 'application/json';
  return { url, init: { method, headers, redirect: 'manual', body: isText ? body : JSON.stringify(body) } };
}
