import { limits, type Scalar, type TouchpointEvent } from '@michinori/events';

/** A reading of JSON that keeps everything: number texts, repeated names, order. Shares no code with the product. */
export type Node =
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Node])[] }
  | { readonly kind: 'array'; readonly items: readonly Node[] }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'other'; readonly value: string | boolean | null };

/** Undefined if JSON.parse says that it is no JSON. */
export function readNode(text: string): Node | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs) ?? [];
  let at = 0;
  const value = (): Node => {
    const token = tokens[at++] ?? '';
    if (token === '{') {
      const members: [string, Node][] = [];
      while (tokens[at] !== '}') {
        if (tokens[at] === ',') at += 1;
        const name = String(JSON.parse(tokens[at] ?? ''));
        at += 2;
        members.push([name, value()]);
      }
      at += 1;
      return { kind: 'object', members };
    }
    if (token === '[') {
      const items: Node[] = [];
      while (tokens[at] !== ']') {
        if (tokens[at] === ',') at += 1;
        items.push(value());
      }
      at += 1;
      return { kind: 'array', items };
    }
    return /^[-\d]/.test(token) ? { kind: 'number', text: token } : { kind: 'other', value: JSON.parse(token) };
  };
  return value();
}

/** The number as an integer and a power of ten, in lowest form: equal strings for equal numbers. */
export function rational(text: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  let integer = BigInt(whole + fraction);
  if (integer === 0n) return '0';
  let power = BigInt(exponent) - BigInt(fraction.length);
  while (integer % 10n === 0n) {
    integer /= 10n;
    power += 1n;
  }
  return `${sign}${integer}e${power}`;
}

/** A normal form of a node: equal for equal JSON values. */
export function normal(node: Node): unknown {
  if (node.kind === 'array') return node.items.map(normal);
  if (node.kind === 'number') return { number: rational(node.text) };
  if (node.kind === 'other') return node.value;
  return {
    object: node.members
      .map(([name, member]) => [name, normal(member)])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  };
}

/** Whether a JSON pointer leads somewhere; with repeated names any of them will do. */
export function resolves(node: Node, pointer: string): boolean {
  if (pointer === '') return true;
  if (!pointer.startsWith('/')) return false;
  const [, first = '', rest = ''] = /^\/([^/]*)(.*)$/s.exec(pointer) ?? [];
  const name = first.replaceAll('~1', '/').replaceAll('~0', '~');
  if (node.kind === 'object') return node.members.some(([key, member]) => key === name && resolves(member, rest));
  if (node.kind === 'array') {
    const item = /^(0|[1-9]\d*)$/.test(name) ? node.items[Number(name)] : undefined;
    return item !== undefined && resolves(item, rest);
  }
  return false;
}

function member(node: Node, name: string): Node | null {
  if (node.kind !== 'object') throw new Error('not an object');
  const found = node.members.filter(([key]) => key === name);
  if (found.length > 1) throw new Error(`accepted although ${name} is repeated`);
  const value = found[0]?.[1] ?? null;
  return value?.kind === 'other' && value.value === null ? null : value;
}

function plain(node: Node | null): unknown {
  return node === null ? null : normal(node);
}

const stored = (value: string | number | boolean | null): unknown =>
  typeof value === 'number' ? { number: rational(String(value)) } : value;

/** What an accepted event says, and what the bytes say, in one comparable form. */
export function bothReadings(
  event: TouchpointEvent,
  node: Node,
  context: { receivedAtUs: number; shiftUs: number },
): [unknown, unknown] {
  const texts = ['customer', 'anonymous', 'account', 'touchpoint', 'channel', 'team', 'direction', 'topic'] as const;
  const numbers = ['sequence', 'sentiment', 'nps'] as const;
  if (node.kind !== 'object') throw new Error('accepted something that is no object');
  const allowed = new Set<string>(['id', 'occurredAt', 'amount', 'properties', 'traits', ...texts, ...numbers]);
  const id = member(node, 'id');
  const occurredAt = member(node, 'occurredAt');
  const amount = member(node, 'amount');
  const ours = {
    id: event.id,
    fields: [...texts, ...numbers].map((name) => [name, stored(event[name])]),
    occurredAtUs: event.occurredAtUs,
    receivedAtUs: event.receivedAtUs,
    amount: event.amount === null ? null : [event.amount.value, event.amount.currency],
    flat: [storedFlat(event.properties), storedFlat(event.traits)],
    unknown: [],
  };
  const theirs = {
    id: id === null ? 'generated' : plain(id),
    fields: [...texts, ...numbers].map((name) => [name, plain(member(node, name))]),
    occurredAtUs: occurredAt === null ? context.receivedAtUs : instantUs(String(plain(occurredAt))) + context.shiftUs,
    receivedAtUs: context.receivedAtUs,
    amount: amount === null ? null : [plain(member(amount, 'value')), plain(member(amount, 'currency'))],
    flat: [leaves(member(node, 'properties')), leaves(member(node, 'traits'))],
    unknown: node.members.filter(([name]) => !allowed.has(name)),
  };
  return [ours, theirs];
}

function instantUs(text: string): number {
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  const whole = Date.parse(text.replace(/\.\d+/, ''));
  return whole * 1_000 + Number(`${fraction}000000`.slice(0, 6));
}

function storedFlat(flat: ReadonlyMap<string, Scalar>): unknown {
  return [...flat].map(([name, value]): unknown => [name, stored(value)]).sort(byName);
}

function leaves(node: Node | null): unknown {
  const found: unknown[] = [];
  const walk = (object: Node, prefix: string, depth: number): void => {
    if (object.kind !== 'object') throw new Error('properties are no object');
    if (depth > limits.depthMax) throw new Error('accepted too deep');
    if (new Set(object.members.map(([name]) => name)).size < object.members.length)
      throw new Error('accepted a repeated name');
    for (const [name, value] of object.members) {
      if (value.kind === 'object') walk(value, `${prefix}${name}.`, depth + 1);
      else if (value.kind === 'array') found.push([prefix + name, JSON.stringify(normalArray(value))]);
      else if (value.kind !== 'other' || value.value !== null) found.push([prefix + name, normal(value)]);
    }
  };
  if (node !== null) walk(node, '', 2);
  return found.sort(byName);
}

/** The array as plain values with sorted names; numbers by JSON.parse, after a check that it kept them. */
function normalArray(node: Node): unknown {
  if (node.kind === 'array') return node.items.map(normalArray);
  if (node.kind === 'other') return node.value;
  if (node.kind === 'number') {
    const value = Number(node.text);
    if (rational(String(value)) !== rational(node.text))
      throw new Error(`accepted ${node.text}, which became ${value}`);
    return value === 0 ? 0 : value;
  }
  const names = node.members.map(([name]) => name).sort();
  if (new Set(names).size < names.length) throw new Error('accepted a repeated name in an array');
  return new Proxy({}, sortedHandler(names, node.members));
}

/** An object whose own keys come in the given order, integer-like names and __proto__ included. */
function sortedHandler(names: readonly string[], members: readonly (readonly [string, Node])[]): ProxyHandler<object> {
  const values = new Map(members.map(([name, value]) => [name, normalArray(value)]));
  return {
    ownKeys: () => [...names],
    get: (_, name) => (typeof name === 'string' ? values.get(name) : undefined),
    getOwnPropertyDescriptor: (_, name) => ({ value: values.get(String(name)), enumerable: true, configurable: true }),
  };
}

function byName(a: unknown, b: unknown): number {
  const nameOf = (pair: unknown): string => (Array.isArray(pair) ? String(pair[0]) : '');
  return nameOf(a) < nameOf(b) ? -1 : 1;
}
