/** An element of a configuration file. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  /** Text directly inside, trimmed. */
  readonly text: string;
}

const token = /<!--[\s\S]*?-->|<\/([\w.]+)>|<([\w.]+)((?:\s+\w+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;

/** Reads the subset of XML that configuration files are written in. Throws where the text is not well-formed. */
export function parseXml(text: string): Element {
  const root = { name: '', attributes: new Map<string, string>(), children: [] as Element[], text: '' };
  const open = [root];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null) throw new Error(`not well-formed: ${text.slice(at, at + 60)}`);
    const [whole, closed, opened, attributes = '', isEmpty, between] = match;
    const inside = open.at(-1) ?? root;
    if (whole.startsWith('<!--') && whole.slice(4, -3).includes('--')) throw new Error('-- inside a comment');
    if (closed !== undefined && (open.length === 1 || open.pop()?.name !== closed)) throw new Error(`</${closed}>`);
    if (between !== undefined) inside.text = `${inside.text}${between}`.trim();
    if (opened === undefined) continue;
    const pairs = [...attributes.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value] as const);
    const element = { name: opened, attributes: new Map(pairs), children: [] as Element[], text: '' };
    inside.children.push(element);
    if (isEmpty === '') open.push(element);
  }
  const [document] = root.children;
  if (open.length !== 1 || root.children.length !== 1 || document === undefined) throw new Error('not one element');
  return document;
}

/** Elements at a path of names below an element. */
export function elementsAt(element: Element, ...path: readonly string[]): readonly Element[] {
  return path.reduce<readonly Element[]>(
    (found, name) => found.flatMap(({ children }) => children.filter((child) => child.name === name)),
    [element],
  );
}

/** Text of the one element at a path; throws when there are none or several. */
export function textAt(element: Element, ...path: readonly string[]): string {
  const [found, ...more] = elementsAt(element, ...path);
  if (found === undefined || more.length > 0)
    throw new Error(`${more.length === 0 ? 'no' : 'several'} ${path.join('/')}`);
  return found.text;
}
