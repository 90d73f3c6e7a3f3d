import { BlockList, isIP } from 'node:net';
import { MichinoriError } from './michinori-error.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether an address or host name can be reached from this machine only. `0.0.0.0`, `::` and any other name cannot. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (bare === 'localhost') return true;
  const family = isIP(bare);
  return family !== 0 && loopback.check(bare, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Refuses to serve the network without keys: on a loopback address keys are optional, on any other address at least one
 * active key must exist. Throws `listen_without_keys` with the way out.
 */
export function assertListenAddress({ host, activeKeys }: { host: string; activeKeys: number }): void {
  if (activeKeys > 0 || isLoopback(host)) return;
  throw new MichinoriError(
    'listen_without_keys',
    `Refusing to listen on ${host}: it can be reached from other machines and no API key exists. ` +
      'Create one with "michinori keys create --scope ingest", or listen on 127.0.0.1.',
  );
}
