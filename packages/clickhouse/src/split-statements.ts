const token = /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`\\]|\\.|``)*`|--[^\n]*|\/\*[\s\S]*?\*\/|;/g;

/** Splits SQL at the semicolons that stand outside strings, quoted names and comments. Comments stay with their statement. */
export function splitStatements(sql: string): readonly string[] {
  const statements: string[] = [];
  let start = 0;
  for (const match of sql.matchAll(token)) {
    if (match[0] !== ';') continue;
    statements.push(sql.slice(start, match.index));
    start = match.index + 1;
  }
  statements.push(sql.slice(start));
  return statements.map((statement) => statement.trim()).filter((statement) => withoutComments(statement) !== '');
}

/** The statement without its comments, trimmed. */
export function withoutComments(sql: string): string {
  return sql.replace(token, (part) => (part.startsWith('--') || part.startsWith('/*') ? '' : part)).trim();
}
