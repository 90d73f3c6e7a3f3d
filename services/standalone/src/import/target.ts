import type { EventLog } from '@michinori/event-log';
import { encodeEnvelope, partitionKey, type TouchpointEvent, topics } from '@michinori/events';

/** An event that the other side did not take, by its place in what was sent. */
export interface RefusedEvent {
  index: number;
  code: string;
  path: string;
  message: string;
}

/** Where imported events go. */
export interface ImportTarget {
  /** Names the place, so that an import that was broken off goes on there and begins anew elsewhere. */
  place: string;
  /** Resolves when the events are durable, except those that it returns. */
  send(events: readonly TouchpointEvent[]): Promise<RefusedEvent[]>;
}

/** The place of everything that ends up in the data folder, whoever writes it. */
export const dataFolder = 'the data folder';

/** Straight into the log of this process. */
export function createLogTarget(log: EventLog): ImportTarget {
  return {
    place: dataFolder,
    async send(events) {
      const records = events.map((event) => ({
        key: partitionKey(event),
        value: encodeEnvelope(event, { dialect: 'import' }),
      }));
      await log.append(topics.events, records);
      return [];
    },
  };
}
