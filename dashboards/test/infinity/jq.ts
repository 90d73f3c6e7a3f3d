import { NotEmulated } from '../not-emulated.ts';

type Filter = (input: unknown) => unknown[];
type Token = { kind: 'path' | 'word' | 'string' | 'number' | 'sign'; text: string };

const pattern =
  /\s*(?:"((?:[^"\\]|\\.)*)"|(\d+(?:\.\d+)?)|(\.(?:[A-Za-z_]\w*)?)|([A-Za-z_]\w*)|(\/\/|==|!=|<=|>=|[|(){}[\]:,<>+*-]))/y;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.trimEnd().length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) throw new NotEmulated(`the jq expression ${text}, from ${JSON.stringify(text.slice(at))} on`);
    const [, string, number, path, word, sign] = match;
    if (string !== undefined) tokens.push({ kind: 'string', text: JSON.parse(`"${string}"`) });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (path !== undefined) tokens.push({ kind: 'path', text: path.slice(1) });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return tokens;
}

const levels = [['//'], ['or'], ['and'], ['==', '!=', '<', '>', '<=', '>=']];

/**
 * As much of jq as root selectors here need: paths, `|`, `//`, comparison, `and or not`, `if then else end`, `map`, `select`, objects with `{name, name: (…)}`, texts,
 * numbers and `null true false`. Anything else is refused.
 *
 * @returns what the backend makes of the outputs: a list if there is exactly one and it is one, else the list of the outputs
 */
export function runJq(text: string, input: unknown): unknown[] {
  const outputs = compileJq(text)(input);
  const [only] = outputs;
  return outputs.length === 1 && Array.isArray(only) ? only : outputs;
}

function compileJq(text: string): Filter {
  const tokens = tokenize(text);
  let at = 0;
  const peek = (expected: string): boolean =>
    (tokens[at]?.kind === 'sign' || tokens[at]?.kind === 'word') && tokens[at]?.text === expected;
  const take = (expected: string): boolean => {
    if (!peek(expected)) return false;
    at += 1;
    return true;
  };
  const need = (expected: string): void => {
    if (!take(expected)) throw new NotEmulated(`the jq expression ${text}: ${expected} is expected`);
  };

  function pipe(): Filter {
    const left = binary(0);
    if (!take('|')) return left;
    const right = pipe();
    return (input) => left(input).flatMap(right);
  }

  function binary(level: number): Filter {
    const signs = levels[level];
    if (signs === undefined) return term();
    const left = binary(level + 1);
    const sign = signs.find(peek);
    if (sign === undefined) return left;
    at += 1;
    const right = binary(level === 3 ? level + 1 : level);
    if (sign === '//') return (input) => (left(input).some(isTrue) ? left(input).filter(isTrue) : right(input));
    return (input) => left(input).flatMap((a) => right(input).map((b) => compare(sign, a, b)));
  }

  function term(): Filter {
    let result = primary();
    while (tokens[at]?.kind === 'path' && tokens[at]?.text !== '') {
      const before = result;
      const name = tokens[at++]?.text ?? '';
      result = (input) => before(input).map((value) => field(value, name));
    }
    return result;
  }

  function primary(): Filter {
    const token = tokens[at++];
    if (token?.kind === 'string') return () => [token.text];
    if (token?.kind === 'number') return () => [Number(token.text)];
    if (token?.kind === 'path') return (input) => [token.text === '' ? input : field(input, token.text)];
    if (token?.kind === 'sign' && token.text === '(') {
      const inner = pipe();
      need(')');
      return inner;
    }
    if (token?.kind === 'sign' && token.text === '{') return object();
    if (token?.kind === 'word') return word(token.text);
    throw new NotEmulated(`the jq expression ${text}: ${token?.text ?? 'its end'} isn't expected`);
  }

  function word(name: string): Filter {
    if (name === 'null') return () => [null];
    if (name === 'true' || name === 'false') return () => [name === 'true'];
    if (name === 'not') return (input) => [!isTrue(input)];
    if (name === 'if') {
      const condition = pipe();
      need('then');
      const yes = pipe();
      need('else');
      const no = pipe();
      need('end');
      return (input) => condition(input).flatMap((value) => (isTrue(value) ? yes(input) : no(input)));
    }
    if (name !== 'map' && name !== 'select') throw new NotEmulated(`${name} of jq`);
    need('(');
    const inner = pipe();
    need(')');
    if (name === 'select') return (input) => inner(input).flatMap((value) => (isTrue(value) ? [input] : []));
    return (input) => {
      if (!Array.isArray(input)) throw new Error(`jq: cannot iterate over ${JSON.stringify(input)}`);
      return [input.flatMap(inner)];
    };
  }

  function object(): Filter {
    const entries: [string, Filter][] = [];
    while (!take('}')) {
      const token = tokens[at++];
      if (token?.kind !== 'word' && token?.kind !== 'string')
        throw new NotEmulated(`the jq expression ${text}: a name is expected`);
      entries.push([token.text, take(':') ? binary(0) : (input) => [field(input, token.text)]]);
      if (!peek('}')) need(',');
    }
    return (input) => {
      const values = entries.map(([name, filter]) => [name, filter(input)] as const);
      if (values.some(([, outputs]) => outputs.length !== 1))
        throw new NotEmulated('an object of several outputs of jq');
      return [Object.fromEntries(values.map(([name, [value]]) => [name, value]))];
    };
  }

  const result = pipe();
  if (at !== tokens.length) throw new NotEmulated(`the jq expression ${text}, from ${tokens[at]?.text} on`);
  return result;
}

const isTrue = (value: unknown): boolean => value !== null && value !== undefined && value !== false;

function field(value: unknown, name: string): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object' || Array.isArray(value))
    throw new Error(`jq: cannot take ${name} of ${JSON.stringify(value)}`);
  return (value as Record<string, unknown>)[name] ?? null;
}

function compare(sign: string, a: unknown, b: unknown): boolean {
  if (sign === 'and') return isTrue(a) && isTrue(b);
  if (sign === 'or') return isTrue(a) || isTrue(b);
  if (sign === '==') return a === b;
  if (sign === '!=') return a !== b;
  if (typeof a !== 'number' || typeof b !== 'number')
    throw new NotEmulated(`${sign} of jq between other things than numbers`);
  return { '<': a < b, '>': a > b, '<=': a <= b, '>=': a >= b }[sign] ?? false;
}
