import { isEventLogError } from '@michinori/event-log';
import { MichinoriError } from '@michinori/runtime';

/** The codes of the errors that the processor makes itself; documented in docs/errors.md. */
export const processorErrorCodes = {
  rows_not_visible: { canRetry: true },
  announcements_not_visible: { canRetry: true },
  consumption_ended: { canRetry: false },
  generation_changed: { canRetry: false },
  partition_lost: { canRetry: true },
  range_out_of_order: { canRetry: false },
  round_not_visible: { canRetry: true },
  signals_not_visible: { canRetry: true },
  definition_unreadable: { canRetry: false },
  journey_unknown: { canRetry: false },
  build_failed: { canRetry: false },
  stopping: { canRetry: true },
} as const;

export type ProcessorErrorCode = keyof typeof processorErrorCodes;

/** An error of the processor with one of its documented codes. */
export function processorError(code: ProcessorErrorCode, message: string): MichinoriError {
  return new MichinoriError(code, message, processorErrorCodes[code]);
}

/** Codes of dead letters that the sink writes itself, besides the decode errors of `@michinori/events`; documented in docs/errors.md. */
export const sinkDeadLetterCodes = ['clickhouse_refused', 'definition_invalid'] as const;

/** Whether an error of the log is about the records of one partition alone: the others can be consumed further. */
export function stopsOnePartition(error: unknown): boolean {
  return isEventLogError(error, 'offset_out_of_range') || isEventLogError(error, 'batch_undecodable');
}
