import type { FaultSink } from '../fields.ts';
import { describeUnkept } from '../fields.ts';
import { isJsonObject, isUnkept, type JsonObject, type JsonValue, kindOf } from '../json-value.ts';
import { childPath } from '../pointer.ts';
import type { Fault } from '../verdict.ts';

/**
 * An event of another wire form in native form, not judged yet. `origins`: where each part stood, as pointers (native →
 * sender's), so that a fault is reported at its place in what was sent.
 */
export interface Draft {
  readonly fields: ReadonlyMap<string, JsonValue>;
  readonly origins: ReadonlyMap<string, string>;
}

/** An event that was mapped, or as far as it could be and why not further; the fault's path is one of the sender's event. */
export interface Mapped {
  readonly draft: Draft;
  readonly fault: Fault | null;
}

export interface DraftBuilder {
  /** Sets a field; null says that it isn't given. A later value counts. */
  put(name: string, value: JsonValue, origin: string): void;
  /** Makes a whole object the properties or traits. What isn't an object is kept too, for the judge to refuse. */
  putFlat(name: 'properties' | 'traits', value: JsonValue, origin: string): void;
  /** Adds one property or trait, unless there is one of this name already. */
  add(name: 'properties' | 'traits', member: string, value: JsonValue, origin: string): void;
  draft(): Draft;
}

export function createDraft(): DraftBuilder {
  const fields = new Map<string, JsonValue>();
  const origins = new Map<string, string>();
  const flats = new Map<string, Map<string, JsonValue>>();

  function put(name: string, value: JsonValue, origin: string): void {
    if (value === null) return;
    fields.set(name, value);
    origins.set(`/${name}`, origin);
  }

  return {
    put,
    putFlat(name, value, origin) {
      if (!isJsonObject(value)) return put(name, value, origin);
      if (value.size === 0) return;
      const flat = new Map(value);
      flats.set(name, flat);
      put(name, flat, origin);
    },
    add(name, member, value, origin) {
      if (value === null) return;
      let flat = flats.get(name);
      if (flat === undefined) {
        if (fields.has(name)) return;
        flat = new Map();
        flats.set(name, flat);
        fields.set(name, flat);
      }
      if (flat.has(member) || hasNested(flat, member)) return;
      flat.set(member, value);
      origins.set(childPath(`/${name}`, member), origin);
    },
    draft: () => ({ fields, origins }),
  };
}

/** Whether `page.url` is there as `{ page: { url } }`. */
function hasNested(flat: JsonObject, member: string): boolean {
  const dot = member.indexOf('.');
  const parent = dot < 0 ? undefined : flat.get(member.slice(0, dot));
  return isJsonObject(parent) && parent.has(member.slice(dot + 1));
}

/** The pointer of the sender's event that a pointer of the native one comes from; `''` if it comes from nowhere. */
export function originOf(path: string, origins: ReadonlyMap<string, string>): string {
  for (let prefix = path; prefix !== ''; prefix = prefix.slice(0, prefix.lastIndexOf('/'))) {
    const origin = origins.get(prefix);
    if (origin !== undefined) return origin + path.slice(prefix.length);
  }
  return '';
}

const NOTHING: JsonObject = new Map();

/** A member that has to be an object where it is given; anything else is reported and read as empty. */
export function objectAt(parent: JsonObject, name: string, path: string, faults: FaultSink): JsonObject {
  const value = parent.get(name) ?? null;
  if (value === null) return NOTHING;
  if (isJsonObject(value)) return value;
  const at = childPath(path, name);
  if (isUnkept(value)) faults.push(describeUnkept(value, at));
  else faults.push({ code: 'wrong_type', path: at, message: `expected an object, got ${kindOf(value)}` });
  return NOTHING;
}
