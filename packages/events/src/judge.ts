import { type CheckContext, checkEvent } from './check-event.ts';
import type { JsonValue } from './json-value.ts';
import { limits } from './limits.ts';
import { type Fault, reject, type Verdict } from './verdict.ts';

/** `receivedAtUs` in microseconds; `newId` makes an id for an event that has none, and without it such an event is refused. */
export interface RequestContext {
  readonly receivedAtUs: number;
  readonly contentType: string | null;
  readonly newId?: () => string;
}

/** The verdict on the event whose JSON text is `text.slice(start, end)`. */
export function judge(
  value: JsonValue,
  text: string,
  start: number,
  end: number,
  index: number,
  context: CheckContext,
): Verdict {
  const raw = text.slice(start, end);
  const tooLarge = eventSizeFault(raw);
  if (tooLarge !== null) return reject(tooLarge, index, null, raw);
  const checked = checkEvent(value, context);
  if (checked.ok) return { accepted: true, event: checked.event };
  return reject(checked.fault, index, checked.id, raw);
}

/** The fault of an event whose JSON text is larger than an event may be. */
export function eventSizeFault(raw: string): Fault | null {
  if (raw.length <= limits.eventBytesMax / 3) return null;
  const bytes = Buffer.byteLength(raw, 'utf8');
  if (bytes <= limits.eventBytesMax) return null;
  const message = `an event may have ${limits.eventBytesMax} bytes, this one has ${bytes}`;
  return { code: 'event_too_large', path: '', message };
}
