import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { type Elsewhere, type Given, readConfigFile, readEnvironment, readFlags } from './read-sources.ts';
import { environmentName, listSettings, type Setting } from './setting.ts';
import type { ConfigFile } from './yaml-file.ts';

export interface ConfigSources {
  /** By name as on the command line, with or without dashes inside; undefined members count as not given. */
  flags?: Readonly<Record<string, unknown>>;
  /** The environment, handed in by a `main.ts`. */
  env?: Readonly<Record<string, string | undefined>>;
  /** `michinori.yaml`, already read; null if there is none. */
  file?: ConfigFile | null;
  /** Top-level names of other services' settings, which may stand beside ours. */
  elsewhere?: Elsewhere;
  /** The service's own section: its settings may be given as flags without its name in front. */
  section?: string | null;
  /** How a secret's file is read; default: the disk. */
  readFile?: (path: string) => string;
}

export interface LoadedConfig<C> {
  config: C;
  /** Every setting with its value and where it came from (`default` if nowhere). Not masked. */
  settings: readonly (Setting & { value: unknown; where: string })[];
}

function valueAt(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (node, part) => (typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[part] : undefined),
    tree,
  );
}

function buildTree(given: Iterable<Given>): Record<string, unknown> {
  const tree: Record<string, unknown> = {};
  for (const { path, value } of given) {
    let node = tree;
    for (const part of path.slice(0, -1)) {
      node[part] ??= {};
      node = node[part] as Record<string, unknown>;
    }
    node[path.at(-1) ?? ''] = value;
  }
  return tree;
}

function describeIssue(
  issue: z.core.$ZodIssue,
  settings: readonly Setting[],
  origins: Map<string, Given>,
): ConfigProblem {
  const path = issue.path.map(String);
  const setting = settings.find((candidate) => candidate.path.every((part, depth) => path[depth] === part));
  const origin = setting === undefined ? undefined : origins.get(setting.path.join('.'));
  const where = origin?.where ?? (setting === undefined ? 'settings' : `missing ${environmentName(setting.path)}`);
  return { where, path: path.join('.'), message: `is refused: ${issue.message}` };
}

/**
 * The configuration of a service: flag over environment over file over the schema's default, checked by the schema.
 * Nested objects become `MICHINORI_OUTER_INNER`, `--outer-inner` and `outer: {inner: …}`. Throws `ConfigError` with all
 * problems at once: unknown names with the nearest known one, values that the schema refuses, each with its place.
 */
export function loadConfig<S extends z.ZodObject>(schema: S, sources: ConfigSources): LoadedConfig<z.output<S>> {
  const { flags = {}, env = {}, file = null, elsewhere = [], section = null } = sources;
  const readFile = sources.readFile ?? ((path: string) => readFileSync(path, 'utf8'));
  const settings = listSettings(schema);
  const readings = [
    ...(file === null ? [] : [readConfigFile(settings, file, elsewhere)]),
    readEnvironment(settings, env, elsewhere, readFile),
    readFlags(settings, flags, section),
  ];
  const origins = new Map<string, Given>();
  for (const { given } of readings) for (const each of given) origins.set(each.path.join('.'), each);

  const problems = readings.flatMap((reading) => reading.problems);
  const refused = new Set(problems.map(({ path }) => path));
  const parsed = schema.safeParse(buildTree(origins.values()));
  if (!parsed.success) {
    const found = parsed.error.issues.map((issue) => describeIssue(issue, settings, origins));
    problems.push(...found.filter(({ path }) => !refused.has(path)));
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);

  const rows = settings.map((setting) => ({
    ...setting,
    value: valueAt(parsed.data, setting.path),
    where: origins.get(setting.path.join('.'))?.where ?? 'default',
  }));
  return { config: parsed.data, settings: rows };
}
