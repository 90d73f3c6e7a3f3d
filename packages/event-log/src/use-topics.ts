import type { EventLog } from './event-log.ts';

/**
 * The log itself, once each of these topics has been used: on Kafka a topic is made, or compared with its settings, at its first use, and a process
 * had better hear of a mismatch when it starts. Closes the log where that fails.
 */
export async function useTopics(log: EventLog, names: readonly string[]): Promise<EventLog> {
  try {
    await Promise.all(names.map((name) => log.positions(name)));
    return log;
  } catch (error) {
    await log.close();
    throw error;
  }
}
