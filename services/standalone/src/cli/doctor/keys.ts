import { createSilentLogger, isLoopback, openKeys } from '@michinori/runtime';
import type { StandaloneConfig } from '../../config.ts';
import { type Finding, messageOf } from './finding.ts';
import { isOnServers } from './servers.ts';

/** Whether the key file is readable, and whether there are keys where they are needed. */
export function checkKeys(config: StandaloneConfig): Finding {
  try {
    const active = openKeys(config, createSilentLogger()).activeCount();
    const hosts = isOnServers(config) ? [config.ingest.host, config.queryApi.host] : [config.host];
    const detail = `${active} active ${active === 1 ? 'key' : 'keys'}, listening on ${[...new Set(hosts)].join(' and ')}`;
    if (active > 0 || hosts.every(isLoopback)) return { check: 'keys', state: 'ok', detail };
    return { check: 'keys', state: 'error', detail, mend: 'michinori keys create --scope admin' };
  } catch (error) {
    const mend = 'restore the file from a backup, or move it away and make new keys';
    return { check: 'keys', state: 'error', detail: messageOf(error), mend };
  }
}
