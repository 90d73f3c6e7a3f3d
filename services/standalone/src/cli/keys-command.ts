import { type KeyScope, keyScopes, openKeys } from '@michinori/runtime';
import type { StandaloneConfig } from '../config.ts';
import { drawTable } from '../terminal/table.ts';
import { type Io, printJson } from './io.ts';
import { commandLogger } from './stores-command.ts';
import { UsageError } from './usage-error.ts';

/** `michinori keys create`: shows the key once; only a hash is kept. */
export function createKeyCommand(
  io: Io,
  config: StandaloneConfig,
  flags: { name: string; scope: string[]; json: boolean },
): number {
  const scopes = flags.scope.flatMap((text) => text.split(','));
  const wrong = scopes.find((scope) => !keyScopes.some((known) => known === scope));
  if (scopes.length === 0 || wrong !== undefined) {
    throw new UsageError(
      `--scope is one or more of ${keyScopes.join(', ')}${wrong === undefined ? '' : `, not "${wrong}"`}.`,
    );
  }
  const { key, description } = openKeys(config, commandLogger(io, config)).create({
    name: flags.name,
    scopes: scopes as KeyScope[],
  });
  if (flags.json) printJson(io, { key, ...description });
  else {
    io.out(`${key}\n`);
    io.err(
      `The key "${description.name}" may ${description.scopes.join(', ')}. It is shown this once; only a hash of it is kept.\n`,
    );
  }
  return 0;
}

/** `michinori keys list` */
export function listKeysCommand(io: Io, config: StandaloneConfig, flags: { json: boolean }): number {
  const keys = openKeys(config, commandLogger(io, config)).list();
  if (flags.json) printJson(io, keys);
  else if (keys.length === 0)
    io.out('There are no keys; on a loopback address none is needed. Make one: michinori keys create --scope ingest\n');
  else {
    const rows = keys.map(({ prefix, name, scopes, createdAt, revokedAt }) => [
      prefix,
      name,
      scopes.join(','),
      createdAt,
      revokedAt ?? '',
    ]);
    io.out(`${drawTable(['prefix', 'name', 'scopes', 'created', 'revoked'], rows)}\n`);
  }
  return 0;
}

/** `michinori keys revoke PREFIX`: running processes notice within a second. */
export function revokeKeyCommand(io: Io, config: StandaloneConfig, prefix: string, flags: { json: boolean }): number {
  const wasRevoked = openKeys(config, commandLogger(io, config)).revoke(prefix);
  if (flags.json) printJson(io, { prefix, revoked: wasRevoked });
  else
    io.out(
      wasRevoked ? `The key ${prefix} is revoked.\n` : `There is no active key ${prefix}; see michinori keys list.\n`,
    );
  return wasRevoked ? 0 : 1;
}
