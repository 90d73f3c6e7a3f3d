import { canonicalJson } from './canonical-json.ts';
import type { Scalar } from './event.ts';
import type { FaultSink } from './fields.ts';
import { describeUnkept } from './fields.ts';
import { isJsonObject, isUnkept, type JsonObject, type JsonValue } from './json-value.ts';
import { limits } from './limits.ts';
import { childPath } from './pointer.ts';
import { isLongerThan, quoted, textFault } from './text.ts';

/**
 * Properties or traits as flat scalars: a nested object's names are joined by dots, an array is kept as its JSON text
 * (compact, names of objects inside sorted), null and an empty object hold no value and leave no name. Two ways to
 * write one flattened name are a conflict. Reports the first fault and stops.
 */
export function flatten(object: JsonObject, path: string, faults: FaultSink): Map<string, Scalar> {
  const flat = new Map<string, Scalar>();
  addMembers(object, '', path, flat, faults);
  return flat;
}

function addMembers(
  object: JsonObject,
  prefix: string,
  path: string,
  flat: Map<string, Scalar>,
  faults: FaultSink,
): void {
  for (const [name, value] of object) {
    if (!isUsableName(name, path, faults)) return;
    const flatName = prefix + name;
    if (isJsonObject(value)) addMembers(value, `${flatName}.`, childPath(path, name), flat, faults);
    else if (value !== null) addValue(flatName, value, name, path, flat, faults);
    if (faults.length > 0) return;
  }
}

function isUsableName(name: string, path: string, faults: FaultSink): boolean {
  const unusable = name === '' ? 'empty_text' : textFault(name);
  if (unusable !== null) faults.push({ code: unusable, path, message: `the name ${quoted(name)} here cannot be kept` });
  return unusable === null;
}

function addValue(
  flatName: string,
  value: Exclude<JsonValue, null>,
  name: string,
  path: string,
  flat: Map<string, Scalar>,
  faults: FaultSink,
): void {
  if (isLongerThan(flatName, limits.propertyNameLengthMax)) {
    const message = `the name ${quoted(flatName)} is longer than ${limits.propertyNameLengthMax}`;
    faults.push({ code: 'text_too_long', path: childPath(path, name), message });
    return;
  }
  if (flat.has(flatName)) {
    const message = `${quoted(flatName)} is given twice: as a nested object and with a dot in its name`;
    faults.push({ code: 'conflicting_names', path: childPath(path, name), message });
    return;
  }
  const scalar = Array.isArray(value)
    ? canonicalJson(value, childPath(path, name), faults)
    : takeScalar(value, name, path, faults);
  if (scalar === null) return;
  if (typeof scalar === 'string' && isLongerThan(scalar, limits.propertyTextLengthMax)) {
    const message = `a property's text may have ${limits.propertyTextLengthMax} characters`;
    faults.push({ code: 'text_too_long', path: childPath(path, name), message });
    return;
  }
  flat.set(flatName, scalar);
}

function takeScalar(value: JsonValue, name: string, path: string, faults: FaultSink): Scalar | null {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (isUnkept(value)) {
    faults.push(describeUnkept(value, childPath(path, name)));
    return null;
  }
  if (typeof value !== 'string') return null;
  const unusable = textFault(value);
  if (unusable === null) return value;
  faults.push({ code: unusable, path: childPath(path, name), message: 'this text cannot be kept unchanged' });
  return null;
}
