import { type CheckContext, checkEvent } from './check-event.ts';
import type { JsonValue } from './json-value.ts';
import { limits } from './limits.ts';
import { reject, type Verdict } from './verdict.ts';

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
  if (end - start > limits.eventBytesMax / 3) {
    const bytes = Buffer.byteLength(text.slice(start, end), 'utf8');
    if (bytes > limits.eventBytesMax) {
      const message = `an event may have ${limits.eventBytesMax} bytes, this one has ${bytes}`;
      return reject({ code: 'event_too_large', path: '', message }, index, null, text.slice(start, end));
    }
  }
  const checked = checkEvent(value, context);
  if (checked.ok) return { accepted: true, event: checked.event };
  return reject(checked.fault, index, checked.id, text.slice(start, end));
}
