/** Every code of the event log: may the same call succeed later, unchanged? */
export const eventLogErrorCodes = {
  append_outcome_unknown: { canRetry: true },
  append_too_large: { canRetry: false },
  batch_undecodable: { canRetry: false },
  commit_out_of_range: { canRetry: false },
  consumption_stopped: { canRetry: false },
  group_taken: { canRetry: true },
  log_authentication_failed: { canRetry: false },
  log_closed: { canRetry: false },
  log_corrupt: { canRetry: false },
  log_disk_full: { canRetry: true },
  log_incompatible: { canRetry: false },
  log_locked: { canRetry: false },
  log_not_authorized: { canRetry: false },
  log_overloaded: { canRetry: true },
  log_unavailable: { canRetry: true },
  log_write_failed: { canRetry: false },
  name_invalid: { canRetry: false },
  offset_out_of_range: { canRetry: false },
  partition_revoked: { canRetry: false },
  partition_unknown: { canRetry: false },
  record_invalid: { canRetry: false },
  record_too_large: { canRetry: false },
  topic_mismatch: { canRetry: false },
  topic_recreated: { canRetry: false },
} as const;

export type EventLogErrorCode = keyof typeof eventLogErrorCodes;

/** An error of the event log, classified where the foreign error was met. The codes are explained in docs/errors.md. */
export class EventLogError extends Error {
  override readonly name = 'EventLogError';
  readonly code: EventLogErrorCode;
  readonly canRetry: boolean;

  constructor(code: EventLogErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.canRetry = eventLogErrorCodes[code].canRetry;
  }
}

/** True for an error of the event log, optionally with the given code. */
export function isEventLogError(error: unknown, code?: EventLogErrorCode): error is EventLogError {
  return error instanceof EventLogError && (code === undefined || error.code === code);
}
