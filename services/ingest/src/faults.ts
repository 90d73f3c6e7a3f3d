/**
 * The instructions of a request between which a crash is interesting, in its order: the refused events are made durable,
 * then the accepted ones, then the client is told. A test hands in {@link IngestFaults} and dies there; production passes
 * {@link noIngestFaults}.
 */
export const ingestFaultPoints = [
  'ingest.before-dead-letters',
  'ingest.after-dead-letters',
  'ingest.before-append',
  'ingest.after-append',
  'ingest.before-answer',
] as const;

export type IngestFaultPoint = (typeof ingestFaultPoints)[number];

export interface IngestFaults {
  /** Called at every point that is passed; what it throws goes the way of any other failure of that step. */
  at(point: IngestFaultPoint): void | Promise<void>;
}

export const noIngestFaults: IngestFaults = { at: () => {} };
