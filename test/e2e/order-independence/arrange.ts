import type { Standalone } from '@michinori/standalone';
import { commonReceiptUs, type Delivery, nastyDeliveries, ordinaryDeliveries } from './deliveries.ts';

/** A clock that the test sets: what ingest takes as the receipt. */
export interface HandClock {
  us: number;
}

/** A part of the deliveries that one run of the process takes. */
export type Part = readonly Delivery[][];

export interface Arrangement {
  name: string;
  /** Requests, in runs of the process: between two of them it is stopped and started again. */
  runs: Part[];
}

/** The same order for the same seed (Mulberry32, Fisher and Yates 1938). */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}

/** Requests of up to `size` deliveries, in order; a delivery with a receipt of its own travels alone. */
function batched(deliveries: readonly Delivery[], size: number): Delivery[][] {
  const requests: Delivery[][] = [];
  for (const delivery of deliveries) {
    const last = requests.at(-1);
    const isJoined = last !== undefined && last.length < size && last[0]?.receivedAtUs === delivery.receivedAtUs;
    if (isJoined) last.push(delivery);
    else requests.push([delivery]);
  }
  return requests;
}

/** Ordinary deliveries together, and the nasty ones at fixed places between them, so that the batches stay large. */
function woven(ordinary: readonly Delivery[], nasty: readonly Delivery[], size: number): Delivery[][] {
  const requests = batched(ordinary, size);
  const stride = Math.max(1, Math.floor(requests.length / Math.max(1, nasty.length)));
  const result: Delivery[][] = [];
  const rest = [...nasty];
  requests.forEach((request, index) => {
    result.push(request);
    if (index % stride === 0)
      result.push(...rest.splice(0, Math.ceil(nasty.length / requests.length)).map((one) => [one]));
  });
  return [...result, ...rest.map((one) => [one])];
}

const repeated = (delivery: Delivery, times: number): Delivery =>
  delivery.receivedAtUs === commonReceiptUs
    ? delivery
    : { ...delivery, receivedAtUs: delivery.receivedAtUs + times * 3_600e6 };

export function arrangements(eventsMax: number): Arrangement[] {
  const ordinary = ordinaryDeliveries(eventsMax);
  const nasty = nastyDeliveries();
  const threefold = (deliveries: readonly Delivery[]): Delivery[] =>
    [0, 1, 2].flatMap((times) => deliveries.map((delivery) => repeated(delivery, times)));
  const half = Math.floor(ordinary.length / 2);
  return [
    { name: 'in order', runs: [woven(ordinary, nasty, 500)] },
    { name: 'permuted', runs: [woven(shuffled(ordinary, 1), shuffled(nasty, 2), 500)] },
    {
      name: 'every delivery three times, permuted',
      runs: [woven(shuffled(threefold(ordinary), 3), shuffled(threefold(nasty), 4), 500)],
    },
    { name: 'one by one', runs: [woven(shuffled(ordinary, 5), shuffled(nasty, 6), 1)] },
    { name: 'by seven', runs: [woven(ordinary, nasty.toReversed(), 7)] },
    {
      name: 'the second half first, with restarts between',
      runs: [
        woven(ordinary.slice(half), nasty.slice(50), 100),
        woven(ordinary.slice(0, half), nasty.slice(20), 100),
        woven([], nasty, 1),
      ],
    },
  ];
}

/** Where which copy of an id came first is another one: the answers must differ, or the test proves nothing. */
export function swappedReceipts(eventsMax: number): Arrangement {
  const nasty = nastyDeliveries();
  const latest = Math.max(...nasty.map(({ receivedAtUs }) => receivedAtUs));
  const mirrored = nasty.map(({ event, receivedAtUs }) => ({
    event,
    receivedAtUs: commonReceiptUs + 60e6 + latest - receivedAtUs,
  }));
  return { name: 'other receipts', runs: [woven(ordinaryDeliveries(eventsMax), mirrored, 500)] };
}

/** Sends the requests one after the other, each at the receipt of its deliveries; large parts of one receipt in parallel. */
export async function sendAll(standalone: Standalone, clock: HandClock, requests: Part): Promise<void> {
  const url = `${standalone.url()}/v1/events`;
  const send = async (request: readonly Delivery[]): Promise<void> => {
    const body = JSON.stringify(request.map(({ event }) => event));
    for (;;) {
      const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
      const text = await response.text();
      if (response.status === 429 || response.status === 503) continue;
      if (response.status !== 202 && response.status !== 422) throw new Error(`${response.status}: ${text}`);
      return;
    }
  };
  let together: Promise<void>[] = [];
  for (const request of requests) {
    const receivedAtUs = request[0]?.receivedAtUs ?? commonReceiptUs;
    if (clock.us !== receivedAtUs || together.length >= 16) {
      await Promise.all(together);
      together = [];
    }
    clock.us = receivedAtUs;
    together.push(send(request));
  }
  await Promise.all(together);
}
