/** A column, or a member of a struct under the names that lead to it. */
export interface TypeMember {
  readonly path: readonly string[];
  /** Type of ClickHouse, e.g. `Nullable(DateTime64(6))`. */
  readonly type: string;
}

/** The column itself, or, where its type is a tuple with names, every member of it, however deep. */
export function membersOf(name: string, type: string): TypeMember[] {
  const parts = tupleParts(type.trim());
  if (parts === null) return [{ path: [name], type: type.trim() }];
  return parts.flatMap((part) => {
    const [own, rest] = splitName(part);
    return membersOf(own, rest).map(({ path, type: memberType }) => ({ path: [name, ...path], type: memberType }));
  });
}

function tupleParts(type: string): string[] | null {
  const inner = /^(?:Nullable\()?Tuple\(([\s\S]*)\)$/.exec(type)?.[1];
  if (inner === undefined) return null;
  const isNullable = type.startsWith('Nullable(');
  return splitAtCommas(isNullable ? inner.slice(0, -1) : inner);
}

function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i];
    if (character === '`' || character === "'") i = endOfQuote(text, i);
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  return [...parts, text.slice(start).trim()];
}

function splitName(part: string): [name: string, type: string] {
  if (part.startsWith('`')) {
    const end = endOfQuote(part, 0);
    return [part.slice(1, end).replace(/\\(.)/g, '$1'), part.slice(end + 1)];
  }
  const space = part.search(/\s/);
  return [part.slice(0, space), part.slice(space)];
}

/** Place of the quote that closes the one at `start`. */
function endOfQuote(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === text[start]) return i;
  }
  return text.length;
}
