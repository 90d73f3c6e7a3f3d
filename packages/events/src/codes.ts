/** Why one event is refused. Codes are never renamed or removed: they stand in the log. See docs/errors.md. */
export const rejectionCodes = [
  'invalid_json',
  'invalid_utf8',
  'not_an_object',
  'event_too_large',
  'too_deep',
  'too_many_properties',
  'duplicate_name',
  'conflicting_names',
  'unknown_field',
  'missing_field',
  'customer_required',
  'wrong_type',
  'empty_text',
  'text_too_long',
  'text_with_nul',
  'text_with_lone_surrogate',
  'number_not_exact',
  'number_not_finite',
  'number_out_of_range',
  'not_an_integer',
  'unknown_value',
  'invalid_amount',
  'unknown_currency',
  'invalid_time',
  'time_without_zone',
  'time_too_precise',
  'time_out_of_range',
] as const;

export type RejectionCode = (typeof rejectionCodes)[number];

/** Why a whole request is refused, with its HTTP status. See docs/errors.md. */
export const requestErrorStatus = {
  empty_body: 400,
  invalid_utf8: 400,
  invalid_json: 400,
  wrong_type: 400,
  no_events: 400,
  unknown_field: 400,
  duplicate_name: 400,
  invalid_sent_at: 400,
  request_too_large: 413,
  too_many_events: 413,
  unsupported_media_type: 415,
  unsupported_charset: 415,
} as const;

export type RequestErrorCode = keyof typeof requestErrorStatus;

/** Why a record of the log can't be read. See docs/errors.md. */
export const decodeErrorCodes = ['envelope_malformed', 'envelope_version_unknown', 'envelope_invalid'] as const;

export type DecodeErrorCode = (typeof decodeErrorCodes)[number];
