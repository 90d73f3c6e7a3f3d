import type { EventLog } from '@michinori/event-log';
import { topics } from '@michinori/events';

/** Records of these topics (default: those of events) that the group has not verified yet. */
export async function lagOf(
  log: EventLog,
  group: string,
  topicNames: readonly string[] = [topics.events, topics.deadLetters],
): Promise<number> {
  const lags = await Promise.all(topicNames.map((topic) => log.lag(group, topic)));
  return lags.flat().reduce((sum, { lag }) => sum + lag, 0);
}

/**
 * Resolves when everything in these topics (default: those of events) is verified in the tables, looking every `intervalMs`.
 *
 * @param onLag told of the lag at every look
 * @param signal rejects with its reason
 */
export async function waitUntilVisible(options: {
  log: EventLog;
  group: string;
  topicNames?: readonly string[];
  wait: (ms: number) => Promise<void>;
  onLag?: (lag: number) => void;
  intervalMs?: number;
  signal?: AbortSignal;
}): Promise<void> {
  for (;;) {
    options.signal?.throwIfAborted();
    const lag = await lagOf(options.log, options.group, options.topicNames);
    options.onLag?.(lag);
    if (lag === 0) return;
    await options.wait(options.intervalMs ?? 50);
  }
}
