import type { EventLog, TopicSettings } from './event-log.ts';
import type { EventLogSettings } from './settings.ts';

export interface ConnectEventLogOptions {
  /** Topics that are made differently from the others, by their logical name. On Kafka they are created at once. */
  topics?: Readonly<Record<string, TopicSettings>>;
  /** Gets what the Kafka client has to say; nothing is written anywhere without it. */
  onLog?: (entry: { level: 'error' | 'warn' | 'info'; message: string }) => void;
}

/** Opens the log on the brokers that the settings name, else the embedded one in the folder. */
export async function connectEventLog(
  settings: EventLogSettings,
  folder: string,
  options: ConnectEventLogOptions = {},
): Promise<EventLog> {
  const { topics = {}, onLog } = options;
  if (settings.kafka.brokers.length > 0) {
    const { openKafkaLog, kafkaOptions } = await import('./kafka/index.ts');
    return openKafkaLog({ ...(await kafkaOptions(settings.kafka)), topics, ...(onLog && { onLog }) });
  }
  const { openEmbeddedLog } = await import('./embedded/index.ts');
  const { partitions, retentionBytesMax, retentionAgeMsMax } = settings;
  return openEmbeddedLog({
    path: folder,
    partitions,
    topics,
    retention: {
      ...(retentionBytesMax > 0 ? { bytesMax: retentionBytesMax } : {}),
      ...(retentionAgeMsMax > 0 ? { ageMsMax: retentionAgeMsMax } : {}),
    },
  });
}
