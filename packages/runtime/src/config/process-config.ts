import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { ConfigSources, LoadedConfig } from './load-config.ts';

/** What a service's `main.ts` hands over of its process. */
export interface ProcessInput {
  /** Without the program's own name. */
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * The configuration of a service process: every `--name value` (or `--name=value`, or `--name` alone = true) is a flag;
 * `--config FILE` names the file, else `michinori.yaml` is read where it exists; `--print-config` only prints.
 */
export function readProcessConfig<C>(
  load: (sources: ConfigSources) => LoadedConfig<C>,
  { argv, env }: ProcessInput,
): { loaded: LoadedConfig<C>; isPrintOnly: boolean } {
  const { tokens } = parseArgs({ args: [...argv], strict: false, tokens: true });
  const byIndex = new Map(tokens.map((token) => [token.index, token]));
  const given: Record<string, string> = {};
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const next = byIndex.get(token.index + 1);
    given[token.name] = token.value ?? (next?.kind === 'positional' ? next.value : 'true');
  }
  const { config, 'print-config': printOnly, ...flags } = given;
  const path = config ?? 'michinori.yaml';
  const file = config !== undefined || existsSync(path) ? { name: path, text: readFileSync(path, 'utf8') } : null;
  return { loaded: load({ flags, env, file }), isPrintOnly: printOnly !== undefined };
}
