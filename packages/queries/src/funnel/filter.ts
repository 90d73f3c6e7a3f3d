import { z } from 'zod';

const scalar = z.union([z.string().max(4096), z.number(), z.boolean()]);

/** A text is a number when it looks like one in decimal notation: no `inf`, no `nan`, no blanks, no hexadecimal. */
export const numberPattern = '^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$';
const numberRegExp = new RegExp(numberPattern);

const subjectKeys = {
  property: z.string().min(1).max(512).optional(),
  trait: z.string().min(1).max(512).optional(),
  channel: z.literal(true).optional(),
  team: z.literal(true).optional(),
  account: z.literal(true).optional(),
};

const wireFilter = z
  .strictObject({
    ...subjectKeys,
    op: z.enum([
      'eq',
      'neq',
      'in',
      'not_in',
      'contains',
      'not_contains',
      'gt',
      'gte',
      'lt',
      'lte',
      'set',
      'not_set',
      'regex',
    ]),
    value: z.union([scalar, z.array(scalar).min(1).max(1000)]).optional(),
  })
  .superRefine((filter, context) => {
    const named = [filter.property, filter.trait, filter.channel, filter.team, filter.account];
    if (named.filter((subject) => subject !== undefined).length !== 1) {
      context.addIssue({ code: 'custom', message: 'names exactly one of property, trait, channel, team, account' });
    }
    const message = valueProblem(filter.op, filter.value);
    if (message !== null) context.addIssue({ code: 'custom', path: ['value'], message });
  });

/** A condition on a subject of an event, as it comes over the wire. */
export const filter = wireFilter;
export type Filter = z.infer<typeof filter>;
export type FilterOperator = Filter['op'];
type Scalar = z.infer<typeof scalar>;

/** What a filter, a hold or a breakdown looks at. */
export type Subject =
  | { readonly kind: 'property' | 'trait'; readonly name: string }
  | { readonly kind: 'channel' | 'team' | 'account' };

function valueProblem(op: FilterOperator, value: Filter['value']): string | null {
  if (op === 'set' || op === 'not_set') return value === undefined ? null : `is not taken by ${op}`;
  if (value === undefined) return `is needed by ${op}`;
  if (op === 'in' || op === 'not_in') return Array.isArray(value) ? null : `must be a list for ${op}`;
  if (Array.isArray(value)) return `must be one value for ${op}; a list goes with in or not_in`;
  if (['gt', 'gte', 'lt', 'lte'].includes(op)) {
    return asNumber(scalarText(value)) === null ? `must be a number for ${op}` : null;
  }
  if (op === 'contains' || op === 'not_contains') return value === '' ? 'must not be empty' : null;
  if (op === 'regex' && scalarText(value).length > 512) return 'must be a pattern of at most 512 characters';
  return null;
}

/** The text that a scalar is stored as: numbers as JavaScript prints them, booleans `true` and `false`. */
export function scalarText(value: Scalar): string {
  return String(value);
}

/** The number that a text stands for, or null when it is none. */
export function asNumber(text: string): number | null {
  if (!numberRegExp.test(text)) return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

/** The subject that a filter names. */
export function filterSubject(given: Filter): Subject {
  if (given.property !== undefined) return { kind: 'property', name: given.property };
  if (given.trait !== undefined) return { kind: 'trait', name: given.trait };
  if (given.channel) return { kind: 'channel' };
  return { kind: given.team ? 'team' : 'account' };
}

/** A subject written as text: `property:contract`, `trait:plan`, `channel`, `team`, `account`. */
export const subjectText = z
  .string()
  .max(520)
  .regex(/^(property:.+|trait:.+|channel|team|account)$/s, {
    message: 'must be property:NAME, trait:NAME, channel, team or account',
  });

/** The subject that a text names; the text has passed {@link subjectText}. */
export function parseSubject(text: string): Subject {
  const colon = text.indexOf(':');
  const kind = colon < 0 ? text : text.slice(0, colon);
  if (kind === 'property' || kind === 'trait') return { kind, name: text.slice(colon + 1) };
  return { kind: kind === 'channel' ? 'channel' : kind === 'team' ? 'team' : 'account' };
}
