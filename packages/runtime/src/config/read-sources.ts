import { didYouMean } from '../nearest-word.ts';
import { coerceText } from './coerce-text.ts';
import type { ConfigProblem } from './config-error.ts';
import { environmentName, flagName, type Setting } from './setting.ts';
import { type ConfigFile, parseConfigFile } from './yaml-file.ts';

/** A value for a setting and the place that it came from. */
export interface Given {
  path: readonly string[];
  value: unknown;
  where: string;
}

export interface SourceReading {
  given: Given[];
  problems: ConfigProblem[];
}

/** Names that belong to other services; they may stand in a shared file or environment and are passed over. */
export type Elsewhere = readonly string[];

function place({ path, kind }: Setting, text: unknown, where: string): SourceReading {
  if (typeof text !== 'string') return { given: [{ path, value: text, where }], problems: [] };
  const coerced = coerceText(text, kind);
  if (coerced.ok) return { given: [{ path, value: coerced.value, where }], problems: [] };
  return { given: [], problems: [{ where, path: path.join('.'), message: coerced.message }] };
}

function merge(readings: readonly SourceReading[]): SourceReading {
  return { given: readings.flatMap(({ given }) => given), problems: readings.flatMap(({ problems }) => problems) };
}

/**
 * Flags by name, without dashes in front (`request-timeout-ms`, `requestTimeoutMs` or `ingest.port`); undefined ones
 * don't count. Settings inside `section` may go without its name: `port` for `ingest.port`.
 */
export function readFlags(
  settings: readonly Setting[],
  flags: Readonly<Record<string, unknown>>,
  section: string | null,
): SourceReading {
  const own = settings.filter(({ path }) => path.length > 1 && path[0] === section);
  const short = own.map((setting) => [flagName(setting.path.slice(1)), setting] as const);
  const known = new Map([...short, ...settings.map((setting) => [flagName(setting.path), setting] as const)]);
  const readings = Object.entries(flags).map(([name, value]): SourceReading => {
    if (value === undefined) return { given: [], problems: [] };
    const flag = flagName(name.split('.'));
    const setting = known.get(flag);
    if (setting !== undefined) return place(setting, value, `flag --${flag}`);
    const message = `is not a known flag.${didYouMean(flag, known.keys())}`;
    return { given: [], problems: [{ where: `flag --${flag}`, path: '', message }] };
  });
  return merge(readings);
}

/** `MICHINORI_…` variables; secrets also as `MICHINORI_…_FILE`, read through `readFile`, a final line break dropped. */
export function readEnvironment(
  settings: readonly Setting[],
  env: Readonly<Record<string, string | undefined>>,
  elsewhere: Elsewhere,
  readFile: (path: string) => string,
): SourceReading {
  const known = new Map(settings.map((setting) => [environmentName(setting.path), setting]));
  for (const setting of settings) if (setting.isSecret) known.set(`${environmentName(setting.path)}_FILE`, setting);
  const foreign = elsewhere.map((name) => environmentName([name]));
  const readings = Object.entries(env).map(([name, text]): SourceReading => {
    if (!name.startsWith('MICHINORI_') || text === undefined) return { given: [], problems: [] };
    const where = `environment ${name}`;
    const setting = known.get(name);
    if (setting === undefined) {
      if (foreign.some((prefix) => name === prefix || name.startsWith(`${prefix}_`)))
        return { given: [], problems: [] };
      const message = `is not a known setting.${didYouMean(name, known.keys())}`;
      return { given: [], problems: [{ where, path: '', message }] };
    }
    const direct = environmentName(setting.path);
    if (name === direct) return place(setting, text, where);
    const path = setting.path.join('.');
    if (env[direct] !== undefined) {
      return { given: [], problems: [{ where, path, message: `is given twice: also as ${direct}` }] };
    }
    try {
      return place(setting, readFile(text).replace(/\r?\n$/, ''), where);
    } catch {
      return { given: [], problems: [{ where, path, message: `can't be read from ${text}` }] };
    }
  });
  return merge(readings);
}

/** The keys of `michinori.yaml`, typed as YAML has them. */
export function readConfigFile(settings: readonly Setting[], file: ConfigFile, elsewhere: Elsewhere): SourceReading {
  const leaves = new Map(settings.map((setting) => [setting.path.join('.'), setting]));
  const branches = new Set(
    settings.flatMap(({ path }) => path.slice(1).map((_, depth) => path.slice(0, depth + 1).join('.'))),
  );
  const foreign = new Set(elsewhere);
  const { entries, problems } = parseConfigFile(file);
  const refused: string[] = [];
  const readings = entries.map(({ path, value, where, isMap }): SourceReading => {
    const name = path.join('.');
    const parent = path.slice(0, -1);
    const isInside = path.some((_, depth) => depth > 0 && leaves.has(path.slice(0, depth).join('.')));
    if (isInside || refused.some((outer) => name.startsWith(`${outer}.`))) return { given: [], problems: [] };
    const isKnownBranch = branches.has(name);
    if (!leaves.has(name) && !isKnownBranch && foreign.has(path[0] ?? '')) return { given: [], problems: [] };
    if (leaves.has(name)) return { given: [{ path, value, where }], problems: [] };
    if (isKnownBranch && (isMap || value === null)) return { given: [], problems: [] };
    refused.push(name);
    if (isKnownBranch)
      return { given: [], problems: [{ where, path: name, message: 'must be a mapping of settings' }] };
    const siblings = [...leaves.keys(), ...branches]
      .map((key) => key.split('.'))
      .filter((key) => key.length === path.length && parent.every((part, depth) => key[depth] === part))
      .map((key) => key.at(-1) ?? '');
    const candidates = parent.length === 0 ? [...siblings, ...elsewhere] : siblings;
    const message = `is not a known setting.${didYouMean(path.at(-1) ?? '', candidates)}`;
    return { given: [], problems: [{ where, path: name, message }] };
  });
  return merge([{ given: [], problems }, ...readings]);
}
