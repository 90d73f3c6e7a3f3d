import type { FaultSink } from '../fields.ts';
import { unknownField } from '../fields.ts';
import type { JsonObject } from '../json-value.ts';
import { childPath } from '../pointer.ts';
import { type DraftBuilder, objectAt } from './draft.ts';

/** The native fields that other wire forms have no place for. */
export const ownFields = [
  'account',
  'channel',
  'team',
  'direction',
  'topic',
  'sequence',
  'sentiment',
  'nps',
  'amount',
] as const;

const known: ReadonlySet<string> = new Set(ownFields);

/**
 * Takes the fields that a sender gives in an object of ours inside its own form, e.g. `context.michinori`. They count more
 * than what was mapped. An unknown name is a fault, as in the native form.
 */
export function putOwnFields(
  draft: DraftBuilder,
  parent: JsonObject,
  name: string,
  path: string,
  faults: FaultSink,
): void {
  const own = objectAt(parent, name, path, faults);
  const ownPath = childPath(path, name);
  for (const [field, value] of own) {
    if (known.has(field)) draft.put(field, value, childPath(ownPath, field));
    else faults.push(unknownField(field, ownFields, ownPath));
  }
}
