import { eventFields, type JsonValue } from '@michinori/events';
import { didYouMean } from '@michinori/runtime';
import { importError } from './import-error.ts';

/** Which column or fixed value fills which field of the native event, as a person gave it. */
export interface Mapping {
  columns: ReadonlyMap<string, string>;
  /** Value of a field where no column fills it, or where the cell is empty. */
  constants: ReadonlyMap<string, string>;
  /** What happens with columns that nothing names: they become properties under their own names, or nothing. */
  unmapped: 'properties' | 'ignore';
  timezone: string | undefined;
}

/** A row of a file: column → value. Cells without a value are not in it. */
export type SourceRow = ReadonlyMap<string, JsonValue>;

/** One field of the event and where it comes from. */
export interface FieldSource {
  field: string;
  /** The property or trait that the field means; undefined for the fields of the event itself. */
  group: { kind: 'properties' | 'traits'; name: string } | undefined;
  column: string | undefined;
  constant: string | undefined;
}

const noStandIns: ReadonlyMap<string, string | null> = new Map();
const inOtherForm: ReadonlySet<string> = new Set(['amount', 'properties', 'traits']);
const fields: readonly string[] = [
  ...eventFields.filter((field) => !inOtherForm.has(field)),
  'amount.value',
  'amount.currency',
];
const group = /^(propert(?:y|ies)|traits?)[.:](.+)$/;

/**
 * Makes a mapping from `--map field=column` and `--set field=value`.
 *
 * @throws `import_mapping_invalid` for a field that an event doesn't have, with the nearest one
 */
export function readMapping(options: {
  map: readonly string[];
  set: readonly string[];
  unmapped?: Mapping['unmapped'];
  timezone?: string | undefined;
}): Mapping {
  return {
    columns: readAssignments(options.map, '--map field=column'),
    constants: readAssignments(options.set, '--set field=value'),
    unmapped: options.unmapped ?? 'properties',
    timezone: options.timezone,
  };
}

/**
 * Completes a mapping with the columns of a file: a column that has the name of a field fills it unless something else
 * does; the rest follow `unmapped`. In order of the fields, so that the same mapping gives the same event however it
 * was written down.
 *
 * @param isComplete every row has these columns and no others (CSV); then a missing one is an error
 * @param standIns columns that mean a field (or, null, nothing) in this format, where nothing else fills it
 * @throws `import_column_unknown` if the mapping names a column that the file doesn't have
 * @throws `import_header_invalid` if a name that is used stands over two columns
 */
export function fitMapping(
  mapping: Mapping,
  columns: readonly string[],
  isComplete: boolean,
  standIns: ReadonlyMap<string, string | null> = noStandIns,
): FieldSource[] {
  const chosen = new Map(mapping.columns);
  if (isComplete) assertColumns(mapping, columns);
  const used = new Set(chosen.values());
  for (const column of columns) {
    if (used.has(column)) continue;
    const own = canonicalField(column);
    if (own !== undefined && !chosen.has(own) && !mapping.constants.has(own)) chosen.set(own, column);
    else if (own === undefined && mapping.unmapped === 'properties' && !standIns.has(column))
      chosen.set(`property.${column}`, column);
  }
  for (const column of columns) {
    const field = used.has(column) ? undefined : standIns.get(column);
    if (field === undefined || field === null) continue;
    if (!chosen.has(field) && !mapping.constants.has(field)) chosen.set(field, column);
    else if (mapping.unmapped === 'properties') chosen.set(`property.${column}`, column);
  }
  const taken = new Set(chosen.values());
  const double = columns.find((column, index) => taken.has(column) && columns.indexOf(column) !== index);
  if (double !== undefined) {
    throw importError('import_header_invalid', `Two columns have the name "${double}"; rename one of them.`);
  }
  return [...new Set([...chosen.keys(), ...mapping.constants.keys()])].sort().map((field) => ({
    field,
    group: readGroup(field),
    column: chosen.get(field),
    constant: mapping.constants.get(field),
  }));
}

/**
 * Checks that a file has every column that a mapping names.
 *
 * @param open columns below which there may be others, with dots
 * @throws `import_column_unknown`, with the nearest one
 */
export function assertColumns(mapping: Mapping, columns: readonly string[], open: readonly string[] = []): void {
  for (const [field, column] of mapping.columns) {
    if (columns.includes(column) || open.some((name) => column.startsWith(`${name}.`))) continue;
    const message = `The file has no column "${column}" (for ${field}).${didYouMean(column, columns)}`;
    throw importError('import_column_unknown', message);
  }
}

function readGroup(field: string): FieldSource['group'] {
  const [, kind, name = ''] = group.exec(field) ?? [];
  if (kind === undefined) return undefined;
  return { kind: kind.startsWith('p') ? 'properties' : 'traits', name };
}

function readAssignments(texts: readonly string[], form: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const text of texts) {
    const at = text.indexOf('=');
    if (at < 1) throw importError('import_mapping_invalid', `"${text}" is not of the form ${form}.`);
    const field = canonicalField(text.slice(0, at).trim());
    if (field === undefined) {
      const known = [...fields, 'property.NAME', 'trait.NAME'];
      const message = `An event has no field "${text.slice(0, at)}".${didYouMean(text.slice(0, at), known)}`;
      throw importError('import_mapping_invalid', `${message} Fields: ${known.join(', ')}.`);
    }
    if (found.has(field)) throw importError('import_mapping_invalid', `The field ${field} is given twice.`);
    found.set(field, text.slice(at + 1));
  }
  return found;
}

/** The field that a column fills by its name, in the form `property.NAME`; undefined where it is none. */
export function canonicalField(field: string): string | undefined {
  if (fields.includes(field)) return field;
  const { kind, name } = readGroup(field) ?? {};
  if (kind === undefined || name === undefined) return undefined;
  return `${kind === 'properties' ? 'property' : 'trait'}.${name}`;
}
