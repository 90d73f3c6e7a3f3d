import { programmingError } from './error.ts';

/** `{name:Type}` in a query. */
export interface Placeholder {
  readonly name: string;
  readonly type: string;
}

// A string, quoted identifier or comment is skipped whole; what is left in braces is a placeholder.
const token = /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`\\]|\\.|``)*`|--[^\n]*|\/\*[\s\S]*?\*\/|\{([^{}]*)\}/g;
const inside = /^\s*([A-Za-z_][A-Za-z0-9_]*)\s*:\s*([A-Za-z][\s\S]*?)\s*$/;

/** The placeholders of a query, each once. Throws ClickHouseError `BAD_PLACEHOLDER` on a malformed or contradictory one. */
export function scanPlaceholders(query: string, sql: string): readonly Placeholder[] {
  const types = new Map<string, string>();
  for (const match of sql.matchAll(token)) {
    const content = match[1];
    if (content === undefined) continue;
    const [, name, type] = inside.exec(content) ?? [];
    if (name === undefined || type === undefined) {
      throw programmingError('BAD_PLACEHOLDER', `query ${query}: {${content}} is not a {name:Type} placeholder`);
    }
    const known = types.get(name);
    if (known !== undefined && known !== type) {
      throw programmingError('BAD_PLACEHOLDER', `query ${query}: {${name}} is both ${known} and ${type}`);
    }
    types.set(name, type);
  }
  return [...types].map(([name, type]) => ({ name, type }));
}

/** The query with every placeholder that `replace` answers a text for replaced by it; the others stay. */
export function replacePlaceholders(sql: string, replace: (placeholder: Placeholder) => string | undefined): string {
  return sql.replaceAll(token, (whole: string, content: string | undefined) => {
    const [, name, type] = inside.exec(content ?? '') ?? [];
    if (name === undefined || type === undefined) return whole;
    return replace({ name, type }) ?? whole;
  });
}
