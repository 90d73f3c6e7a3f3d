import { exitCodes, type LoadedConfig } from '@michinori/runtime';
import type { StandaloneConfig } from '../../config.ts';
import { type Io, printJson } from '../io.ts';
import { commandLogger } from '../stores-command.ts';
import { checkDemo } from './demo.ts';
import { checkDisk } from './disk.ts';
import { describeFinding } from './finding.ts';
import { checkFolder } from './folder.ts';
import { checkKeys } from './keys.ts';
import { checkNode } from './node.ts';
import { checkServers, isOnServers } from './servers.ts';
import { checkStores } from './stores.ts';

/** `michinori doctor`: looks at everything that this deployment needs. Exit code 1 if something is broken. */
export async function doctorCommand(
  io: Io,
  { config }: LoadedConfig<StandaloneConfig>,
  flags: { json: boolean },
): Promise<number> {
  const folder = await checkFolder(config.data);
  const logger = commandLogger(io, config);
  const findings = [
    checkNode(process.versions.node),
    folder,
    ...(isOnServers(config) ? [] : [await checkDisk(config)]),
    checkKeys(config),
    ...checkDemo(config.data),
    ...(isOnServers(config) ? await checkServers(config, logger) : []),
    ...(isOnServers(config) || folder.state === 'error' ? [] : await checkStores(config, logger)),
  ];
  if (flags.json) printJson(io, findings);
  else for (const finding of findings) io.out(describeFinding(finding));
  return findings.some(({ state }) => state === 'error') ? exitCodes.failure : exitCodes.ok;
}
