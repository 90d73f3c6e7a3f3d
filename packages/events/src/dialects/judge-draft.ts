import { checkEvent, notAnObject } from '../check-event.ts';
import type { EventText } from '../event-texts.ts';
import { takeText } from '../fields.ts';
import { isJsonObject, type JsonObject } from '../json-value.ts';
import { eventSizeFault } from '../judge.ts';
import { limits } from '../limits.ts';
import { type Fault, reject, type Verdict } from '../verdict.ts';
import type { DerivedId } from './derived-id.ts';
import type { DialectContext } from './dialect-request.ts';
import { type Mapped, originOf } from './draft.ts';
import { redactKeys } from './redact-keys.ts';

/** What belongs to a request and is needed for each of its events. `shiftUs` is added to given times. */
export interface DraftContext extends DialectContext {
  readonly text: string;
  readonly shiftUs: number;
  readonly derivedId: DerivedId;
  readonly map: (event: JsonObject) => Mapped;
  /** What an event of this form needs to be somebody's, for the message where that is missing. */
  readonly needsWho: string;
}

/** The verdict on one event of another wire form; what is kept of a refused one is its own text, without API keys. */
export function judgeDraft({ value, start, end }: EventText, index: number, context: DraftContext): Verdict {
  const raw = context.text.slice(start, end);
  const refuse = (fault: Fault, id: string | null) => reject(fault, index, id, redactKeys(raw));
  const tooLarge = eventSizeFault(raw);
  if (tooLarge !== null) return refuse(tooLarge, null);
  if (!isJsonObject(value)) return refuse(notAnObject(value), null);
  const { draft, fault } = context.map(value);
  const { fields, origins } = draft;
  if (fault !== null) return refuse(fault, takeText(fields.get('id') ?? null, limits.idLengthMax, '', []));

  const derived = fields.has('id') ? null : context.derivedId(raw, fields.has('occurredAt'));
  const checked = checkEvent(derived === null ? fields : new Map(fields).set('id', derived), context);
  if (checked.ok) return { accepted: true, event: checked.event };
  const { code, path } = checked.fault;
  const message = code === 'customer_required' ? context.needsWho : checked.fault.message;
  return refuse({ code, path: shorten(originOf(path, origins)), message }, derived === null ? checked.id : null);
}

/** A sender's pointer can be longer than ours; it is cut back to an ancestor. */
function shorten(path: string): string {
  let short = path;
  while (short.length > limits.pathLengthMax) short = short.slice(0, short.lastIndexOf('/'));
  return short;
}
