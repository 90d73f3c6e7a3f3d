import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigError } from './config-error.ts';
import type { ConfigSources, LoadedConfig } from './load-config.ts';

/** What a service's `main.ts` hands over of its process. */
export interface ProcessInput {
  /** Without the program's own name. */
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * The configuration of a service process: every `--name value` (or `--name=value`, or `--name` alone = true) is a flag;
 * `--config FILE` names the file, else `michinori.yaml` is read where it exists; `--print-config` only prints. What is neither a flag nor the value of one is refused.
 */
export function readProcessConfig<C>(
  load: (sources: ConfigSources) => LoadedConfig<C>,
  { argv, env }: ProcessInput,
): { loaded: LoadedConfig<C>; isPrintOnly: boolean } {
  const { tokens } = parseArgs({ args: [...argv], strict: false, tokens: true });
  const byIndex = new Map(tokens.map((token) => [token.index, token]));
  const given: Record<string, string> = {};
  const strays = new Set(tokens.filter(({ kind }) => kind === 'positional').map(({ index }) => index));
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const next = byIndex.get(token.index + 1);
    const isValue = token.value === undefined && next?.kind === 'positional';
    given[token.name] = token.value ?? (isValue ? next.value : 'true');
    if (isValue) strays.delete(next.index);
  }
  const problems = [...strays].map((index) => ({
    where: 'command line',
    path: '',
    message: `"${argv[index] ?? ''}" belongs to no flag`,
  }));
  if (problems.length > 0) throw new ConfigError(problems);
  const { config, 'print-config': printOnly, ...flags } = given;
  const path = config ?? 'michinori.yaml';
  if (config !== undefined && !existsSync(path))
    throw new ConfigError([{ where: 'flag --config', path: '', message: `there is no file ${path}` }]);
  const file = existsSync(path) ? { name: path, text: readFileSync(path, 'utf8') } : null;
  return { loaded: load({ flags, env, file }), isPrintOnly: printOnly !== undefined };
}
