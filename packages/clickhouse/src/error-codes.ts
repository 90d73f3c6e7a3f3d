type Kind = 'data' | 'infrastructure' | 'limit' | 'programming';

/** How a code is treated, and why. */
export interface CodeClass {
  readonly name: string;
  readonly kind: Kind;
  readonly canRetry: boolean;
  readonly reason: string;
}

const data = (name: string, reason: string): CodeClass => ({ name, kind: 'data', canRetry: false, reason });
const infrastructure = (name: string, reason: string): CodeClass => ({
  name,
  kind: 'infrastructure',
  canRetry: true,
  reason,
});
const limit = (name: string, canRetry: boolean, reason: string): CodeClass => ({
  name,
  kind: 'limit',
  canRetry,
  reason,
});
const programming = (name: string, reason: string): CodeClass => ({
  name,
  kind: 'programming',
  canRetry: false,
  reason,
});

/** ClickHouse's exception codes that are treated on purpose. */
export const serverCodes: Readonly<Record<number, CodeClass>> = {
  6: data('CANNOT_PARSE_TEXT', 'a value does not have the form of its column'),
  25: data('CANNOT_PARSE_ESCAPE_SEQUENCE', 'a string holds half of a surrogate pair'),
  26: data('CANNOT_PARSE_QUOTED_STRING', 'a value does not have the form of its column'),
  27: data('CANNOT_PARSE_INPUT_ASSERTION_FAILED', 'a value does not have the form of its column'),
  32: data('ATTEMPT_TO_READ_AFTER_EOF', 'a row has fewer values than columns'),
  33: data('CANNOT_READ_ALL_DATA', 'a row has fewer values than columns'),
  38: data('CANNOT_PARSE_DATE', 'a value does not have the form of its column'),
  41: data('CANNOT_PARSE_DATETIME', 'a value does not have the form of its column'),
  53: data('TYPE_MISMATCH', 'a value does not fit its column'),
  69: data('ARGUMENT_OUT_OF_BOUND', 'a number does not fit its column'),
  70: data('CANNOT_CONVERT_TYPE', 'a value does not fit its column'),
  72: data('CANNOT_PARSE_NUMBER', 'a value does not have the form of its column'),
  117: data('INCORRECT_DATA', 'a row is not what its format promises'),
  130: data('CANNOT_READ_ARRAY_FROM_TEXT', 'a value does not have the form of its column'),
  131: data('TOO_LARGE_STRING_SIZE', 'a string is larger than ClickHouse takes'),
  321: data('VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE', 'a number does not fit its column'),
  349: data('CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN', 'null for a column that has none'),
  376: data('CANNOT_PARSE_UUID', 'a value does not have the form of its column'),
  407: data('DECIMAL_OVERFLOW', 'an amount does not fit its column'),
  441: data('CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING', 'a value does not have the form of its column'),
  467: data('CANNOT_PARSE_BOOL', 'a value does not have the form of its column'),
  469: data('VIOLATED_CONSTRAINT', 'a row breaks a CHECK constraint of its table'),

  158: limit('TOO_MANY_ROWS', false, 'the query reads more rows than rowsReadMax'),
  159: limit('TIMEOUT_EXCEEDED', false, 'the query takes longer than timeMsMax'),
  160: limit('TOO_SLOW', false, 'the query would take longer than timeMsMax'),
  241: limit('MEMORY_LIMIT_EXCEEDED', true, 'the query, or all queries together, need more memory; the latter passes'),
  191: limit('SET_SIZE_LIMIT_EXCEEDED', false, 'a set of the query is larger than allowed'),
  307: limit('TOO_MANY_BYTES', false, 'the query reads more bytes than allowed'),
  396: limit('TOO_MANY_ROWS_OR_BYTES', false, 'the answer has more rows than resultRowsMax'),

  3: infrastructure('UNEXPECTED_END_OF_FILE', 'the connection or a part ended early'),
  74: infrastructure('CANNOT_READ_FROM_FILE_DESCRIPTOR', 'the disk failed'),
  75: infrastructure('CANNOT_WRITE_TO_FILE_DESCRIPTOR', 'the disk failed or is full'),
  76: infrastructure('CANNOT_OPEN_FILE', 'the disk failed, or too many files are open'),
  77: infrastructure('CANNOT_CLOSE_FILE', 'the disk failed'),
  87: infrastructure('CANNOT_SEEK_THROUGH_FILE', 'the disk failed'),
  88: infrastructure('CANNOT_TRUNCATE_FILE', 'the disk failed'),
  95: infrastructure('CANNOT_READ_FROM_SOCKET', 'the network failed'),
  96: infrastructure('CANNOT_WRITE_TO_SOCKET', 'the network failed'),
  101: infrastructure('UNEXPECTED_PACKET_FROM_CLIENT', 'the network failed'),
  173: infrastructure('CANNOT_ALLOCATE_MEMORY', 'the machine is out of memory'),
  198: infrastructure('DNS_ERROR', 'a name of the cluster does not resolve now'),
  201: infrastructure('QUOTA_EXCEEDED', 'the quota of the user is used up for now'),
  202: infrastructure('TOO_MANY_SIMULTANEOUS_QUERIES', 'the server is busy'),
  203: infrastructure('NO_FREE_CONNECTION', 'the server is busy'),
  204: infrastructure('CANNOT_FSYNC', 'the disk failed'),
  209: infrastructure('SOCKET_TIMEOUT', 'the network is slow or cut'),
  210: infrastructure('NETWORK_ERROR', 'the network failed'),
  225: infrastructure('NO_ZOOKEEPER', 'Keeper is not reachable'),
  236: infrastructure('ABORTED', 'the server is stopping'),
  242: infrastructure('TABLE_IS_READ_ONLY', 'the replica lost Keeper'),
  243: infrastructure('NOT_ENOUGH_SPACE', 'the disk is full'),
  252: infrastructure('TOO_MANY_PARTS', 'inserts outrun merges (one block may span any number of partitions here)'),
  265: infrastructure('NO_AVAILABLE_REPLICA', 'replicas are down'),
  279: infrastructure('ALL_CONNECTION_TRIES_FAILED', 'a shard is not reachable'),
  285: infrastructure('TOO_FEW_LIVE_REPLICAS', 'replicas are down'),
  286: infrastructure('UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE', 'replicas lag'),
  289: infrastructure('REPLICA_IS_NOT_IN_QUORUM', 'replicas lag'),
  305: infrastructure('TABLE_WAS_NOT_DROPPED', 'the disk failed'),
  319: infrastructure('UNKNOWN_STATUS_OF_INSERT', 'the write may or may not have happened: write again, rows collapse'),
  341: infrastructure('UNFINISHED', 'the task of a cluster is not done yet'),
  359: infrastructure('TABLE_SIZE_EXCEEDS_MAX_DROP_SIZE_LIMIT', 'the operator protects big tables: force_drop_table'),
  369: infrastructure('ALL_REPLICAS_ARE_STALE', 'replicas lag'),
  394: infrastructure('QUERY_WAS_CANCELLED', 'an operator or a closed connection stopped the query'),
  425: infrastructure('SYSTEM_ERROR', 'the operating system failed'),
  473: infrastructure('DEADLOCK_AVOIDED', 'the table is locked by an ALTER'),
  439: infrastructure('CANNOT_SCHEDULE_TASK', 'the server is out of threads'),
  516: infrastructure(
    'AUTHENTICATION_FAILED',
    'the operator rotates or mistyped the password: wait, do not drop events',
  ),
  192: infrastructure('UNKNOWN_USER', 'the user is not created yet'),
  193: infrastructure('WRONG_PASSWORD', 'the operator rotates or mistyped the password'),
  194: infrastructure('REQUIRED_PASSWORD', 'the operator rotates or mistyped the password'),
  497: infrastructure('ACCESS_DENIED', 'the operator has not granted the right yet'),
  571: infrastructure('DATABASE_REPLICATION_FAILED', 'Keeper is not reachable'),
  667: infrastructure('NOT_INITIALIZED', 'the server is starting'),
  705: infrastructure('TABLE_NOT_EMPTY', 'another process works on the table'),
  733: infrastructure('TABLE_IS_BEING_RESTARTED', 'the replica restarts'),
  745: infrastructure('SERVER_OVERLOADED', 'the server is busy'),
  999: infrastructure('KEEPER_EXCEPTION', 'Keeper is not reachable'),
  1000: infrastructure('POCO_EXCEPTION', 'the network or the disk failed'),
  1001: infrastructure('STD_EXCEPTION', 'the operating system failed'),
  1002: infrastructure('UNKNOWN_EXCEPTION', 'unknown to ClickHouse itself'),

  16: programming('NO_SUCH_COLUMN_IN_TABLE', 'the schema is older or newer than the code: migrate'),
  36: programming('BAD_ARGUMENTS', 'a function got what it does not take'),
  42: programming('NUMBER_OF_ARGUMENTS_DOESNT_MATCH', 'a function got what it does not take'),
  43: programming('ILLEGAL_TYPE_OF_ARGUMENT', 'a function got what it does not take'),
  44: programming('ILLEGAL_COLUMN', 'a function got what it does not take'),
  46: programming('UNKNOWN_FUNCTION', 'the server is too old'),
  47: programming('UNKNOWN_IDENTIFIER', 'the schema is older or newer than the code: migrate'),
  48: programming('NOT_IMPLEMENTED', 'this build cannot do it'),
  50: programming('UNKNOWN_TYPE', 'this build does not know the type'),
  57: programming('TABLE_ALREADY_EXISTS', 'created twice'),
  60: programming('UNKNOWN_TABLE', 'not migrated'),
  62: programming('SYNTAX_ERROR', 'the SQL is wrong'),
  80: programming('INCORRECT_QUERY', 'the SQL is wrong'),
  81: programming('UNKNOWN_DATABASE', 'not migrated'),
  82: programming('DATABASE_ALREADY_EXISTS', 'created twice'),
  115: programming('UNKNOWN_SETTING', 'this build does not know the setting'),
  164: programming('READONLY', 'a write on a reading connection'),
  184: programming('ILLEGAL_AGGREGATION', 'the SQL is wrong'),
  215: programming('NOT_AN_AGGREGATE', 'the SQL is wrong'),
  344: programming('SUPPORT_IS_DISABLED', 'this build cannot do it'),
  386: programming('NO_COMMON_TYPE', 'the SQL is wrong'),
  395: programming('FUNCTION_THROW_IF_VALUE_IS_NON_ZERO', 'an assertion of the SQL failed'),
  427: programming('CANNOT_COMPILE_REGEXP', 'a pattern was not checked before it was sent'),
  452: programming('SETTING_CONSTRAINT_VIOLATION', 'the user of the server may not set what a query needs'),
  456: programming('UNKNOWN_QUERY_PARAMETER', 'a placeholder without a value'),
  457: programming('BAD_QUERY_PARAMETER', 'a parameter does not have the form of its type'),
};

/** Codes of failures on this side, negative so that they never meet one of ClickHouse's. */
export const clientCodes = {
  CONNECTION_FAILED: {
    code: -1,
    kind: 'infrastructure',
    canRetry: true,
    reason: 'nothing listens there, the name does not resolve, or the socket was cut before an answer',
  },
  ANSWER_INTERRUPTED: {
    code: -2,
    kind: 'infrastructure',
    canRetry: true,
    reason: 'the answer ended before it was complete',
  },
  REQUEST_TIMEOUT: {
    code: -3,
    kind: 'infrastructure',
    canRetry: true,
    reason: 'no answer in time; a write may still happen',
  },
  UNEXPECTED_ANSWER: {
    code: -4,
    kind: 'infrastructure',
    canRetry: true,
    reason: 'the answer is not from ClickHouse: a proxy or a load balancer speaks',
  },
  FOLDER_NOT_USABLE: {
    code: -5,
    kind: 'infrastructure',
    canRetry: true,
    reason: 'the data folder belongs to another process, or cannot be written',
  },
  CLOSED: { code: -6, kind: 'infrastructure', canRetry: false, reason: 'the connection was closed by its owner' },
  ABORTED_BY_CALLER: { code: -7, kind: 'limit', canRetry: false, reason: 'the signal of the caller fired' },
  VALUE_NOT_STORABLE: {
    code: -8,
    kind: 'data',
    canRetry: false,
    reason: 'a value has no exact form in ClickHouse, e.g. NaN or undefined',
  },
  BAD_PLACEHOLDER: {
    code: -9,
    kind: 'programming',
    canRetry: false,
    reason: 'braces in a query that are not {name:Type}',
  },
  BAD_PARAMETERS: {
    code: -10,
    kind: 'programming',
    canRetry: false,
    reason: 'the parameters do not have the shape that the query declares',
  },
  BAD_ROW: {
    code: -11,
    kind: 'programming',
    canRetry: false,
    reason: 'a row of the answer does not have the shape that the query declares',
  },
  BAD_IDENTIFIER: {
    code: -12,
    kind: 'programming',
    canRetry: false,
    reason: 'a table or column name outside [A-Za-z0-9_]',
  },
  BAD_MIGRATION: {
    code: -13,
    kind: 'programming',
    canRetry: false,
    reason: 'a migration file that cannot be run safely',
  },
  MIGRATION_CHANGED: {
    code: -14,
    kind: 'programming',
    canRetry: false,
    reason: 'a migration file differs from what was applied',
  },
  MIGRATION_MISSING: {
    code: -15,
    kind: 'programming',
    canRetry: false,
    reason: 'the database is newer than this code',
  },
  MIGRATION_LOCKED: {
    code: -16,
    kind: 'infrastructure',
    canRetry: true,
    reason: 'another process migrates and does not finish',
  },
  ENGINE_FAILED: {
    code: -17,
    kind: 'infrastructure',
    canRetry: true,
    reason: 'the embedded engine failed without a code',
  },
  BAD_STATEMENT: {
    code: -18,
    kind: 'programming',
    canRetry: false,
    reason: 'a statement that has no form for a cluster',
  },
} as const satisfies Record<string, { code: number; kind: Kind; canRetry: boolean; reason: string }>;

/** Name of a code in {@link clientCodes}. */
export type ClientCodeName = keyof typeof clientCodes;

// An unknown code must not turn good events into dead letters, nor be retried inside a request for ever.
const unknownCode: CodeClass = infrastructure('UNKNOWN_CODE', 'not listed: treated as trouble that may pass');

/** Kind and retry rule of an exception code of ClickHouse. Unlisted codes are `infrastructure`. */
export function classOfServerCode(code: number): CodeClass {
  return serverCodes[code] ?? unknownCode;
}

/** Name of a code: from the list, else from the `(NAME)` that ends ClickHouse's message. */
export function nameOfServerCode(code: number, message: string): string {
  return serverCodes[code]?.name ?? /\(([A-Z][A-Z0-9_]{2,})\)\s*$/.exec(message)?.[1] ?? `CODE_${code}`;
}
