import { type CST, Lexer, Parser } from 'yaml';

/**
 * Whether more than `depthMax` maps and lists of a YAML text lie inside each other. Works without recursion: composing a
 * document recurses, and tens of thousands of brackets would exhaust the stack of the process (not catchable: V8 aborts).
 */
export function isTooDeep(text: string, depthMax: number): boolean {
  const parser = new Parser();
  const roots: CST.Token[] = [];
  let brackets = 0;
  let indicatorsOnLine = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === '[' || lexeme === '{') brackets += 1;
    else if (lexeme === ']' || lexeme === '}') brackets = Math.max(0, brackets - 1);
    else if (lexeme === '-' || lexeme === '?') indicatorsOnLine += 1;
    else if (lexeme.endsWith('\n')) indicatorsOnLine = 0;
    if (brackets > depthMax || indicatorsOnLine > depthMax) return true;
    roots.push(...parser.next(lexeme));
  }
  roots.push(...parser.end());
  return roots.some((root) => depthOf(root) > depthMax);
}

function depthOf(root: CST.Token): number {
  let deepest = 0;
  const open: { token: CST.Token; depth: number }[] = [{ token: root, depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if ('items' in token) deepest = Math.max(deepest, depth);
    if (token.type === 'document' && token.value !== undefined) open.push({ token: token.value, depth });
    for (const { key, value } of itemsOf(token)) {
      if (key) open.push({ token: key, depth: depth + 1 });
      if (value) open.push({ token: value, depth: depth + 1 });
    }
  }
  return deepest;
}

function itemsOf(token: CST.Token): readonly { key?: CST.Token | null; value?: CST.Token }[] {
  return 'items' in token ? token.items : [];
}
