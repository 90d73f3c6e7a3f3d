import { formatInstant, limits, type TouchpointEvent } from '@michinori/events';
import { z } from 'zod';
import { importError } from './import-error.ts';
import type { ImportTarget, RefusedEvent } from './target.ts';

export interface HttpTargetOptions {
  /** Address of an ingest, without `/v1/events`. */
  url: string;
  /** Names the place instead of the address. */
  place?: string;
  key: string | undefined;
  wait: (ms: number) => Promise<void>;
  /** How often a request is made before the import gives up; with the waits between, about a quarter of an hour. */
  attemptsMax?: number;
  requestTimeoutMs?: number;
}

const answerSchema = z.object({
  rejected: z.array(z.object({ index: z.int(), code: z.string(), path: z.string(), message: z.string() })),
});
const bodyBytesMax = limits.requestBytesMax - 1_024;

/**
 * Over HTTP to a running ingest, in requests that it can take; waits and repeats when there is no answer or it is told
 * to come back (429, 5xx). Repeats are harmless: events have ids.
 *
 * @throws `import_target_refused` if the other side doesn't want the request or never answers
 */
export function createHttpTarget(options: HttpTargetOptions): ImportTarget {
  return {
    place: options.place ?? options.url,
    async send(events) {
      const refused: RefusedEvent[] = [];
      let begin = 0;
      for (const texts of requestsOf(events)) {
        const answer = await post(options, `{"events":[${texts.join(',')}]}`);
        refused.push(...answer.map((fault) => ({ ...fault, index: fault.index + begin })));
        begin += texts.length;
      }
      return refused;
    },
  };
}

/** The event in native wire form. */
export function toWire(event: TouchpointEvent): Record<string, unknown> {
  const { occurredAtUs, receivedAtUs: _receivedAtUs, properties, traits, ...plain } = event;
  const given = Object.entries(plain).filter(([, value]) => value !== null);
  return {
    ...Object.fromEntries(given),
    occurredAt: formatInstant(occurredAtUs),
    ...(properties.size > 0 ? { properties: Object.fromEntries(properties) } : {}),
    ...(traits.size > 0 ? { traits: Object.fromEntries(traits) } : {}),
  };
}

function* requestsOf(events: readonly TouchpointEvent[]): Generator<string[]> {
  let texts: string[] = [];
  let bytes = 0;
  for (const event of events) {
    const text = JSON.stringify(toWire(event));
    const added = Buffer.byteLength(text) + 1;
    if (texts.length > 0 && (bytes + added > bodyBytesMax || texts.length >= limits.requestEventsMax)) {
      yield texts;
      texts = [];
      bytes = 0;
    }
    texts.push(text);
    bytes += added;
  }
  if (texts.length > 0) yield texts;
}

async function post(options: HttpTargetOptions, body: string): Promise<RefusedEvent[]> {
  const { url, key, wait, attemptsMax = 100, requestTimeoutMs = 60_000 } = options;
  const headers = {
    'content-type': 'application/json',
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
  for (let attempt = 1; ; attempt += 1) {
    const signal = AbortSignal.timeout(requestTimeoutMs);
    const answer = await fetch(`${url.replace(/\/+$/, '')}/v1/events`, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal,
    })
      .then(async (response) => ({ response, text: await response.text() }))
      .catch((error: Error) => error);
    if (answer instanceof Error) {
      if (attempt < attemptsMax) {
        await wait(Math.min(10_000, 250 * 2 ** Math.min(attempt, 6)));
        continue;
      }
      const reason = answer.cause instanceof Error ? answer.cause.message : answer.message;
      throw importError('import_target_refused', `${url} does not answer: ${reason}`, answer);
    }
    const { response, text } = answer;
    if (response.status === 202 || response.status === 422) {
      const verdict = answerSchema.safeParse(parseJson(text));
      if (verdict.success) return verdict.data.rejected;
    }
    const canRetry = response.status === 429 || response.status >= 500;
    if (!canRetry || attempt >= attemptsMax) {
      const hint = response.status === 401 || response.status === 403 ? ' (give a key with --key)' : '';
      throw importError('import_target_refused', `${url} answered ${response.status}${hint}: ${text.slice(0, 500)}`);
    }
    await wait(retryAfterMs(response.headers.get('retry-after')));
  }
}

function retryAfterMs(header: string | null): number {
  const seconds = Number(header ?? '');
  return header !== null && Number.isFinite(seconds) ? Math.min(60_000, Math.max(0, seconds * 1_000)) : 1_000;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
