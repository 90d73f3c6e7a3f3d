import { type FaultSink, takeText } from '../fields.ts';
import type { JsonValue } from '../json-value.ts';
import { limits } from '../limits.ts';
import type { DraftBuilder } from './draft.ts';
import { vendorId } from './vendor-values.ts';

/** The touchpoints of events that say who somebody is. */
export const identityTouchpoints = {
  identify: 'identity.identified',
  group: 'identity.grouped',
  alias: 'identity.alias',
} as const;

/** The touchpoint of a page or screen: `page.NAME`, or `page.viewed` for one without a name. */
export function pageTouchpoint(name: JsonValue): JsonValue {
  if (name === null) return 'page.viewed';
  return typeof name === 'string' ? `page.${name}` : name;
}

/** The id that an alias merges into its customer, as the only property `previous`. */
export function putPrevious(draft: DraftBuilder, value: JsonValue, origin: string, faults: FaultSink): void {
  const id = vendorId(value);
  if (id === null) faults.push({ code: 'missing_field', path: '', message: 'an alias needs the previous id' });
  const text = takeText(id, limits.customerLengthMax, origin, faults);
  if (text !== null) draft.putFlat('properties', new Map([['previous', text]]), origin);
}
