export { type DeadLetterRow, type DeadLettersParams, listDeadLetters } from './dead-letters.ts';
export type { FunnelRow, OtherSegment } from './funnel/assemble.ts';
export type { Duration } from './funnel/duration.ts';
export { FunnelRequestError } from './funnel/errors.ts';
export type { Filter, FilterOperator } from './funnel/filter.ts';
export {
  type FunnelCustomersRequest,
  type FunnelRequest,
  type FunnelRequestInput,
  funnelCustomersRequest,
  funnelRequest,
  type TimeToConvertRequest,
  timeToConvertRequest,
} from './funnel/request.ts';
export { type FunnelAnswer, type FunnelMeta, type FunnelOptions, runFunnel } from './funnel/run-funnel.ts';
export { type FunnelCustomer, type FunnelCustomersAnswer, runFunnelCustomers } from './funnel/run-funnel-customers.ts';
export { runTimeToConvert, type TimeToConvertAnswer, type TimeToConvertBin } from './funnel/run-time-to-convert.ts';
export { isoMicroseconds, isoText } from './funnel/time.ts';
export { auditEventRows, auditRowsBeyond, auditSharedCustomerKeys, auditSources } from './sink/audit-rows.ts';
export { conflictingClaims } from './sink/conflicting-claims.ts';
export { presentAnnouncedOffsets, presentDeadLetterOffsets, presentEventOffsets } from './sink/present-offsets.ts';
export { sameEvents } from './sink/same-events.ts';
export { takeoverHorizon } from './sink/takeover-horizon.ts';
export { withdrawMarkers } from './sink/withdraw-markers.ts';
export { listTouchpoints, type SeenTouchpoint } from './touchpoints.ts';
export { readWatermark, type Watermark } from './watermark.ts';
