import type { Schema } from './document.ts';
import type { Shapes } from './shapes.ts';

/** What is sent may be read-only and have members that are undefined; what comes is plain. */
export type Direction = 'in' | 'out';

/** A template literal of TypeScript: `property:` and any text behind it. */
const template = (before: string, type = 'string'): string => ['`', before, '$', '{', type, '}`'].join('');

const anyText = ['$', '{string}'].join('');
const subject = ['property:', 'trait:'].map((kind) => template(kind)).concat("'channel'", "'team'", "'account'");

/** Texts of a form that TypeScript can tell. */
const textForms: Readonly<Record<string, string>> = {
  '^[0-9]{1,9}$': 'number',
  '^[1-9][0-9]{0,9}$': 'number',
  '^[^:]+:': template(`${anyText}:`),
  '^(property:.+|trait:.+|channel|team|account)$': subject.join(' | '),
  '^(first|last|entry|all|step:[1-9][0-9]?)$': `'first' | 'last' | 'entry' | 'all' | ${template('step:', 'number')}`,
};

const known = new Set(
  'type description default enum const pattern anyOf oneOf items properties required additionalProperties propertyNames minimum maximum maxItems minItems minLength maxLength format examples title'.split(
    ' ',
  ),
);

/**
 * The TypeScript of a schema.
 *
 * @param name of the member that has the schema, from which a shared shape takes its name
 * @throws Error on a keyword that this doesn't understand
 */
export function renderType(schema: Schema, direction: Direction, shapes: Shapes, name: string): string {
  assertKnown(schema, name);
  const nested = (inner: Schema): string => renderType(inner, direction, shapes, name);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return union(alternatives.map(nested));
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum !== undefined) return renderEnum(schema.enum);
  const { type } = schema;
  if (typeof type === 'object') return union(type.map((one) => nested({ ...schema, type: one })));
  switch (type) {
    case 'string':
      return textForms[schema.pattern ?? ''] ?? 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
    case 'null':
      return type;
    case 'array': {
      const item = schema.items === undefined ? 'unknown' : nested(schema.items);
      const items = /^[\w.]+$/.test(item) || item.startsWith('{') ? item : `(${item})`;
      return `${direction === 'in' ? 'readonly ' : ''}${items}[]`;
    }
    case 'object':
      return shapes.nameFor(schema, direction, name) ?? renderMembers(schema, direction, shapes);
    default:
      return 'unknown';
  }
}

/** An object between braces, with what the document says about each member. */
export function renderMembers(schema: Schema, direction: Direction, shapes: Shapes): string {
  assertKnown(schema, 'an object');
  const required = new Set(schema.required ?? []);
  const types: string[] = [];
  const members = Object.entries(schema.properties ?? {}).map(([name, member]) => {
    const type = renderType(member, direction, shapes, name);
    types.push(type);
    const place = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    if (required.has(name)) return `${comment(member)}${place}: ${type};`;
    return `${comment(member)}${place}?: ${direction === 'in' ? union([type, 'undefined']) : type};`;
  });
  const { additionalProperties: others } = schema;
  if (typeof others !== 'object')
    return members.length === 0 ? 'Record<string, unknown>' : `{\n${members.join('\n')}\n}`;
  const other = renderType(others, direction, shapes, 'value');
  if (members.length === 0) return `Record<string, ${other}>`;
  return `{\n${members.join('\n')}\n[name: string]: ${union([other, ...types])};\n}`;
}

function assertKnown(schema: Schema, name: string): void {
  const strange = Object.keys(schema).find((keyword) => !known.has(keyword) && !keyword.startsWith('x-'));
  if (strange !== undefined) throw new Error(`the schema of ${name} has the keyword ${strange}`);
}

/** A comment of one line, or nothing. */
export function comment(schema: Schema): string {
  const { description, default: standard, minimum, maximum, maxItems } = schema;
  const hasRange =
    minimum !== undefined && maximum !== undefined && Math.abs(minimum) < 2 ** 53 - 1 && maximum < 2 ** 53 - 1;
  const parts = [
    description?.trim() ?? '',
    hasRange ? `${minimum} to ${maximum}` : '',
    maxItems === undefined ? '' : `at most ${maxItems}`,
    saysNothing(standard) || /default/.test(description ?? '') ? '' : `default ${standard}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `/** ${parts.join('; ').replaceAll('*/', '*\\/')} */\n`;
}

const saysNothing = (standard: unknown): boolean => typeof standard !== 'string' && typeof standard !== 'number';

function renderEnum(values: readonly unknown[]): string {
  const isTruth = values.length === 2 && values.includes('true') && values.includes('false');
  return isTruth ? 'boolean' : union(values.map(literal));
}

const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'` : JSON.stringify(value);

const union = (types: readonly string[]): string => [...new Set(types)].join(' | ');
