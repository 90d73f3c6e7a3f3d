import { NotEmulated } from '../not-emulated.ts';

/** A path that gjson finds nothing at. */
export const nothing = Symbol('nothing');

/**
 * Reads a value as gjson does (tidwall/gjson SYNTAX.md): names and indexes with dots between them, `#` for the length of a list, `#.name` for a field of each
 * element, `\` before a sign that means something, `@this`. Queries, other modifiers, wildcards, pipes and literals are refused.
 */
export function readPath(value: unknown, path: string): unknown | typeof nothing {
  if (path === '' || path === '@this') return value;
  const parts = splitPath(path);
  return readParts(value, parts);
}

interface Part {
  name: string;
  isCount: boolean;
}

function splitPath(path: string): Part[] {
  const parts: Part[] = [];
  let name = '';
  let isEscaped = false;
  const end = () => {
    parts.push({ name, isCount: name === '#' && !isEscaped });
    name = '';
    isEscaped = false;
  };
  for (let index = 0; index < path.length; index++) {
    const sign = path[index] ?? '';
    if (sign === '\\') {
      index += 1;
      name += path[index] ?? '';
      isEscaped = true;
    } else if (sign === '.') end();
    else if (/[*?|@!{}[\]()<>=~]/.test(sign) || (sign === '#' && /[^.]/.test(path[index + 1] ?? '.')))
      throw new NotEmulated(`the selector ${path}`);
    else name += sign;
  }
  end();
  return parts;
}

function readParts(value: unknown, parts: readonly Part[]): unknown | typeof nothing {
  const [part, ...rest] = parts;
  if (part === undefined) return value;
  if (Array.isArray(value)) {
    if (part.isCount) {
      if (rest.length === 0) return value.length;
      return value.map((element) => readParts(element, rest)).filter((found) => found !== nothing);
    }
    if (!/^\d+$/.test(part.name) || Number(part.name) >= value.length) return nothing;
    return readParts(value[Number(part.name)], rest);
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part.name)) return nothing;
  return readParts((value as Record<string, unknown>)[part.name], rest);
}
