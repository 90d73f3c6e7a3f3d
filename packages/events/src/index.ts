export {
  ALERT_SIGNAL_VERSION,
  type AlertSignal,
  decodeAlertSignal,
  encodeAlertSignal,
} from './alert-signal.ts';
export { type CheckContext, type Checked, checkEvent, eventFields } from './check-event.ts';
export {
  type DecodeErrorCode,
  decodeErrorCodes,
  type RejectionCode,
  type RequestErrorCode,
  rejectionCodes,
  requestErrorStatus,
} from './codes.ts';
export { canonicalContent, contentHash } from './content.ts';
export { currencyCodes, isCurrencyCode } from './currencies.ts';
export { type DecodedDefinition, decodeDefinition } from './decode-definition.ts';
export { type DecodedEnvelope, decodeEnvelope } from './decode-envelope.ts';
export { type DecodedSignal, decodeSignal, signalUpcasters } from './decode-signal.ts';
export {
  type AlertRuleDefinition,
  type Definition,
  definitionKey,
  definitionsTopic,
  type ImprovementDefinition,
  type ImprovementSegment,
  type JourneyDefinition,
  type RebuildDefinition,
  topicSettings,
} from './definition.ts';
export { DEFINITION_VERSION, encodeDefinition } from './definition-envelope.ts';
export { parseCloudEventsRequest } from './dialects/cloudevents.ts';
export type { DialectContext, DialectRequest } from './dialects/dialect-request.ts';
export { ownFields } from './dialects/own-fields.ts';
export { parsePosthogRequest } from './dialects/posthog.ts';
export { parseSegmentRequest } from './dialects/segment.ts';
export { type SegmentCall, segmentCalls } from './dialects/segment-call.ts';
export {
  ENVELOPE_VERSION,
  type EventMeta,
  encodeEnvelope,
  encodeRejected,
  type RejectedMeta,
} from './envelope.ts';
export { type Amount, type Direction, partitionKey, type Scalar, type TouchpointEvent, topics } from './event.ts';
export { eventFromObject, fromMemory, type ObjectContext } from './from-object.ts';
export { clockShiftUs, formatInstant, type ParsedInstant, parseInstant } from './instant.ts';
export { isJsonObject, isUnkept, type JsonObject, type JsonValue, type Unkept } from './json-value.ts';
export { judge, type RequestContext } from './judge.ts';
export { limits } from './limits.ts';
export { parseNativeRequest } from './native.ts';
export { type ReadJson, readJson } from './read-json.ts';
export { type MalformedRequest, malformed, type ParsedRequest } from './request.ts';
export { type NativeEvent, nativeEventSchema, nativeRequestSchema } from './schema.ts';
export {
  type Signal,
  type SignalHead,
  type StageTransition,
  type StageTransitionFact,
  signalKey,
  stageTransitionId,
  type TransitionOutcome,
  transitionOutcomes,
} from './signal.ts';
export { encodeSignal, SIGNAL_VERSION } from './signal-envelope.ts';
export { type Upcaster, upcast, upcasters } from './upcast.ts';
export { type Fault, type RejectedEvent, type Rejection, reject, type Verdict } from './verdict.ts';
