import { didYouMean, type ProblemError } from '@michinori/runtime';
import type { z } from 'zod';
import { namesAt } from './schema-names.ts';

/** A JSON pointer (RFC 6901) of a path. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const isObject = (value: unknown): value is Record<PropertyKey, unknown> => typeof value === 'object' && value !== null;

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (node, part) => (isObject(node) && Object.hasOwn(node, part) ? node[part] : undefined),
    value,
  );
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : isObject(value) ? 'an object' : `a ${typeof value}`;
}

const expectedNames: Record<string, string> = {
  array: 'a list',
  object: 'an object',
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
};

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 60) ?? 'nothing';

function sizeMessage(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): string {
  const { origin, inclusive = true } = issue;
  const bound = String(issue.code === 'too_big' ? issue.maximum : issue.minimum);
  const most = issue.code === 'too_big' ? 'at most' : 'at least';
  if (origin === 'array') return `must have ${most} ${bound} ${bound === '1' ? 'member' : 'members'}`;
  if (origin === 'string') return `must have ${most} ${bound} ${bound === '1' ? 'character' : 'characters'}`;
  return inclusive ? `must be ${most} ${bound}` : `must be ${issue.code === 'too_big' ? 'below' : 'above'} ${bound}`;
}

function choiceMessage(values: readonly unknown[], given: unknown): string {
  const list = values.map(shown).join(', ');
  if (given === undefined) return `is missing; it is ${values.length === 1 ? '' : 'one of '}${list}`;
  const suggestion = typeof given === 'string' ? didYouMean(given, values.map(String)) : '';
  return `must be ${values.length === 1 ? '' : 'one of '}${list}, not ${shown(given)}${suggestion === '' ? '' : `.${suggestion}`}`;
}

/** Of a value with several forms: the form that fits best so far, i.e. whose first mistake lies deepest. */
function unionFindings(issue: z.core.$ZodIssueInvalidUnion, schema: z.core.$ZodType, input: unknown): ProblemError[] {
  const isWhole = (nested: z.core.$ZodIssue): boolean => nested.path.length === 0 && nested.code === 'invalid_type';
  const close = issue.errors.filter((branch) => !branch.some(isWhole));
  const best = close.sort((a, b) => (b[0]?.path.length ?? 0) - (a[0]?.path.length ?? 0))[0];
  if (best !== undefined) {
    return best.flatMap((nested) => findingsOf({ ...nested, path: [...issue.path, ...nested.path] }, schema, input));
  }
  const forms = issue.errors
    .flatMap((branch) => branch.filter(isWhole))
    .map((nested) => (nested.code === 'invalid_type' ? (expectedNames[nested.expected] ?? nested.expected) : ''));
  const given = valueAt(input, issue.path);
  const message =
    given === undefined ? 'is missing' : `must be ${[...new Set(forms)].join(' or ')}, not ${kindOf(given)}`;
  return [{ pointer: pointerOf(issue.path), message }];
}

function findingsOf(issue: z.core.$ZodIssue, schema: z.core.$ZodType, input: unknown): ProblemError[] {
  const pointer = pointerOf(issue.path);
  const given = valueAt(input, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const names = namesAt(schema, issue.path);
      const hint = (key: string): string => didYouMean(key, names) || ` Known here: ${names.join(', ')}.`;
      return issue.keys.map((key) => ({
        pointer: pointerOf([...issue.path, key]),
        message: `"${key.slice(0, 60)}" is not known here.${hint(key)}`,
      }));
    }
    case 'invalid_union':
      return unionFindings(issue, schema, input);
    case 'invalid_value':
      return [{ pointer, message: choiceMessage(issue.values, given) }];
    case 'invalid_type': {
      const expected = expectedNames[issue.expected] ?? issue.expected;
      const message =
        given === undefined ? `is missing; it is ${expected}` : `must be ${expected}, not ${kindOf(given)}`;
      return [{ pointer, message }];
    }
    case 'too_big':
    case 'too_small':
      return [{ pointer, message: sizeMessage(issue) }];
    default:
      return [{ pointer, message: issue.message }];
  }
}

/**
 * What is wrong with a value that a schema refused, for the person who wrote it: JSON pointers, plain words, the
 * nearest name that exists. Pure.
 */
export function describeIssues(schema: z.core.$ZodType, error: z.core.$ZodError, input: unknown): ProblemError[] {
  return error.issues.flatMap((issue) => findingsOf(issue, schema, input));
}
