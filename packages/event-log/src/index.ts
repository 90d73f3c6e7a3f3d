export { type ConnectEventLogOptions, connectEventLog } from './connect.ts';
export { EventLogError, type EventLogErrorCode, eventLogErrorCodes, isEventLogError } from './errors.ts';
export type {
  AssignedPartition,
  Batch,
  ConsumeOptions,
  Consumption,
  EventLog,
  LogRecord,
  PartitionRange,
  Position,
  ReadLimits,
  StoredRecord,
  TopicSettings,
} from './event-log.ts';
export { murmur2, partitionOf } from './partitioner.ts';
export { type EventLogSettings, eventLogSettings, type KafkaSettings } from './settings.ts';
export { useTopics } from './use-topics.ts';
