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
} from './event-log.ts';
export { murmur2, partitionOf } from './partitioner.ts';
