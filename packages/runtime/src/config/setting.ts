import { z } from 'zod';
import { MichinoriError } from '../michinori-error.ts';

export type SettingKind = 'string' | 'number' | 'boolean' | 'list' | 'json';

/** One leaf of a configuration schema: a value that can be given by flag, environment or file. */
export interface Setting {
  path: readonly string[];
  kind: SettingKind;
  isSecret: boolean;
}

/** A text that must never be shown: may be given as `MICHINORI_…_FILE`, masked by `maskedConfig`. */
export function secret(): z.ZodString {
  return z.string().min(1).meta({ secret: true });
}

interface Inner {
  schema: z.core.$ZodType;
  isSecret: boolean;
}

function unwrap(schema: z.core.$ZodType, isSecret = false): Inner {
  const secretHere = isSecret || z.globalRegistry.get(schema)?.secret === true;
  const def = schema._zod.def as {
    type: string;
    innerType?: z.core.$ZodType;
    in?: z.core.$ZodType;
    out?: z.core.$ZodType;
  };
  if (def.innerType !== undefined) return unwrap(def.innerType, secretHere);
  if (def.type === 'pipe' && def.in !== undefined && def.out !== undefined) {
    return unwrap(def.in._zod.def.type === 'transform' ? def.out : def.in, secretHere);
  }
  return { schema, isSecret: secretHere };
}

function kindOf(schema: z.core.$ZodType): SettingKind {
  const { type } = schema._zod.def;
  if (type === 'number' || type === 'int') return 'number';
  if (type === 'boolean') return 'boolean';
  if (type === 'array') return 'list';
  return type === 'record' || type === 'map' || type === 'object' || type === 'tuple' ? 'json' : 'string';
}

/** `requestTimeoutMs` in `ingest` → `INGEST_REQUEST_TIMEOUT_MS`. */
export function environmentName(path: readonly string[]): string {
  return `MICHINORI_${path.map((part) => part.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()).join('_')}`;
}

/** `requestTimeoutMs` in `ingest` → `ingest-request-timeout-ms`. */
export function flagName(path: readonly string[]): string {
  return path.map((part) => part.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()).join('-');
}

/** Every leaf of an object schema, nested objects walked. Two leaves with one environment name: `config_schema`. */
export function listSettings(schema: z.ZodObject): Setting[] {
  const settings: Setting[] = [];
  const walk = (object: z.ZodObject, path: string[]): void => {
    for (const [name, member] of Object.entries(object.shape)) {
      const inner = unwrap(member as z.core.$ZodType);
      if (inner.schema instanceof z.ZodObject) walk(inner.schema, [...path, name]);
      else settings.push({ path: [...path, name], kind: kindOf(inner.schema), isSecret: inner.isSecret });
    }
  };
  walk(schema, []);
  const names = settings.map(({ path }) => environmentName(path));
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined) throw new MichinoriError('config_schema', `Two settings share the name ${double}.`);
  return settings;
}
