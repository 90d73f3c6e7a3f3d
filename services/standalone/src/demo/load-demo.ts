import type { EventLog } from '@michinori/event-log';
import { encodeEnvelope, eventFromObject, partitionKey, topics } from '@michinori/events';
import { MichinoriError } from '@michinori/runtime';
import { simulate } from './simulate.ts';
import type { DemoTruth } from './truth.ts';
import type { SimulateOptions } from './world.ts';

const batchRecords = 5_000;

/**
 * Appends the demo data to the log, with the receipt times of the story. The ids are the same every time, so a second
 * call adds nothing to any answer.
 *
 * @param onProgress number of deliveries appended so far, out of `truth.events.deliveries`
 */
export async function loadDemo(options: {
  log: EventLog;
  simulation: SimulateOptions;
  onProgress?: (appended: number, truth: DemoTruth) => void;
}): Promise<{ truth: DemoTruth; appended: number }> {
  const { truth, events } = simulate(options.simulation);
  let batch: { key: string; value: Uint8Array }[] = [];
  let appended = 0;
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
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
    if (batch.length >= batchRecords) await flush();
  }
  await flush();
  return { truth, appended };
}
