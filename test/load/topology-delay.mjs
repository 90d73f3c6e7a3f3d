// How long an event takes from its receipt until a reader sees it, while others come at a steady pace.
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { nativeEvent } from './events.mjs';

const tickMs = 100;
const probeEveryTicks = 2;
const pollMs = 25;
const requestEventsMax = 500;

async function post({ url, key }, events) {
  const response = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(events),
  });
  const text = await response.text();
  if (response.status !== 202) throw new Error(`${response.status} ${text}`);
}

/** Notes when each probe is first seen by a reader of the table, asked all the time. */
function watchProbes(readIds, customer) {
  const seenAt = new Map();
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const askedAt = performance.now();
      for (const id of await readIds(customer)) if (!seenAt.has(id)) seenAt.set(id, askedAt);
      await wait(pollMs);
    }
  })();
  return {
    seenAt,
    async stop() {
      isOver = true;
      await watching;
    },
  };
}

/**
 * Sends `rate` events a second for so long, and a probe now and then; milliseconds from before a probe was posted until
 * it was seen, in order of size. `readIds(customer)` asks the store for the event ids of a customer.
 */
export async function measureDelays({ receiver, rate, lastsSeconds, from, readIds }) {
  // A customer of this run only: probes of an earlier one are still in the store.
  const probeCustomer = `probe-${randomUUID()}`;
  const watch = watchProbes(readIds, probeCustomer);
  const sentAt = new Map();
  const perTick = Math.max(1, Math.round((rate * tickMs) / 1000));
  const begin = performance.now();
  const running = [];
  let n = from;
  for (let tick = 0; tick < (lastsSeconds * 1000) / tickMs; tick += 1) {
    const due = begin + tick * tickMs - performance.now();
    if (due > 0) await wait(due);
    for (let left = perTick; left > 0; left -= requestEventsMax) {
      const events = Array.from({ length: Math.min(left, requestEventsMax) }, () => nativeEvent(n++));
      running.push(post(receiver, events));
    }
    if (tick % probeEveryTicks !== 0) continue;
    const id = randomUUID();
    sentAt.set(id, performance.now());
    running.push(post(receiver, [{ ...nativeEvent(n++), id, customer: probeCustomer }]));
  }
  await Promise.all(running);
  const until = performance.now() + 60_000;
  while (watch.seenAt.size < sentAt.size && performance.now() < until) await wait(pollMs);
  await watch.stop();
  if (watch.seenAt.size < sentAt.size) throw new Error(`${sentAt.size - watch.seenAt.size} probes were never seen`);
  const delays = [...sentAt].map(([id, at]) => watch.seenAt.get(id) - at);
  return { delays: delays.toSorted((a, b) => a - b), next: n };
}
