import type { Filter, FunnelQueryBody } from '@michinori/client';

export const subjectKinds = ['trait', 'property', 'channel', 'team', 'account'] as const;
export type SubjectKind = (typeof subjectKinds)[number];

export const filterOps = [
  ...(['eq', 'neq', 'in', 'not_in', 'contains', 'not_contains'] as const),
  ...(['gt', 'gte', 'lt', 'lte', 'set', 'not_set', 'regex'] as const),
] as const;
export type FilterOp = (typeof filterOps)[number];

/** What a filter looks at. Traits and properties have a name; empty while it is still to be typed. */
export interface Subject {
  kind: SubjectKind;
  name: string;
}

/** A filter as it is typed; several values stand for `in` and `not_in`. */
export interface FilterDraft {
  subject: Subject;
  op: FilterOp;
  values: readonly string[];
}

export const hasName = ({ kind }: Subject): boolean => kind === 'trait' || kind === 'property';
export const takesValue = (op: FilterOp): boolean => op !== 'set' && op !== 'not_set';
export const takesList = (op: FilterOp): boolean => op === 'in' || op === 'not_in';

type SubjectText = NonNullable<FunnelQueryBody['hold']>[number];

/** `trait:plan`, `channel`; null while its name is missing. */
export function subjectText({ kind, name }: Subject): SubjectText | null {
  if (kind !== 'trait' && kind !== 'property') return kind;
  return name === '' ? null : `${kind}:${name}`;
}

/** Reads what `subjectText` writes; a trait or property without a name is one that is still to be named. */
export function readSubject(text: string): Subject | null {
  const at = text.indexOf(':');
  const kind = subjectKinds.find((known) => known === (at < 0 ? text : text.slice(0, at)));
  return kind === undefined ? null : { kind, name: at < 0 ? '' : text.slice(at + 1) };
}

/** A filter in an address: `["trait:plan","in","pro","starter"]`. */
export function filterText({ subject, op, values }: FilterDraft): string {
  return JSON.stringify(filterParts({ subject, op, values }));
}

/** The members of `filterText`. */
export function filterParts({ subject: { kind, name }, op, values }: FilterDraft): string[] {
  return [hasName({ kind, name }) ? `${kind}:${name}` : kind, op, ...values];
}

/** Reads the members of a filter; null for anything else. */
export function readFilterParts(parts: unknown): FilterDraft | null {
  if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string')) return null;
  const [about = '', operator, ...values] = parts as string[];
  const subject = readSubject(about);
  const op = filterOps.find((known) => known === operator);
  return subject === null || op === undefined ? null : { subject, op, values };
}

/** What JSON says, or undefined. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The filter of a question; null while something of it is missing. Who has no value is asked for with `not_set`. */
export function filterOf({ subject, op, values }: FilterDraft): Filter | null {
  const { kind, name } = subject;
  const given = values.filter((value) => value !== '');
  if (subjectText(subject) === null || (takesValue(op) && given.length === 0)) return null;
  const about = kind === 'trait' ? { trait: name } : kind === 'property' ? { property: name } : { [kind]: true };
  if (!takesValue(op)) return { ...about, op };
  return { ...about, op, value: takesList(op) ? given : (given[0] ?? '') };
}

/** The whole ones of several filters. */
export const filtersFrom = (drafts: readonly FilterDraft[] = []): Filter[] =>
  drafts.map(filterOf).filter((filter) => filter !== null);
