import { NotEmulated } from '../not-emulated.ts';

export type Value = string | number | boolean | null;
export type Evaluate = (names: ReadonlyMap<string, Value>) => Value;

/** What a row has no value for, or a sign that doesn't fit its operands: Infinity answers with an error, or null in a computed column. */
export class EvaluationError extends Error {}

type Token = { kind: 'number' | 'string' | 'name' | 'sign'; text: string };

const pattern =
  /\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|\[([^\]]+)\]|([A-Za-z_][A-Za-z0-9_]*)|(\*\*|==|!=|>=|<=|&&|\|\||\?\?|[-+*/%()<>!?:,]))/y;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.trimEnd().length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) throw new NotEmulated(`the expression ${text}, from ${JSON.stringify(text.slice(at))} on`);
    const [, number, single, double, bracket, name, sign] = match;
    const string = single ?? double;
    if (string !== undefined && /^\d{4}-\d\d/.test(string)) throw new NotEmulated(`a date in the expression ${text}`);
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (string !== undefined) tokens.push({ kind: 'string', text: string.replace(/\\(.)/g, '$1') });
    else if (bracket !== undefined) tokens.push({ kind: 'name', text: bracket });
    else if (name !== undefined) tokens.push({ kind: name === 'in' ? 'sign' : 'name', text: name });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return tokens;
}

const levels = [['??'], ['||'], ['&&'], ['==', '!=', '>', '<', '>=', '<='], ['+', '-'], ['*', '/', '%'], ['**']];

/**
 * Expressions of casbin/govaluate as Infinity uses them in computed columns and filters: arithmetic, comparison, `&& || !`, `? :`, `??`, texts, `in (…)`, and the
 * functions of infinity-libs transformations 1.1.1 that work on texts. Anything else is refused.
 */
export function compileExpression(text: string): Evaluate {
  const tokens = tokenize(text);
  let at = 0;
  const peek = (sign: string): boolean => tokens[at]?.kind === 'sign' && tokens[at]?.text === sign;
  const take = (sign: string): boolean => {
    if (!peek(sign)) return false;
    at += 1;
    return true;
  };
  const need = (sign: string): void => {
    if (!take(sign)) throw new Error(`${sign} is missing in the expression ${text}`);
  };

  function ternary(): Evaluate {
    const condition = binary(0);
    if (!take('?')) return condition;
    const yes = ternary();
    need(':');
    const no = ternary();
    return (names) => (asBoolean(condition(names)) ? yes(names) : no(names));
  }

  function binary(level: number): Evaluate {
    const signs = levels[level];
    if (signs === undefined) return prefix();
    let left = binary(level + 1);
    for (;;) {
      if (level === 3 && take('in')) {
        const list = parenthesised();
        const value = left;
        left = (names) => list.some((each) => each(names) === value(names));
        continue;
      }
      const sign = signs.find(peek);
      if (sign === undefined) return left;
      at += 1;
      left = combine(sign, left, binary(level + 1));
    }
  }

  function prefix(): Evaluate {
    if (take('!')) {
      const operand = prefix();
      return (names) => !asBoolean(operand(names));
    }
    if (take('-')) {
      const operand = prefix();
      return (names) => -asNumber(operand(names));
    }
    return primary();
  }

  function parenthesised(): Evaluate[] {
    need('(');
    const list: Evaluate[] = [];
    while (!take(')')) {
      list.push(ternary());
      if (!peek(')')) need(',');
    }
    return list;
  }

  function primary(): Evaluate {
    if (peek('(')) {
      const [inner, ...more] = parenthesised();
      if (inner === undefined || more.length > 0) throw new Error(`brackets make no sense in the expression ${text}`);
      return inner;
    }
    const token = tokens[at++];
    if (token === undefined || token.kind === 'sign') throw new Error(`the expression ${text} ends too soon`);
    if (token.kind === 'number') return () => Number(token.text);
    if (token.kind === 'string') return () => token.text;
    if (peek('(')) return call(token.text, parenthesised());
    if (token.text === 'true' || token.text === 'false') return () => token.text === 'true';
    if (token.text === 'null' || token.text === 'nil') return () => null;
    return (names) => {
      const value = names.get(token.text);
      if (value === undefined)
        throw new Error(`No parameter '${token.text}' found: fields are ${[...names.keys()].join(', ')}`);
      return value;
    };
  }

  const evaluate = ternary();
  if (at !== tokens.length) throw new Error(`${tokens[at]?.text} isn't expected in the expression ${text}`);
  return evaluate;
}

function combine(sign: string, left: Evaluate, right: Evaluate): Evaluate {
  if (sign === '&&') return (names) => asBoolean(left(names)) && asBoolean(right(names));
  if (sign === '||') return (names) => asBoolean(left(names)) || asBoolean(right(names));
  if (sign === '??') return (names) => left(names) ?? right(names);
  return (names) => apply(sign, left(names), right(names));
}

function apply(sign: string, left: Value, right: Value): Value {
  if (sign === '==') return left === right;
  if (sign === '!=') return left !== right;
  if (sign === '+' && (typeof left === 'string' || typeof right === 'string')) return `${goText(left)}${goText(right)}`;
  if (['<', '>', '<=', '>='].includes(sign) && typeof left === 'string' && typeof right === 'string')
    return compare(sign, left < right ? -1 : left > right ? 1 : 0);
  const [a, b] = [asNumber(left), asNumber(right)];
  switch (sign) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '**':
      return a ** b;
    default:
      return compare(sign, a - b);
  }
}

function compare(sign: string, order: number): boolean {
  if (sign === '<') return order < 0;
  if (sign === '>') return order > 0;
  return sign === '<=' ? order <= 0 : order >= 0;
}

const goText = (value: Value): string => (value === null ? '<nil>' : String(value));

function asNumber(value: Value): number {
  if (typeof value === 'number') return value;
  throw new EvaluationError(`${JSON.stringify(value)} is no number`);
}

function asBoolean(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  throw new EvaluationError(`${JSON.stringify(value)} is neither true nor false`);
}

const ofTexts: Record<string, (...texts: string[]) => Value> = {
  trim: (text = '') => text.trim(),
  tolower: (text = '') => text.toLowerCase(),
  toupper: (text = '') => text.toUpperCase(),
  startswith: (text = '', start = '') => text.startsWith(start),
  endswith: (text = '', end = '') => text.endsWith(end),
  contains: (text = '', part = '') => text.includes(part),
  replace: (text = '', part = '', other = '') => text.replaceAll(part, other),
  replace_all: (text = '', part = '', other = '') => text.replaceAll(part, other),
};

function call(name: string, args: readonly Evaluate[]): Evaluate {
  const work = ofTexts[name];
  if (work === undefined) throw new NotEmulated(`the function ${name} of an expression`);
  return (names) => {
    const values = args.map((each) => each(names));
    if (values.some((value) => typeof value !== 'string'))
      throw new NotEmulated(`${name} of something that is no text`);
    return work(...(values as string[]));
  };
}
