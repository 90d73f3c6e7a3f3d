/** The codes of the `MichinoriError`s that this package throws; documented in `docs/errors.md`. */
export const runtimeErrorCodes = [
  'config_invalid',
  'config_schema',
  'metric_name',
  'metric_label',
  'problem_code',
  'keys_file_invalid',
  'keys_file_locked',
  'key_request',
  'listen_without_keys',
  'start_failed',
  'start_timeout',
  'lifecycle_state',
  'not_there_yet',
] as const;

export type RuntimeErrorCode = (typeof runtimeErrorCodes)[number];

/** Exit codes of every command: success, failure, wrong usage, wrong configuration (sysexits' EX_CONFIG). */
export const exitCodes = { ok: 0, failure: 1, usage: 2, configuration: 78 } as const;
