import { existsSync, readFileSync } from 'node:fs';
import { ConfigError, type LoadedConfig } from '@michinori/runtime';
import { loadStandaloneConfig, type StandaloneConfig } from '../config.ts';
import type { Io } from './io.ts';

/** The configuration for a command: its own flags over `MICHINORI_…` over `michinori.yaml` (or `--config`). */
export function readConfig(io: Io, flags: Readonly<Record<string, unknown>>): LoadedConfig<StandaloneConfig> {
  const { config: named, ...rest } = flags;
  const path = typeof named === 'string' ? named : 'michinori.yaml';
  if (typeof named === 'string' && !existsSync(path))
    throw new ConfigError([{ where: 'flag --config', path: '', message: `there is no file ${path}` }]);
  const file = existsSync(path) ? { name: path, text: readFileSync(path, 'utf8') } : null;
  return loadStandaloneConfig({ flags: rest, env: io.env, file });
}
