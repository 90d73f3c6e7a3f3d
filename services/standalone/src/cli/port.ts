import { createServer } from 'node:net';
import { MichinoriError } from '@michinori/runtime';
import type { StandaloneConfig } from '../config.ts';

/** Why an address can't be listened on (`EADDRINUSE`, …), or null if it can be. */
export function whyNotListen({ host, port }: Pick<StandaloneConfig, 'host' | 'port'>): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}

/** Says what is wrong with an address, and what to do, before anything has been opened. */
export async function assertPortIsFree(config: Pick<StandaloneConfig, 'host' | 'port'>): Promise<void> {
  const { host, port } = config;
  const reason = await whyNotListen(config);
  if (reason === null) return;
  const what =
    {
      EADDRINUSE: `Port ${port} of ${host} is taken by another program (perhaps another Michinori).`,
      EACCES: `This user may not listen on port ${port}.`,
      EADDRNOTAVAIL: `${host} is no address of this machine.`,
    }[reason] ?? `It is not possible to listen on ${host}:${port} (${reason}).`;
  throw new MichinoriError('port_not_free', `${what} Choose another one: --port ${port + 1}, or --port 0 for any.`);
}
