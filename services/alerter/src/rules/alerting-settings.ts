import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ParsedRule } from '@michinori/alerts';
import { ConfigError, type ConfigFile } from '@michinori/runtime';
import { type LoadedChannel, loadChannels } from '../channels/config/load-channels.ts';
import type { AlerterConfig } from '../config.ts';
import { loadRules } from './load-rules.ts';

/** What the files of channels and rules say, with secrets. */
export interface AlertingFiles {
  readonly channels: readonly LoadedChannel[];
  /** Null: there is no such setting, so that rules are those of the store. */
  readonly rules: { readonly rules: readonly ParsedRule[]; readonly name: string } | null;
}

/**
 * Reads the files that the settings `channels` and `rules` name, and the secrets of the channels. Without settings there are no channels, and rules are those of the store.
 * Everything that is wrong with one of them comes at once: `ConfigError`.
 */
export function loadAlertingFiles(
  { channels, rules }: Pick<AlerterConfig, 'channels' | 'rules'>,
  env: Readonly<Record<string, string | undefined>>,
): AlertingFiles {
  const sources = { env, readFile: (path: string) => readFileSync(path, 'utf8') };
  const loaded = channels === undefined ? [] : loadChannels(readConfigFile('alerter.channels', channels), sources);
  const names = loaded.map(({ config }) => config.name);
  return {
    channels: loaded,
    rules: rules === undefined ? null : { rules: loadRules(readRuleFiles(rules), names), name: rules },
  };
}

function readConfigFile(setting: string, name: string): ConfigFile {
  return reading(setting, name, () => ({ name, text: readFileSync(name, 'utf8') }));
}

/** A file, or every `.yaml` and `.yml` file of a folder, by name. */
function readRuleFiles(path: string): ConfigFile[] {
  return reading('alerter.rules', path, () => {
    if (!statSync(path).isDirectory()) return [readConfigFile('alerter.rules', path)];
    const names = readdirSync(path).filter((name) => /\.ya?ml$/.test(name));
    return names.sort().map((name) => readConfigFile('alerter.rules', join(path, name)));
  });
}

function reading<T>(setting: string, path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError([{ where: setting, path: '', message: `names ${path}, which can't be read: ${why}` }]);
  }
}
