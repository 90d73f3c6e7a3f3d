import { createHash } from 'node:crypto';
import { simulate } from '@michinori/standalone';
import { endUs, nastyDeliveries } from '../e2e/order-independence/deliveries.ts';

const eventsPerCustomer = 65;
const requestEventsMax = 500;
const connections = 8;

/** Where events are sent. */
export interface Receiver {
  readonly url: string;
  readonly key: string | null;
}

/** What was sent: the same digest means the same bytes in the same requests. */
export interface Sent {
  readonly events: number;
  readonly digest: string;
}

/** The demo's stream, late events and copies included, in requests. */
function* ordinaryRequests(events: number): Generator<unknown[]> {
  const customers = Math.min(100_000, Math.ceil(events / eventsPerCustomer));
  let request: unknown[] = [];
  let count = 0;
  for (const { event } of simulate({ seed: 11, customers, endUs }).events) {
    if (count === events) break;
    count += 1;
    request.push(event);
    if (request.length < requestEventsMax) continue;
    yield request;
    request = [];
  }
  if (request.length > 0) yield request;
}

async function send({ url, key }: Receiver, body: string): Promise<void> {
  const headers = { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) };
  for (;;) {
    const response = await fetch(`${url}/v1/events`, { method: 'POST', body, headers });
    const text = await response.text();
    if (response.status === 202 || response.status === 422) return;
    if (response.status !== 429 && response.status !== 503) throw new Error(`${response.status}: ${text}`);
  }
}

/** Returns once the clock of receipts, which counts milliseconds, shows another time. */
function nextMillisecond(): void {
  const now = Date.now();
  while (Date.now() === now);
}

/**
 * Sends the same input over HTTP, whoever receives it: so many events of the demo in parallel, and then the hand-made
 * conflicts of an id one by one, each in a millisecond of its own, because which copy is the first decides what counts.
 */
export async function sendInput(receiver: Receiver, events: number): Promise<Sent> {
  const hash = createHash('sha256');
  let count = 0;
  const requests = ordinaryRequests(events);
  const next = (): string | null => {
    const step = requests.next();
    if (step.done === true) return null;
    count += step.value.length;
    const body = JSON.stringify(step.value);
    hash.update(body);
    return body;
  };
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let body = next(); body !== null; body = next()) await send(receiver, body);
    }),
  );
  for (const { event } of nastyDeliveries()) {
    // Without a time of its own it would happen when it is received.
    if (event.id === 'timeless') continue;
    nextMillisecond();
    const body = JSON.stringify(event);
    hash.update(body);
    await send(receiver, body);
    count += 1;
  }
  return { events: count, digest: hash.digest('hex') };
}
