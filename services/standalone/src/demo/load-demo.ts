import { setImmediate as letOthersWork } from 'node:timers/promises';
import type { EventLog } from '@michinori/event-log';
import { encodeEnvelope, eventFromObject, partitionKey, topics } from '@michinori/events';
import { MichinoriError } from '@michinori/runtime';
import { simulateInSteps } from './simulate.ts';
import type { DemoTruth } from './truth.ts';
import type { SimulateOptions } from './world.ts';

const batchRecords = 20_000;
const sliceMs = 12;

/** Gives the process back to its other work (requests, timers, signals) whenever `sliceMs` have been used up. */
function createPause(signal: AbortSignal | undefined): () => Promise<void> {
  let startedMs = performance.now();
  return async () => {
    if (performance.now() - startedMs < sliceMs) return;
    await letOthersWork();
    signal?.throwIfAborted();
    startedMs = performance.now();
  };
}

/**
 * Appends the demo data to the log, with the receipt times of the story. The ids are the same every time, so a second
 * call adds nothing to any answer. Works in short slices, so that a process that serves others can go on.
 *
 * @param onProgress number of deliveries appended so far, out of `truth.events.deliveries`
 * @param signal stops between two batches: rejects with its reason, nothing is left under way
 */
export async function loadDemo(options: {
  log: EventLog;
  simulation: SimulateOptions;
  onProgress?: (appended: number, truth: DemoTruth) => void;
  signal?: AbortSignal;
}): Promise<{ truth: DemoTruth; appended: number }> {
  const pause = createPause(options.signal);
  const { truth, events } = await simulateInSteps(options.simulation, pause);
  let batch: { key: string; value: Uint8Array }[] = [];
  let appended = 0;
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    options.signal?.throwIfAborted();
    await options.log.append(topics.events, batch);
    appended += batch.length;
    batch = [];
    options.onProgress?.(appended, truth);
  };
  for (const { event, receivedAtUs } of events) {
    const verdict = eventFromObject(event, { receivedAtUs });
    if (!verdict.accepted) {
      throw new MichinoriError(
        'demo_invalid',
        `The demo made an event that is refused: ${verdict.rejected.rejection.message}`,
      );
    }
    batch.push({ key: partitionKey(verdict.event), value: encodeEnvelope(verdict.event, { dialect: 'demo' }) });
    await pause();
    if (batch.length >= batchRecords) await flush();
  }
  await flush();
  return { truth, appended };
}
