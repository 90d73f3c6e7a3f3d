import { MichinoriError } from '@michinori/runtime';

/** The codes of the errors that the processor makes itself; documented in docs/errors.md. */
export const processorErrorCodes = {
  rows_not_visible: { canRetry: true },
  announcements_not_visible: { canRetry: true },
  consumption_ended: { canRetry: false },
  generation_changed: { canRetry: false },
} as const;

export type ProcessorErrorCode = keyof typeof processorErrorCodes;

/** An error of the processor with one of its documented codes. */
export function processorError(code: ProcessorErrorCode, message: string): MichinoriError {
  return new MichinoriError(code, message, processorErrorCodes[code]);
}

/** Codes of dead letters that the sink writes itself, besides the decode errors of `@michinori/events`; documented in docs/errors.md. */
export const sinkDeadLetterCodes = ['clickhouse_refused'] as const;
