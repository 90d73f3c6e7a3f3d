import { EventLogError, type EventLogErrorCode } from '../errors.ts';

/** Names of kafkajs and Node for what a retry can't mend, by what it means here. Everything else that a network can do is `log_unavailable`. */
const lasting: Record<string, EventLogErrorCode> = {
  KafkaJSSASLAuthenticationError: 'log_authentication_failed',
  SASL_AUTHENTICATION_FAILED: 'log_authentication_failed',
  UNSUPPORTED_SASL_MECHANISM: 'log_authentication_failed',
  ILLEGAL_SASL_STATE: 'log_authentication_failed',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'log_authentication_failed',
  SELF_SIGNED_CERT_IN_CHAIN: 'log_authentication_failed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'log_authentication_failed',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'log_authentication_failed',
  CERT_HAS_EXPIRED: 'log_authentication_failed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'log_authentication_failed',
  TOPIC_AUTHORIZATION_FAILED: 'log_not_authorized',
  GROUP_AUTHORIZATION_FAILED: 'log_not_authorized',
  CLUSTER_AUTHORIZATION_FAILED: 'log_not_authorized',
  KafkaJSServerDoesNotSupportApiKey: 'log_incompatible',
  UNSUPPORTED_VERSION: 'log_incompatible',
  RangeError: 'log_incompatible',
  TypeError: 'log_incompatible',
};

/** Error codes of Kafka's protocol that are met here (kafka.apache.org/protocol#protocol_error_codes). */
const protocolErrors: Record<number, string> = {
  1: 'OFFSET_OUT_OF_RANGE',
  2: 'CORRUPT_MESSAGE',
  3: 'UNKNOWN_TOPIC_OR_PARTITION',
  5: 'LEADER_NOT_AVAILABLE',
  6: 'NOT_LEADER_OR_FOLLOWER',
  7: 'REQUEST_TIMED_OUT',
  9: 'REPLICA_NOT_AVAILABLE',
  10: 'MESSAGE_TOO_LARGE',
  15: 'COORDINATOR_NOT_AVAILABLE',
  18: 'RECORD_LIST_TOO_LARGE',
  19: 'NOT_ENOUGH_REPLICAS',
  20: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  29: 'TOPIC_AUTHORIZATION_FAILED',
  30: 'GROUP_AUTHORIZATION_FAILED',
  35: 'UNSUPPORTED_VERSION',
  56: 'KAFKA_STORAGE_ERROR',
  74: 'FENCED_LEADER_EPOCH',
  75: 'UNKNOWN_LEADER_EPOCH',
  87: 'INVALID_RECORD',
  100: 'UNKNOWN_TOPIC_ID',
  103: 'INCONSISTENT_TOPIC_ID',
};

/** The name of a protocol error code, for people. */
export function protocolErrorName(code: number): string {
  return protocolErrors[code] ?? `error ${code}`;
}

interface ForeignError {
  name?: unknown;
  type?: unknown;
  code?: unknown;
  message?: unknown;
  cause?: unknown;
  errors?: unknown;
}

/** The error, what caused it, and what an aggregate consists of. */
function* family(error: unknown, depth = 0): Generator<ForeignError> {
  if (typeof error !== 'object' || error === null || depth > 8) return;
  const foreign = error as ForeignError;
  yield foreign;
  yield* family(foreign.cause, depth + 1);
  if (Array.isArray(foreign.errors)) for (const member of foreign.errors) yield* family(member, depth + 1);
}

/** Whether kafkajs reports this error type anywhere in an error. */
export function hasType(error: unknown, type: string): boolean {
  return [...family(error)].some((member) => member.type === type);
}

/** True if a request got no answer: its connection can't be trusted any more. */
export function isRequestTimeout(error: unknown): boolean {
  return [...family(error)].some(({ name }) => name === 'KafkaJSRequestTimeoutError');
}

/** Any error of kafkajs, of a socket or of this adapter as an error of the event log. `doing`: what was tried, as a clause. */
export function classifyFailure(error: unknown, doing: string): EventLogError {
  if (error instanceof EventLogError) return error;
  const members = [...family(error)];
  const known = members.find((member) => member instanceof EventLogError);
  if (known instanceof EventLogError) return known;
  const reason = members.map(({ message }) => String(message ?? '')).find((message) => message !== '') ?? String(error);
  for (const { name, type, code } of members)
    for (const sign of [type, code, name]) {
      const lastingCode = lasting[String(sign)];
      if (lastingCode !== undefined) return failureOf(lastingCode, `${doing}: ${reason}`, error);
    }
  return failureOf('log_unavailable', `${doing}: ${reason}`, error);
}

/** An error code of the protocol as an error of the event log. */
export function failureFromCode(code: number, doing: string): EventLogError {
  const name = protocolErrorName(code);
  return failureOf(lasting[name] ?? 'log_unavailable', `${doing}: the broker answers ${name}`);
}

function failureOf(code: EventLogErrorCode, message: string, cause?: unknown): EventLogError {
  switch (code) {
    case 'log_authentication_failed':
      return new EventLogError('log_authentication_failed', message, { cause });
    case 'log_not_authorized':
      return new EventLogError('log_not_authorized', message, { cause });
    case 'log_incompatible':
      return new EventLogError('log_incompatible', message, { cause });
    default:
      return new EventLogError('log_unavailable', message, { cause });
  }
}
