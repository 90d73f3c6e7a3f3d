import type { Signal } from './signal.ts';

/** The version that is written. A change of the format raises it and adds an upcaster from the version before. */
export const SIGNAL_VERSION = 1;

/** A signal as a log record: UTF-8 JSON, see docs/signals.md. `decodeSignal` gives the identical signal back. */
export function encodeSignal(signal: Signal): Uint8Array {
  const { kind, id, revision, retracted, announcedAtUs, journey, version, unit, customer, anonymous, account } = signal;
  const { cycle, visit, from, to, outcome, reason, atUs } = signal;
  const head = { v: SIGNAL_VERSION, kind, id, revision, retracted, announcedAtUs };
  const whose = { journey, version, unit, customer, anonymous, account };
  return Buffer.from(JSON.stringify({ ...head, ...whose, cycle, visit, from, to, outcome, reason, atUs }), 'utf8');
}
