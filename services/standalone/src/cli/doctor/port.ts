import type { StandaloneConfig } from '../../config.ts';
import { whyNotListen } from '../port.ts';
import type { Finding } from './finding.ts';

/** Whether the address is free, or belongs to the process that runs already. */
export async function checkPort(config: Pick<StandaloneConfig, 'host' | 'port'>, running?: string): Promise<Finding> {
  const place = `${config.host}:${config.port}`;
  const runsHere = running !== undefined && new URL(running).port === String(config.port);
  const reason = await whyNotListen(config);
  if (runsHere) return { check: 'port', state: 'ok', detail: `${place} is in use by the running process` };
  if (reason === null) return { check: 'port', state: 'ok', detail: `${place} is free` };
  const detail = reason === 'EADDRINUSE' ? `${place} is taken by another program` : `${place}: ${reason}`;
  return { check: 'port', state: 'warning', detail, mend: 'choose another with --port' };
}
