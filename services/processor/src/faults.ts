/**
 * The instructions of the processor between which a crash is interesting, in the order of a batch. A test hands in
 * {@link Faults} and dies, throws or waits there; production passes {@link noFaults}.
 */
export const sinkFaultPoints = [
  'sink.after-fetch',
  'sink.after-decode',
  'sink.after-find-present',
  'sink.after-announce',
  'sink.after-announce-verified',
  'sink.after-conflict-lookup',
  'sink.after-conflict-mark',
  'sink.before-insert',
  'sink.after-insert',
  'sink.after-insert-verified',
  'sink.after-dead-letters',
  'sink.after-verify',
  'sink.before-commit',
  'sink.after-commit',
] as const;

export type SinkFaultPoint = (typeof sinkFaultPoints)[number];

/** Those of a round of the projector, in its order; they lie between `sink.after-verify` and `sink.before-commit`. */
export const projectorFaultPoints = [
  'projector.after-mark',
  'projector.after-list',
  'projector.after-customers',
  'projector.after-derive',
  'projector.after-signals-note',
  'projector.after-signals-append',
  'projector.after-signals-done',
  'projector.before-commit',
  'projector.after-hot',
] as const;

export type ProjectorFaultPoint = (typeof projectorFaultPoints)[number];

/** Those of a definition on its way into the tables, and of the build that it brings about. */
export const builderFaultPoints = [
  'definitions.after-insert',
  'definitions.before-commit',
  'builder.after-begin',
  'builder.after-range',
  'builder.before-activate',
  'builder.after-activate',
  'builder.after-retire',
  'builder.after-drop',
] as const;

export type BuilderFaultPoint = (typeof builderFaultPoints)[number];

export type FaultPoint = SinkFaultPoint | ProjectorFaultPoint | BuilderFaultPoint;

export interface Faults {
  /** Called at every point that is passed; what it throws goes the way of any other failure of that step. */
  at(point: FaultPoint): void | Promise<void>;
}

export const noFaults: Faults = { at: () => {} };
