import type { DerivePlan } from './plan.ts';

/**
 * An event as one number, which is what sorting is fast with: 52 bits of time (µs), 64 of sequence, 64 of content hash, 52 of receipt (µs),
 * 24 of flags. Copies differ in their receipt only and stand side by side, the earliest first.
 */
export const eventNumber = [
  'bitShiftLeft(toUInt256(toUnixTimestamp64Micro(occurred_at)), 204)',
  'bitShiftLeft(toUInt256(bitXor(reinterpretAsUInt64(sequence), 9223372036854775808)), 140)',
  'bitShiftLeft(toUInt256(content_hash), 76)',
  'bitShiftLeft(toUInt256(toUnixTimestamp64Micro(received_at)), 24)',
  'toUInt256(flags)',
].reduce((all, part) => `bitOr(${all}, ${part})`);

/** How the parts of an event's number are read. */
export const numberPart = {
  instant: (n: string) => `bitShiftRight(${n}, 140)`,
  content: (n: string) => `bitShiftRight(${n}, 76)`,
  time: (n: string) => `toInt64(bitShiftRight(${n}, 204))`,
  receivedUs: (n: string) => `toUInt128(bitAnd(bitShiftRight(${n}, 24), 4503599627370495))`,
  flags: (n: string) => `toUInt32(bitAnd(${n}, 16777215))`,
} as const;

/**
 * Flags: bits 0–7 the latest stage with a matching plain rule, 8–15 the first matching plain exit as 256 − its number (so that the
 * greatest is the first), 16 whether the event keeps a visit alive, 17 whether its content lost its id to another.
 */
export const flagPart = {
  level: (f: string) => `bitAnd(${f}, 255)`,
  exit: (f: string) => `bitAnd(bitShiftRight(${f}, 8), 255)`,
  refreshes: (f: string) => `bitTest(${f}, 16)`,
  superseded: (n: string) => `(bitAnd(${n}, 131072) != 0)`,
} as const;

/** Where a field stands in the tuple that an event is. */
export interface EventLayout {
  /** Names of the fields in order. */
  readonly fields: readonly string[];
  /** `events.N` or `e.N`, N being the field's place. */
  at(tuple: string, field: string): string;
}

/** The fields of an event. Of accounts, `person_key` is in it too, because several people share a timeline. */
export function eventLayout(plan: DerivePlan, stage: 'customer' | 'unit'): EventLayout {
  const fields = [
    'number',
    'id',
    'name',
    'score',
    'mood',
    ...plan.later.map((_, i) => `fit_${i}`),
    ...plan.traits.map((_, i) => `trait_${i}`),
    ...plan.reasons.map((_, i) => `reason_${i}`),
    ...(stage === 'customer' && plan.withAccounts ? ['account'] : []),
    ...(stage === 'unit' && plan.journey.unit === 'account' ? ['person_key'] : []),
  ];
  return { fields, at: (tuple, field) => `${tuple}.${fields.indexOf(field) + 1}` };
}
