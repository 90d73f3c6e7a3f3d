import type { Finding } from './finding.ts';

/** Whether this Node is new enough. */
export function checkNode(nodeVersion: string): Finding {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const detail = `Node ${nodeVersion}`;
  if (major > 20 || (major === 20 && minor >= 19)) return { check: 'node', state: 'ok', detail };
  return { check: 'node', state: 'error', detail, mend: 'install Node 20.19 or newer' };
}
