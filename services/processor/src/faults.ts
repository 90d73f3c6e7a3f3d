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

export interface Faults {
  /** Called at every point that is passed; what it throws goes the way of any other failure of that step. */
  at(point: SinkFaultPoint): void | Promise<void>;
}

export const noFaults: Faults = { at: () => {} };
