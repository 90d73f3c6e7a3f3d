export type { AuditOptions, AuditReport, Place } from './audit/report.ts';
export { type Clock, systemClock } from './clock.ts';
export {
  loadProcessorConfig,
  type ProcessorConfig,
  type ProcessorProcessConfig,
  processorProcessSettings,
  processorSettings,
} from './config.ts';
export { type ProcessorErrorCode, processorErrorCodes, sinkDeadLetterCodes } from './errors.ts';
export {
  type BuilderFaultPoint,
  builderFaultPoints,
  type FaultPoint,
  type Faults,
  noFaults,
  type ProjectorFaultPoint,
  projectorFaultPoints,
  type SinkFaultPoint,
  sinkFaultPoints,
} from './faults.ts';
export { createProcessor, type Processor, type ProcessorOptions } from './processor.ts';
export type { Derive } from './projector/derive.ts';
export type { DirtyUnit } from './projector/dirty-unit.ts';
export { createProcessorService, processorService } from './service.ts';
export type { DeadLetter } from './sink/dead-letter.ts';
export type { DecodedEvent } from './sink/decode-records.ts';
export type { LogRange } from './sink/range.ts';
export type { SinkResult, Verification } from './sink/sink.ts';
