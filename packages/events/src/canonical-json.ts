import type { FaultSink } from './fields.ts';
import { describeUnkept } from './fields.ts';
import { isJsonObject, isUnkept, type JsonValue } from './json-value.ts';
import { childPath } from './pointer.ts';
import { quoted, textFault } from './text.ts';

/**
 * The one JSON text of a value: compact, names sorted by UTF-16 code units, numbers and escapes as in ECMAScript (the
 * rules of RFC 8785). Null, with a fault at its path, if some text or number inside can't be kept.
 */
export function canonicalJson(value: JsonValue, path: string, faults: FaultSink): string | null {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') {
    const unusable = textFault(value);
    if (unusable === null) return JSON.stringify(value);
    faults.push({ code: unusable, path, message: 'this text cannot be kept unchanged' });
    return null;
  }
  if (isUnkept(value)) {
    faults.push(describeUnkept(value, path));
    return null;
  }
  return isJsonObject(value) ? objectText(value, path, faults) : arrayText(value, path, faults);
}

function arrayText(elements: readonly JsonValue[], path: string, faults: FaultSink): string | null {
  const texts: string[] = [];
  for (const [index, element] of elements.entries()) {
    const text = canonicalJson(element, childPath(path, index), faults);
    if (text === null) return null;
    texts.push(text);
  }
  return `[${texts.join(',')}]`;
}

function objectText(object: ReadonlyMap<string, JsonValue>, path: string, faults: FaultSink): string | null {
  const texts: string[] = [];
  for (const name of [...object.keys()].sort()) {
    const unusable = textFault(name);
    if (unusable !== null) {
      faults.push({ code: unusable, path, message: `the name ${quoted(name)} here cannot be kept` });
      return null;
    }
    const text = canonicalJson(object.get(name) ?? null, childPath(path, name), faults);
    if (text === null) return null;
    texts.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${texts.join(',')}}`;
}
