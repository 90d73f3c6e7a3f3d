import { bytesOf, newId, snapshot, type TrackedEvent, type WaitingEvent } from './event.ts';
import { failureOf, type IngestFailure, judge, type Verdict } from './judge.ts';
import { post } from './post.ts';

export interface IngestClientOptions {
  /** Address of ingest or standalone, e.g. `http://127.0.0.1:8080`. */
  url: string;
  /** API key with the scope `ingest`; leave it out where no keys are in use. */
  key?: string | undefined;
  /** Called for events that aren't stored, or may not be. What it throws is an uncaught exception. */
  onError(failure: IngestFailure): void;
  /** Called before each repetition, for logs. */
  onRetry?(retry: { attempt: number; reason: string; waitMs: number; waiting: number }): void;
  /** Events per request, at most 5 000; default 500. So many start a request at once. */
  batchMax?: number;
  /** How long the first event waits for others, in milliseconds; default 1 000. */
  flushMs?: number;
  /** Events that may wait, in flight or not; more are reported as `queue_full`. Default 10 000. */
  queueMax?: number;
  /** Bytes that may wait; default 64 MiB. */
  queueBytesMax?: number;
  /** How long an answer may take, in milliseconds; default 30 000. */
  requestMs?: number;
  /** First and longest wait before a repetition, in milliseconds; default 500 and 30 000. */
  retryMs?: number;
  retryMaxMs?: number;
  /** Instead of the global `fetch`. */
  fetch?: typeof fetch;
}

export interface IngestClient {
  /** Takes an event as it is now and returns its id at once. It is sent until ingest has answered for it, or reported to `onError`. */
  track(event: TrackedEvent): string;
  /** Sends without waiting for more; resolves when every event tracked so far is accepted or reported. */
  flush(): Promise<void>;
  /** Takes no more events, sends what waits, and after `timeoutMs` (5 000) reports the rest as `undelivered`. */
  close(options?: { timeoutMs?: number }): Promise<void>;
  /** Events that are neither accepted nor reported. */
  readonly waiting: number;
}

const MIB = 1024 * 1024;
/** Of ingest: 1 MiB an event, 4 MiB and 5 000 events a request (a little is left for what stands around them). */
const limits = { eventBytes: MIB, requestBytes: 4 * MIB - 8 * 1024, requestEvents: 5_000 };
const retryAfterMsMax = 300_000;
/** While the client is being closed, there is little time left to wait. */
const closingWaitMsMax = 500;
const undelivered = { code: 'undelivered', message: 'The client was closed before ingest had answered.' };

/** A client of one ingest. It holds the process open while events wait. @throws TypeError for a `url` that isn't one */
export function createIngestClient(options: IngestClientOptions): IngestClient {
  const { key, onError, onRetry, flushMs = 1_000, queueMax = 10_000, queueBytesMax = 64 * MIB } = options;
  const { requestMs = 30_000, retryMs = 500, retryMaxMs = 30_000, fetch: given } = options;
  const batchMax = Math.max(1, Math.min(options.batchMax ?? 500, limits.requestEvents));
  const url = new URL(`${options.url.replace(/\/+$/, '')}/v1/events`).href;
  const wire = { url, key, fetch: given ?? fetch.bind(globalThis) };

  const queue: WaitingEvent[] = [];
  const flushes: { until: number; resolve(): void }[] = [];
  const counts = { taken: 0, settled: 0, bytes: 0 };
  let requestBytesMax = limits.requestBytes;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isSending = false;
  let isStopped = false;
  let abandon = (): void => {};
  let wake = (): void => {};
  let closing: Promise<void> | undefined;

  const report = (failure: IngestFailure): void => queueMicrotask(() => onError(failure));

  function refusal({ bytes }: WaitingEvent): { code: string; message: string } | null {
    if (closing !== undefined) return { code: 'closed', message: 'The client was closed before.' };
    if (bytes > limits.eventBytes) return { code: 'event_too_large', message: `It has ${bytes} bytes; 1 MiB may be.` };
    if (queue.length < queueMax && counts.bytes + bytes <= queueBytesMax) return null;
    return { code: 'queue_full', message: `${queue.length} events (${counts.bytes} bytes) wait; no more are taken.` };
  }

  function track(event: TrackedEvent): string {
    const id = event.id ?? newId();
    try {
      const waiting = snapshot(event, id);
      const refused = refusal(waiting);
      if (refused !== null) report(failureOf(refused, [waiting]));
      else take(waiting);
    } catch (error) {
      report(failureOf({ code: 'not_json', message: String(error), events: [{ ...event, id }] }, []));
    }
    return id;
  }

  function take(event: WaitingEvent): void {
    queue.push(event);
    counts.taken++;
    counts.bytes += event.bytes;
    if (queue.length >= batchMax) void send();
    else if (!isSending) timer ??= setTimeout(send, flushMs);
  }

  async function send(): Promise<void> {
    if (isSending) return;
    isSending = true;
    clearTimeout(timer);
    timer = undefined;
    for (let attempt = 1; queue.length > 0 && !isStopped; ) {
      const batch = cut();
      const verdict = await request(batch);
      if (verdict.outcome === 'settled') {
        settle(batch.length, verdict.failures);
        attempt = 1;
      } else if (verdict.outcome === 'split') requestBytesMax = Math.floor(bytesOf(batch) / 2);
      else if (!isStopped) await pause(attempt++, verdict);
    }
    if (isStopped) settle(queue.length, [failureOf(undelivered, queue)]);
    isSending = false;
  }

  /** The events of the next request: those that waited longest, at least one. */
  function cut(): WaitingEvent[] {
    let [count, bytes] = [0, 0];
    for (const event of queue) {
      bytes += event.bytes + 1;
      if (count === batchMax || (count > 0 && bytes > requestBytesMax)) break;
      count++;
    }
    return queue.slice(0, count);
  }

  async function request(batch: readonly WaitingEvent[]): Promise<Verdict> {
    const abort = new AbortController();
    abandon = () => abort.abort();
    const late = setTimeout(() => abort.abort(new Error(`no answer within ${requestMs} ms`)), requestMs);
    try {
      return judge(await post(wire, batch, abort.signal), batch, Date.now());
    } catch (error) {
      const reason = error instanceof Error ? `${error.message} ${error.cause ?? ''}`.trim() : String(error);
      return { outcome: 'retry', reason, retryAfterMs: 0 };
    } finally {
      clearTimeout(late);
    }
  }

  function pause(attempt: number, { reason, retryAfterMs }: { reason: string; retryAfterMs: number }): Promise<void> {
    const longest = closing === undefined ? retryMaxMs : Math.min(retryMaxMs, closingWaitMsMax);
    const backOff = Math.min(longest, retryMs * 2 ** (attempt - 1)) * (1 - Math.random() / 2);
    const waitMs = Math.max(backOff, Math.min(retryAfterMs, retryAfterMsMax));
    queueMicrotask(() => onRetry?.({ attempt, reason, waitMs, waiting: queue.length }));
    return new Promise((resolve) => {
      const over = setTimeout(resolve, waitMs);
      wake = () => resolve(clearTimeout(over));
    });
  }

  function settle(count: number, failures: readonly IngestFailure[]): void {
    for (const { bytes } of queue.splice(0, count)) counts.bytes -= bytes;
    counts.settled += count;
    for (const failure of failures) if (failure.events.length > 0) report(failure);
    while (flushes[0] !== undefined && flushes[0].until <= counts.settled) flushes.shift()?.resolve();
  }

  function flush(): Promise<void> {
    if (counts.settled === counts.taken) return Promise.resolve();
    void send();
    return new Promise((resolve) => flushes.push({ until: counts.taken, resolve }));
  }

  async function close(timeoutMs: number): Promise<void> {
    const stop = setTimeout(() => {
      isStopped = true;
      abandon();
      wake();
    }, timeoutMs);
    wake();
    await flush();
    clearTimeout(stop);
  }

  return {
    track,
    flush,
    close: ({ timeoutMs = 5_000 } = {}) => (closing ??= close(timeoutMs)),
    get waiting() {
      return queue.length;
    },
  };
}
