import type { EventLog, LogRecord } from '@michinori/event-log';
import { encodeEnvelope, encodeRejected, partitionKey, topics, type Verdict } from '@michinori/events';
import type { IngestFaults } from './faults.ts';

export interface StoreContext {
  log: EventLog;
  dialect: string;
  receivedAtUs: number;
  faults: IngestFaults;
}

/**
 * Makes every event of a request durable: the refused ones in the dead letters, the accepted ones in the events, in the
 * request's order. Resolves when both are flushed. Dead letters go first: if the second append fails and the client
 * repeats the request, a dead letter may stand there twice, but no event without an id was counted twice.
 */
export async function storeVerdicts(verdicts: readonly Verdict[], context: StoreContext): Promise<void> {
  const { log, dialect, receivedAtUs, faults } = context;
  const events: LogRecord[] = [];
  const deadLetters: LogRecord[] = [];
  for (const verdict of verdicts) {
    if (verdict.accepted) {
      events.push({ key: partitionKey(verdict.event), value: encodeEnvelope(verdict.event, { dialect }) });
    } else {
      const { id, index } = verdict.rejected.rejection;
      deadLetters.push({
        key: id ?? String(index),
        value: encodeRejected(verdict.rejected, { dialect, receivedAtUs }),
      });
    }
  }
  if (deadLetters.length > 0) {
    await faults.at('ingest.before-dead-letters');
    await log.append(topics.deadLetters, deadLetters);
    await faults.at('ingest.after-dead-letters');
  }
  if (events.length > 0) {
    await faults.at('ingest.before-append');
    await log.append(topics.events, events);
    await faults.at('ingest.after-append');
  }
}
