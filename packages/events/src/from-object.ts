import { type CheckContext, checkEvent } from './check-event.ts';
import { exactNumber } from './json-number.ts';
import { isJsonObject, isUnkept, type JsonObject, type JsonValue, type Unkept } from './json-value.ts';
import { limits } from './limits.ts';
import { reject, type Verdict } from './verdict.ts';

/** `index` is the event's place in its source, e.g. the row of a file. */
export interface ObjectContext extends CheckContext {
  readonly index?: number;
}

/**
 * An event in native form that is already an object in memory (an imported row) → verdict, with the same checks as on
 * the wire. Plain objects, Maps, arrays, text, numbers, bigints, booleans, null; undefined members count as not given;
 * anything else is `wrong_type`. The size of the event is counted without escapes and white space.
 */
export function eventFromObject(fields: object, context: ObjectContext): Verdict {
  const value = fromMemory(fields);
  const checked = checkEvent(value, context);
  if (checked.ok) return { accepted: true, event: checked.event };
  return reject(checked.fault, context.index ?? 0, checked.id, showJson(value));
}

/** A value in memory as exact JSON; cycles end at the depth limit and huge values at the size limit. */
export function fromMemory(input: unknown): JsonValue {
  const budget = { bytes: limits.eventBytesMax };
  const value = convert(input, 1, budget);
  return budget.bytes < 0 ? { unkept: 'event_too_large', text: '' } : value;
}

function convert(input: unknown, depth: number, budget: { bytes: number }): JsonValue {
  budget.bytes -= 2;
  if (budget.bytes < 0) return null;
  if (input === null || input === undefined || typeof input === 'boolean') return input ?? null;
  if (typeof input === 'string') {
    budget.bytes -= Buffer.byteLength(input, 'utf8');
    return input;
  }
  if (typeof input === 'bigint') return exactNumber(String(input));
  if (typeof input === 'number') return keepNumber(input);
  if (typeof input !== 'object') return { unkept: 'wrong_type', text: typeof input };
  if (depth > limits.depthMax) return { unkept: 'too_deep', text: '' };
  if (Array.isArray(input)) return input.map((element) => convert(element, depth + 1, budget));
  if (input instanceof Map) return convertMembers(input, depth, budget);
  const prototype: unknown = Object.getPrototypeOf(input);
  if (prototype === null || prototype === Object.prototype) return convertMembers(Object.entries(input), depth, budget);
  return { unkept: 'wrong_type', text: 'object of a class' };
}

function keepNumber(value: number): number | Unkept {
  return Number.isFinite(value) ? exactNumber(String(value)) : { unkept: 'number_not_finite', text: String(value) };
}

function convertMembers(members: Iterable<[unknown, unknown]>, depth: number, budget: { bytes: number }): JsonObject {
  const object = new Map<string, JsonValue>();
  for (const [name, member] of members) {
    if (budget.bytes < 0) break;
    if (member === undefined) continue;
    budget.bytes -= Buffer.byteLength(String(name), 'utf8') + 2;
    const value = convert(member, depth + 1, budget);
    object.set(String(name), object.has(String(name)) ? { unkept: 'duplicate_name', text: '' } : value);
  }
  return object;
}

/** JSON for people to look at; what can't be kept is shown as text. */
function showJson(value: JsonValue): string {
  if (isUnkept(value)) return JSON.stringify(value.text === '' ? value.unkept : value.text);
  if (Array.isArray(value)) return `[${value.map(showJson).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  return `{${[...value].map(([name, member]) => `${JSON.stringify(name)}:${showJson(member)}`).join(',')}}`;
}
