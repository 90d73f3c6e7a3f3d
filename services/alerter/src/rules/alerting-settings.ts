import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type ConfigFile } from '@michinori/runtime';
import { type LoadedChannel, loadChannels } from '../channels/config/load-channels.ts';
import type { AlerterConfig } from '../config.ts';
import { type FileRule, loadRules } from './load-rules.ts';

/** What the files of channels and rules say, with secrets. */
export interface AlertingFiles {
  readonly channels: readonly LoadedChannel[];
  /** Null: there is no such setting. */
  readonly rules: readonly FileRule[] | null;
  /** Differs as soon as one of the files that were read does, those of secrets included. */
  readonly fingerprint: string;
  /** Reads them again. @throws ConfigError, as the first time */
  again(): AlertingFiles;
}

type Read = (path: string) => string;

/**
 * Reads the files that the settings `channels` and `rules` name, and the secrets of the channels. Everything that is wrong with one of them comes at once:
 * `ConfigError`. Without settings there are no channels, and rules are those that came through the log.
 */
export function loadAlertingFiles(
  settings: Pick<AlerterConfig, 'channels' | 'rules'>,
  env: Readonly<Record<string, string | undefined>>,
): AlertingFiles {
  const { channels, rules } = settings;
  const digest = createHash('sha256');
  const read: Read = (path) => {
    const text = readFileSync(path, 'utf8');
    digest.update(JSON.stringify([path, text]));
    return text;
  };
  const sources = { env, readFile: read };
  const loaded =
    channels === undefined ? [] : loadChannels(readConfigFile('alerter.channels', channels, read), sources);
  const names = loaded.map(({ config }) => config.name);
  const own = rules === undefined ? null : loadRules(readRuleFiles(rules, read), names);
  return {
    channels: loaded,
    rules: own,
    fingerprint: digest.digest('hex'),
    again: () => loadAlertingFiles(settings, env),
  };
}

function readConfigFile(setting: string, name: string, read: Read): ConfigFile {
  return reading(setting, name, () => ({ name, text: read(name) }));
}

/** A file, or every `.yaml` and `.yml` file of a folder, by name. */
function readRuleFiles(path: string, read: Read): ConfigFile[] {
  return reading('alerter.rules', path, () => {
    if (!statSync(path).isDirectory()) return [readConfigFile('alerter.rules', path, read)];
    const names = readdirSync(path).filter((name) => /\.ya?ml$/.test(name));
    return names.sort().map((name) => readConfigFile('alerter.rules', join(path, name), read));
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
