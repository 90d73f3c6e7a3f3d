import { createSilentLogger, isLoopback } from '@michinori/runtime';
import { openKeyStore } from '../../compose.ts';
import type { StandaloneConfig } from '../../config.ts';
import { type Finding, messageOf } from './finding.ts';

/** Whether the key file is readable, and whether there are keys where they are needed. */
export function checkKeys(config: StandaloneConfig): Finding {
  try {
    const active = openKeyStore(config, createSilentLogger()).activeCount();
    const detail = `${active} active ${active === 1 ? 'key' : 'keys'}, listening on ${config.host}`;
    if (active > 0 || isLoopback(config.host)) return { check: 'keys', state: 'ok', detail };
    return { check: 'keys', state: 'error', detail, mend: 'michinori keys create --scope admin' };
  } catch (error) {
    const mend = 'restore the file from a backup, or move it away and make new keys';
    return { check: 'keys', state: 'error', detail: messageOf(error), mend };
  }
}
