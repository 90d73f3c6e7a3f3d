import { ConfigError, type ConfigFile, type ConfigProblem } from '@michinori/runtime';
import { createAddressPolicy } from '../http/address-policy.ts';
import { literalFault } from '../http/guarded-lookup.ts';
import { parseWebhookSecret } from '../webhook-signature.ts';
import { type ChannelConfig, urlFault } from './channel-schema.ts';
import { parseChannels } from './parse-channels.ts';
import { readSecret, type SecretReference, type SecretSources } from './secret-reference.ts';

/** A channel with everything that it needs. Holds secrets: never shown. */
export interface LoadedChannel {
  readonly config: ChannelConfig;
  /** Where to; those of an Alertmanager are all its peers. Empty for `signals`. */
  readonly urls: readonly URL[];
  /** Of a webhook: the newest first. */
  readonly keys: readonly Uint8Array[];
  readonly token: string | null;
  readonly ca: string | null;
}

/** Reads the file of channels and the secrets that it names. Everything that is wrong comes at once: `ConfigError`. */
export function loadChannels(file: ConfigFile, sources: SecretSources): LoadedChannel[] {
  const problems: ConfigProblem[] = [];
  const loaded = parseChannels(file).map((config) => {
    const refuse = (setting: string, message: string): null => {
      problems.push({ where: `${file.name}, channel ${config.name}`, path: setting, message });
      return null;
    };
    return loadChannel(config, sources, refuse);
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return loaded;
}

type Refuse = (setting: string, message: string) => null;

function loadChannel(config: ChannelConfig, sources: SecretSources, refuse: Refuse): LoadedChannel {
  const secretOf = (setting: string, reference: SecretReference | undefined): string | null => {
    if (reference === undefined) return null;
    const read = readSecret(reference, sources);
    return read.ok ? read.value : refuse(setting, read.message);
  };
  const nothing = { config, urls: [], keys: [], token: null, ca: null };
  if (config.type === 'signals') return nothing;
  const caFile = config.caFile === undefined ? undefined : ({ from: 'file', name: config.caFile } as const);
  const ca = secretOf('caFile', caFile);

  if (config.type === 'alertmanager') {
    for (const peer of config.peers) checkUrl(config, peer, 'peers', refuse);
    const token = secretOf('tokenFrom', config.tokenFrom);
    if (token !== null && !/^[!-~]+$/.test(token)) refuse('tokenFrom', 'its value holds what no header may');
    return { ...nothing, ca, urls: config.peers, token };
  }
  const written = config.type === 'webhook' ? config.url : undefined;
  if (config.urlFrom === undefined && written === undefined) refuse('url', 'is missing: give url or urlFrom');
  if (config.urlFrom !== undefined && written !== undefined) refuse('url', 'is given twice: also as urlFrom');
  const secretUrl = secretOf('urlFrom', config.urlFrom);
  const fault = secretUrl === null ? null : urlFault(secretUrl);
  if (fault !== null) refuse('urlFrom', `its value ${fault}`);
  const url = secretUrl !== null && fault === null ? new URL(secretUrl) : written;
  if (url !== undefined) checkUrl(config, url, config.urlFrom === undefined ? 'url' : 'urlFrom', refuse);
  const secrets = config.type === 'webhook' ? [config.secretFrom, config.previousSecretFrom] : [];
  const keys = secrets.flatMap((reference, index) => {
    const setting = index === 0 ? 'secretFrom' : 'previousSecretFrom';
    const text = secretOf(setting, reference);
    const parsed = text === null ? null : parseWebhookSecret(text);
    if (parsed?.ok === false) refuse(setting, `its value ${parsed.message}`);
    return parsed?.ok ? [parsed.key] : [];
  });
  return { ...nothing, ca, keys, urls: url === undefined ? [] : [url] };
}

/** What can be told of an address before anything is sent there. Never names it: it may be a secret. */
function checkUrl(
  config: Exclude<ChannelConfig, { type: 'signals' }>,
  url: URL,
  setting: string,
  refuse: Refuse,
): void {
  if (url.protocol === 'http:' && config.type !== 'alertmanager' && !config.allowHttp)
    refuse(setting, 'must begin with https://, or set allowHttp: true');
  const fault = literalFault(createAddressPolicy(config.allowAddresses), url.hostname);
  if (fault !== null) refuse(setting, `is not a public address: ${fault.message}. Name it in allowAddresses`);
}
